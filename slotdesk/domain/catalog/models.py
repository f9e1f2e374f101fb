"""Appointment types: the template that a scheduling request is made from."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from slotdesk.availability.terms import Unit
from slotdesk.domain.catalog.new_contacts import NewContacts
from slotdesk.domain.events.own_texts import in_spoken
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.ids import new_id
from slotdesk.domain.tenants.models import Account


def type_id() -> str:
    return new_id("apty")


UNIT_WORDS = {
    Unit.MINUTES: pgettext_lazy("staff", "minutes"),
    Unit.HOURS: pgettext_lazy("staff", "hours"),
    Unit.DAYS: pgettext_lazy("staff", "days"),
    Unit.BUSINESS_HOURS: pgettext_lazy("staff", "business hours"),
    Unit.BUSINESS_DAYS: pgettext_lazy("staff", "business days"),
}
_UNITS = [(unit.value, UNIT_WORDS[unit]) for unit in Unit]
# The notice for changes is counted back from a start that stands, whoever takes it: nobody's business hours apply.
_CLOCK_UNITS = [(unit.value, UNIT_WORDS[unit]) for unit in (Unit.MINUTES, Unit.HOURS, Unit.DAYS)]
_LONG_UNITS = [(unit.value, UNIT_WORDS[unit]) for unit in (Unit.HOURS, Unit.DAYS)]


class AppointmentType(models.Model):
    """
    The rules of one kind of meeting. Edits touch only requests made later: each request keeps a frozen copy.

    internal_name   for staff, ticket notes; external_name for clients, the internal one where empty
    window          amount 0 = no limit
    change_notice   until how long before the start clients may move or cancel; amount 0 = until it starts
    reminders       to clients who have not answered: [{"after_minutes": 1440, "template": ""}, ...], at most two
    appointment_reminders   before the start: [{"before_minutes": 60, "template": ""}, ...], at most two
    templates       e-mail templates other than the built-in ones: {"invitation": "tmpl_...", ...}
    labels          texts of the booking form other than ours: {"name": "Your full name", ...}
    translations    of what clients read of it, see own_texts.py and events/own_texts.py
    meeting_url     where everybody meets, when the meeting is held under one link
    shareable       what its shareable links make in the PSA; off: there are none
    new_contacts    who may book by a shareable link, and what is done for a client whom the PSA does not know; with it
                    the PSA's ids of what is made: company_type_id, company_status_id, catch_all_company_id, whose name
                    is kept to be shown
    board_id        of the ticket that is made, with ticket_type_id, priority_id, and ticket_summary (empty = the type
                    and the client); activity_type_id of an activity. An empty id is the PSA's own default.
    checks_email    who books by a shareable link proves the address first, once a browser
    redirect_url    where the browser goes after a booking by link; empty = to the appointment's page
    workflow        what Workflow Mode edits, see catalog/workflow.py; None = classic: it follows from the settings
    """

    class Place(models.TextChoices):
        PHONE = "phone", pgettext_lazy("staff", "Phone call")
        REMOTE = "remote", pgettext_lazy("staff", "Remote session")
        ONSITE = "onsite", pgettext_lazy("staff", "In person")

    class MovedTo(models.TextChoices):
        SAME = "same", pgettext_lazy("staff", "The same person")
        ANYBODY = "anybody", pgettext_lazy("staff", "The same person if free, otherwise anybody who was asked")

    class PhoneRule(models.TextChoices):
        OFF = "off", pgettext_lazy("staff", "Do not ask")
        OPTIONAL = "optional", pgettext_lazy("staff", "Optional")
        REQUIRED = "required", pgettext_lazy("staff", "Required")

    class Meeting(models.TextChoices):
        NONE = "none", pgettext_lazy("staff", "No online meeting")
        LINK = "link", pgettext_lazy("staff", "One link for every appointment")
        PERSONAL = "personal", pgettext_lazy("staff", "The link of whoever takes the appointment")

    class Shareable(models.TextChoices):
        OFF = "off", pgettext_lazy("staff", "Off: nobody can book it without a ticket")
        TICKET = "ticket", pgettext_lazy("staff", "On: a booking creates a ticket")
        ACTIVITY = "activity", pgettext_lazy("staff", "On: a booking creates an activity")

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
    reminders = models.JSONField(default=list)
    appointment_reminders = models.JSONField(default=list)
    no_response_amount = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(8760)], help_text="0 = never."
    )
    no_response_unit = models.CharField(max_length=16, choices=_LONG_UNITS, default=Unit.DAYS.value)
    no_response_closes = models.BooleanField(
        default=False, help_text="The request is closed as well: its link can no longer be used."
    )
    ends_with_ticket = models.BooleanField(
        default=False, help_text="Once the ticket is closed, an open request is closed and an appointment cancelled."
    )
    writes_buffers = models.BooleanField(
        default=False, help_text="The buffers are written into the calendar as entries of their own."
    )
    meeting = models.CharField(max_length=10, choices=Meeting.choices, default=Meeting.NONE)
    meeting_url = models.URLField(max_length=500, blank=True)
    asks_note = models.BooleanField(default=True, help_text="The client may write a message.")
    asks_guests = models.BooleanField(default=True, help_text="The client may name guests.")
    labels = models.JSONField(default=dict)
    translations = models.JSONField(default=dict)
    templates = models.JSONField(default=dict)
    workflow = models.JSONField(null=True)
    is_silent = models.BooleanField(default=False, help_text="The client is sent no e-mail.")
    shareable = models.CharField(max_length=10, choices=Shareable.choices, default=Shareable.OFF)
    new_contacts = models.CharField(
        max_length=16, choices=[(each.value, each.label) for each in NewContacts], default=NewContacts.CREATE.value
    )
    company_type_id = models.CharField(max_length=60, blank=True)
    company_status_id = models.CharField(max_length=60, blank=True)
    catch_all_company_id = models.CharField(max_length=60, blank=True)
    catch_all_company_name = models.CharField(max_length=160, blank=True)
    board_id = models.CharField(max_length=60, blank=True)
    ticket_type_id = models.CharField(max_length=60, blank=True)
    priority_id = models.CharField(max_length=60, blank=True)
    ticket_summary = models.CharField(max_length=100, blank=True)
    activity_type_id = models.CharField(max_length=60, blank=True)
    checks_email = models.BooleanField(default=True, help_text="Clients prove their e-mail address by a code.")
    redirect_url = models.URLField(max_length=500, blank=True)
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
    def needs_proof(self) -> bool:
        """Whether visitors of its shareable links prove their address: always where they would learn who is known."""
        return self.checks_email or NewContacts(self.new_contacts).may_refuse

    @property
    def change_notice(self) -> timedelta:
        """A day is 24 hours, also in the nights when clocks change."""
        return self.change_notice_amount * timedelta(**{self.change_notice_unit: 1})

    @property
    def no_response_deadline(self) -> timedelta:
        """How long after the invitation a client who has not booked is given up; 0 = never."""
        return self.no_response_amount * timedelta(**{self.no_response_unit: 1})

    @property
    def client_name(self) -> str:
        """What clients read."""
        return self.external_name or self.internal_name

    @property
    def spoken_name(self) -> str:
        """The same in the language that is spoken."""
        return in_spoken(self.translations, "name", self.client_name)

    @property
    def spoken_description(self) -> str:
        return in_spoken(self.translations, "description", self.description)


class TypeResource(models.Model):
    """An agent or a team that may be asked for with a type. A type without any may be used with everybody."""

    appointment_type = models.ForeignKey(AppointmentType, on_delete=models.CASCADE, related_name="resources")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, null=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True)

    objects: ClassVar[models.Manager[TypeResource]] = ScopedManager(account="appointment_type__account")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment_type", "agent"], name="type_agent_once"),
            models.UniqueConstraint(fields=["appointment_type", "team"], name="type_team_once"),
            models.CheckConstraint(
                condition=models.Q(agent=None, team__isnull=False) | models.Q(agent__isnull=False, team=None),
                name="type_resource_agent_or_team",
            ),
        ]

    def __str__(self) -> str:
        return str(self.agent or self.team)


class Question(models.Model):
    """
    What a type asks the client besides name and number. Requests keep a frozen copy in their terms.

    key       stable and unique in the type; answers, conditions and templates name it
    options   of a choice, in order
    """

    class Kind(models.TextChoices):
        TEXT = "text", pgettext_lazy("staff", "Short text")
        PARAGRAPH = "paragraph", pgettext_lazy("staff", "Long text")
        CHOICE = "choice", pgettext_lazy("staff", "Choice")
        NUMBER = "number", pgettext_lazy("staff", "Number")
        PHONE = "phone", pgettext_lazy("staff", "Phone number")
        CHECKBOX = "checkbox", pgettext_lazy("staff", "Checkbox")

    appointment_type = models.ForeignKey(AppointmentType, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=160)
    help_text = models.CharField(max_length=250, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TEXT)
    options = models.JSONField(default=list)
    is_required = models.BooleanField(default=False)
    is_written_to_ticket = models.BooleanField(default=True)

    objects: ClassVar[models.Manager[Question]] = ScopedManager(account="appointment_type__account")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment_type", "key"], name="question_key_once"),
        ]

    def __str__(self) -> str:
        return self.label
