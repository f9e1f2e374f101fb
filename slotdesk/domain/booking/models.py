"""Scheduling requests, the appointments booked from them, and the time that they take."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.events.own_texts import in_spoken
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.ids import new_id, random_text
from slotdesk.domain.tenants.models import Account


def request_id() -> str:
    return new_id("sreq")


def request_token() -> str:
    return random_text(20)


def appointment_id() -> str:
    return new_id("appt")


class SchedulingRequest(models.Model):
    """
    An invitation to book one appointment.

    token      the secret in the client's link
    origin     how it came about: panel = the client is sent an invitation; link = only a link was made; manual = staff
               booked the time themselves; url = a link that names the ticket; shareable = one that needs no ticket. The
               last three are made when a time is booked.
    language   in which the client reads pages and e-mails, such as "pt-br"; empty = not known yet: the account's
    campaign   what a link's address said of where the client came from: {"utm_source": "newsletter", ...}
    terms      frozen at creation, see catalog/terms.py; workflow likewise, see catalog/workflow.py
    """

    class Status(models.TextChoices):
        NEW = "new", pgettext_lazy("staff", "New")
        SENT = "sent", pgettext_lazy("staff", "Sent")
        SCHEDULED = "scheduled", pgettext_lazy("staff", "Scheduled")
        CANCELLED = "cancelled", pgettext_lazy("staff", "Cancelled")
        CLOSED = "closed", pgettext_lazy("staff", "Closed")

    class Origin(models.TextChoices):
        PANEL = "panel", pgettext_lazy("staff", "Invitation from the ticket")
        LINK = "link", pgettext_lazy("staff", "Link made in the ticket")
        MANUAL = "manual", pgettext_lazy("staff", "Agreed with the client, entered by us")
        URL = "url", pgettext_lazy("staff", "Link that names the ticket")
        SHAREABLE = "shareable", pgettext_lazy("staff", "Shareable link")

        @property
        def begins_booked(self) -> bool:
            """Whether such a request is made together with its appointment: nobody is asked for a time."""
            return self in (self.MANUAL, self.URL, self.SHAREABLE)

    public_id = models.CharField(max_length=32, unique=True, default=request_id, editable=False)
    token = models.CharField(max_length=32, unique=True, default=request_token, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    appointment_type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NEW)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    internal_name = models.CharField(max_length=120)
    external_name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    place = models.CharField(max_length=10)
    phone_rule = models.CharField(max_length=10)
    is_silent = models.BooleanField(default=False)
    terms = models.JSONField()
    workflow = models.JSONField()
    earliest_date = models.DateField(null=True, help_text="Limits of this one request, on the clock of limits_zone.")
    latest_date = models.DateField(null=True)
    earliest_time = models.TimeField(null=True)
    latest_time = models.TimeField(null=True)
    limits_zone = models.CharField(max_length=64, blank=True)
    client_name = models.CharField(max_length=160)
    client_email = models.EmailField()
    client_phone = models.CharField(max_length=40, blank=True)
    company_name = models.CharField(max_length=160, blank=True)
    language = models.CharField(max_length=10, blank=True)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, null=True)
    ticket_kind = models.CharField(max_length=20, blank=True)
    ticket_id = models.CharField(max_length=60, blank=True)
    ticket_number = models.CharField(max_length=40, blank=True)
    ticket_summary = models.CharField(max_length=255, blank=True)
    ticket_url = models.URLField(max_length=500, blank=True)
    company_id = models.CharField(max_length=60, blank=True)
    contact_id = models.CharField(max_length=60, blank=True)
    campaign = models.JSONField(default=dict)
    created_by = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager[SchedulingRequest]] = ScopedManager(account="account")

    class Meta:
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="request_newest_first"),
            models.Index(fields=["connection", "ticket_id"], name="request_by_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.internal_name} for {self.client_name}"

    @property
    def spoken_name(self) -> str:
        """What clients call the appointment, in the language that is spoken."""
        return in_spoken(self.terms.get("translations", {}), "name", self.external_name)

    @property
    def spoken_description(self) -> str:
        return in_spoken(self.terms.get("translations", {}), "description", self.description)

    @property
    def language_name(self) -> str:
        """What the client's language calls itself; empty while it is not known."""
        return dict(settings.LANGUAGES).get(self.language, "")

    @property
    def client_language(self) -> str:
        """The language to write to the client in."""
        return self.language or self.account.language


