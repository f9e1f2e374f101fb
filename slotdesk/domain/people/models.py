"""The people who take appointments, and when they work."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from slotdesk.domain.tenants.ids import new_id
from slotdesk.domain.tenants.models import Account, Membership


def agent_id() -> str:
    return new_id("agnt")


class HolidayList(models.Model):
    """Days on which the agents who use the list do not work."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=80, blank=True, help_text="Whose list it mirrors, such as connectwise:3.")

    objects: ClassVar[models.Manager[HolidayList]] = ScopedManager(account="account")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "source"], condition=~models.Q(source=""), name="holiday_list_source_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """One date of a list; with start and end (minutes since local midnight) only that part of it."""

    holiday_list = models.ForeignKey(HolidayList, on_delete=models.CASCADE, related_name="holidays")
    date = models.DateField()
    name = models.CharField(max_length=120)
    start = models.PositiveSmallIntegerField(null=True)
    end = models.PositiveSmallIntegerField(null=True)

    objects: ClassVar[models.Manager[Holiday]] = ScopedManager(account="holiday_list__account")

    class Meta:
        indexes = [models.Index(fields=["holiday_list", "date"], name="holiday_by_date")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Agent(models.Model):
    """
    A person of the account who can be booked.

    membership   their sign-in, if they have one
    hours        [{"days": [1, 2], "start": "09:00", "end": "17:00"}]: ISO weekdays, wall clock of `zone`; see hours.py
    """

    class HoursFrom(models.TextChoices):
        PSA = "psa", "From the PSA"
        OWN = "own", "Own hours"

    public_id = models.CharField(max_length=32, unique=True, default=agent_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="agents")
    membership = models.OneToOneField(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    slug = models.SlugField(max_length=60)
    zone = models.CharField(max_length=64)
    hours = models.JSONField(default=list)
    hours_from = models.CharField(max_length=8, choices=HoursFrom.choices, default=HoursFrom.PSA)
    holiday_list = models.ForeignKey(HolidayList, on_delete=models.SET_NULL, null=True, blank=True)
    is_schedulable = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Agent]] = ScopedManager(account="account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "slug"], name="agent_slug_once")]

    def __str__(self) -> str:
        return self.name
