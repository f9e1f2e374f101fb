"""Booking without an invitation: what links need to remember."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from slotdesk.domain.tenants.ids import new_id
from slotdesk.domain.tenants.models import Account


def proof_id() -> str:
    return new_id("prof")


class EmailProof(models.Model):
    """
    A visitor's attempt to prove an e-mail address by a code that is sent to it.

    ticket_number   the ticket that the address must belong to; empty = any address will do
    ticket          what the PSA says of that ticket and the visitor, once the address was found to belong to it:
                    {"number": …, "summary": …, "company": …, "contact_id": …, "name": …, "phone": …}
    state           waiting = a job has to look and to write; refused = the address does not belong to the ticket, which
                    the visitor is not told; sent; proved
    tries           wrong codes so far
    """

    class State(models.TextChoices):
        WAITING = "waiting", "To be sent"
        REFUSED = "refused", "Not sent: the address does not belong to the ticket"
        SENT = "sent", "Sent"
        PROVED = "proved", "Proved"

    public_id = models.CharField(max_length=32, unique=True, default=proof_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    email = models.EmailField()
    ticket_number = models.CharField(max_length=40, blank=True)
    ticket = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects: ClassVar[models.Manager[EmailProof]] = ScopedManager(account="account")

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], condition=models.Q(state="waiting"), name="proof_waiting"),
            models.Index(fields=["account", "email"], name="proof_by_email"),
        ]

    def __str__(self) -> str:
        return self.public_id