class RequestResource(models.Model):
    """Whom a request asks for, in order: an agent or a team. With several, all are needed together."""

    request = models.ForeignKey(SchedulingRequest, on_delete=models.CASCADE, related_name="resources")
    position = models.PositiveSmallIntegerField()
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True)

    objects: ClassVar[models.Manager[RequestResource]] = ScopedManager(account="request__account")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "position"], name="request_resource_once"),
            models.CheckConstraint(
                condition=Q(agent=None, team__isnull=False) | Q(agent__isnull=False, team=None),
                name="request_resource_agent_or_team",
            ),
        ]

    def __str__(self) -> str:
        return str(self.agent or self.team)

    @property
    def name(self) -> str:
        """What staff read."""
        return self.agent.name if self.agent else str(self.team)

    @property
    def client_name(self) -> str:
        """What clients read."""
        return self.team.client_name if self.team else str(self.agent)


class Guest(models.Model):
    """
    Somebody else who is told of the appointment. Guests get the details, and no link that changes anything.

    email      in lower case, once per request
    added_by   an agent's name, or the client's with "(client)" behind it
    """

    request = models.ForeignKey(SchedulingRequest, on_delete=models.CASCADE, related_name="guests")
    email = models.EmailField()
    added_by = models.CharField(max_length=160)
    added_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Guest]] = ScopedManager(account="request__account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "email"], name="guest_once")]

    def __str__(self) -> str:
        return self.email


class Appointment(models.Model):
    """
    The booked thing.

    key      what the client's form sent along, so that a double click or a retry finds this appointment again
    zone     the client's clock; wall_start: what it was to show at the start when the time was agreed, see clocks.py
    answers  to the type's questions: [{"key": "device", "label": "Which device?", "value": "Laptop"}, ...]
    """

    public_id = models.CharField(max_length=32, unique=True, default=appointment_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    request = models.ForeignKey(SchedulingRequest, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    wall_start = models.CharField(
        max_length=16, help_text="The start on that clock, as the client read it: 2027-05-03T11:00."
    )
    clock_changed_at = models.DateTimeField(
        null=True, help_text="When it was noticed that the clock will show another time than was read."
    )
    key = models.CharField(max_length=64)
    note = models.TextField(blank=True, help_text="What the client wrote.")
    answers = models.JSONField(default=list)
    meeting_url = models.URLField(max_length=500, blank=True, help_text="Where the online meeting is held.")
    sequence = models.PositiveIntegerField(default=0, help_text="Counts the changes, for calendar invitations.")
    booked_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Appointment]] = ScopedManager(account="account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "key"], name="appointment_key_once")]
        indexes = [
            models.Index(
                fields=["request"], condition=Q(clock_changed_at__isnull=False), name="appointment_clock_changed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} UTC"

    @property
    def is_cancelled(self) -> bool:
        return hasattr(self, "cancellation")


class Cancellation(models.Model):
    """Who called an appointment off, when, and why. An appointment is cancelled when it has one."""

    appointment = models.OneToOneField(Appointment, on_delete=models.CASCADE)
    by = models.CharField(max_length=160)
    reason = models.TextField(blank=True)
    cancelled_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Cancellation]] = ScopedManager(account="appointment__account")

    def __str__(self) -> str:
        return f"by {self.by}"


class Reservation(models.Model):
    """
    One agent, taken for one period. The database refuses a second one that overlaps.

    team                          the team for which the agent was chosen; None = the agent was asked by name
    buffer_before, buffer_after   the appointment's own, which others keep to as well
    released_at                   when the time was given back; None = it is taken
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="reservations")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="reservations")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True)
    during = DateTimeRangeField()
    buffer_before = models.DurationField()
    buffer_after = models.DurationField()
    released_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Reservation]] = ScopedManager(account="account")

    class Meta:
        constraints = [
            # int8range turns equality into overlap, which GiST knows without the btree_gist extension.
            ExclusionConstraint(
                name="reservation_one_agent_one_time",
                expressions=[
                    (Func(F("agent_id"), F("agent_id"), Value("[]"), function="int8range"), RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(released_at=None),
            )
        ]
        indexes = [GistIndex(fields=["during"], name="reservation_by_time")]

    def __str__(self) -> str:
        return f"{self.agent} {self.during}"
