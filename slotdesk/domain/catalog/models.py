"""Appointment types: the template that a scheduling request is made from."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django_scopes import ScopedManager

from slotdesk.availability.terms import Unit
from slotdesk.domain.tenants.ids import new_id
from slotdesk.domain.tenants.models import Account


def type_id() -> str:
    return new_id("apty")


_UNITS = [(unit.value, unit.value.replace("_", " ")) for unit in Unit]
# The notice for changes is counted back from a start that stands, whoever takes it: nobody's business hours apply.
_CLOCK_UNITS = [(unit.value, unit.value) for unit in (Unit.MINUTES, Unit.HOURS, Unit.DAYS)]


class AppointmentType(models.Model):
    """
    The rules of one kind of meeting. Edits touch only requests made later: each request keeps a frozen copy.

    internal_name   for staff, ticket notes; external_name for clients, the internal one where empty
    window          amount 0 = no limit
    change_notice   until how long before the start clients may move or cancel; amount 0 = until it starts
    """

    class Place(models.TextChoices):
        PHONE = "phone", "Phone call"
        REMOTE = "remote", "Remote session"
        ONSITE = "onsite", "In person"

    class MovedTo(models.TextChoices):
        SAME = "same", "The same person"
        ANYBODY = "anybody", "The same person if free, otherwise anybody who was asked"

    class PhoneRule(models.TextChoices):
        OFF = "off", "Do not ask"
        OPTIONAL = "optional", "Optional"
        REQUIRED = "required", "Required"

    public_id = models.CharField(max_length=32, unique=True, default=type_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    internal_name = models.CharField(max_length=120)
    external_name = models.CharField(max_length=120, blank=True)
    slug = models.SlugField(max_length=60, blank=True)
    description = models.TextField(max_length=2000, blank=True, help_text="Shown to the client above the times.")
    place = models.CharField(max_length=10, choices=Place.choices, default=Place.PHONE)
    phone_rule = models.CharField(max_length=10, choices=PhoneRule.choices, default=PhoneRule.OPTIONAL)
    duration = models.DurationField(default=timedelta(minutes=30))
    increment = models.DurationField(default=timedelta(minutes=15))
    buffer_before = models.DurationField(default=timedelta(0))
    buffer_after = models.DurationField(default=timedelta(0))
    keeps_buffers_in_hours = models.BooleanField(
        default=False, help_text="Buffers must lie within working hours, instead of only being free."
    )
    moved_to = models.CharField(
        max_length=10, choices=MovedTo.choices, default=MovedTo.ANYBODY, help_text="Who may take a moved appointment."
    )
    notice_amount = models.PositiveSmallIntegerField(default=2)
    notice_unit = models.CharField(max_length=16, choices=_UNITS, default=Unit.HOURS.value)
    window_amount = models.PositiveSmallIntegerField(default=30)
    window_unit = models.CharField(max_length=16, choices=_UNITS, default=Unit.DAYS.value)
    clients_may_change = models.BooleanField(
        default=False, help_text="Clients may move and cancel their appointments themselves."
    )
    change_notice_amount = models.PositiveSmallIntegerField(default=2)
    change_notice_unit = models.CharField(max_length=16, choices=_CLOCK_UNITS, default=Unit.HOURS.value)
    daily_maximum = models.PositiveSmallIntegerField(default=0)
    reminder_delays = models.JSONField(default=list, help_text="Hours after the invitation, at most two.")
    no_response_days = models.PositiveSmallIntegerField(
        default=0, validators=[MinValueValidator(0), MaxValueValidator(365)], help_text="0 = never."
    )
    is_silent = models.BooleanField(default=False, help_text="The client is sent no e-mail.")
    is_archived = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager[AppointmentType]] = ScopedManager(account="account")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "slug"], condition=~models.Q(slug=""), name="appointment_type_slug_once"
            ),
        ]

    def __str__(self) -> str:
        return self.internal_name

    @property
    def change_notice(self) -> timedelta:
        """A day is 24 hours, also in the nights when clocks change."""
        return self.change_notice_amount * timedelta(**{self.change_notice_unit: 1})

    @property
    def client_name(self) -> str:
        """What clients read."""
        return self.external_name or self.internal_name
