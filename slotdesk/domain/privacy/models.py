"""How long an account keeps what it knows about clients."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django_scopes import ScopedManager

from slotdesk.domain.tenants.models import Account


def _days(default: int, least: int, most: int) -> models.PositiveSmallIntegerField:  # type: ignore[type-arg]
    return models.PositiveSmallIntegerField(
        default=default, validators=[MinValueValidator(least), MaxValueValidator(most)]
    )


class Retention(models.Model):
    """
    After how many days each kind of data goes. An account without a row keeps to the defaults.

    request_days   counted from a request's creation or, if later, the end of its last appointment
    session_days   since the session was last used
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE)
    request_days = _days(730, 30, 3650)
    email_days = _days(365, 7, 3650)
    call_days = _days(7, 1, 7)
    audit_days = _days(1095, 90, 3650)
    session_days = _days(30, 1, 90)

    objects: ClassVar[models.Manager[Retention]] = ScopedManager(account="account")

    def __str__(self) -> str:
        return f"Retention of {self.account}"
