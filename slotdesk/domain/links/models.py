"""Booking without an invitation: what links need to remember, and the pages that lead to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, cast

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.events.own_texts import in_spoken
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.ids import new_id, random_text
from slotdesk.domain.tenants.models import Account, Membership


def proof_id() -> str:
    return new_id("prof")


# For so long whoever wants to be told that a time opens is waited for.
WAITS_FOR = timedelta(days=30)


def alert_token() -> str:
    return random_text(20)


def signed_link_id() -> str:
    return new_id("slnk")


class EmailProof(models.Model):
    """
    A visitor's attempt to prove an e-mail address by a code that is sent to it.

    ticket_number   the ticket that the address must belong to; empty = any address will do
    ticket          what the PSA says of that ticket and the visitor, once the address was found to belong to it:
                    {"number": …, "summary": …, "company": …, "contact_id": …, "name": …, "phone": …, "is_closed": …}
    state           waiting = a job has to look and to write; refused = the address does not belong to the ticket, which
                    the visitor is not told; sent; proved
    tries           wrong codes so far
    language        of the page that asked for the code, and of the e-mail that brings it
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("staff", "To be sent")
        REFUSED = "refused", pgettext_lazy("staff", "Not sent: the address does not belong to the ticket")
        SENT = "sent", pgettext_lazy("staff", "Sent")
        PROVED = "proved", pgettext_lazy("staff", "Proved")

    public_id = models.CharField(max_length=32, unique=True, default=proof_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    email = models.EmailField()
    ticket_number = models.CharField(max_length=40, blank=True)
    ticket = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    language = models.CharField(max_length=10, blank=True)
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


class SignedLink(models.Model):
    """
    A link that staff made for one client or for one ticket; what proves it is in its address only, see signed.py.

    resources      the public ids of whom it asks, in order
    ticket_number  a time is booked for that ticket; empty = without a ticket, for one client. With it what the PSA says
                   of the ticket when the link was made.
    email …        of a client's link who books by it; of a ticket's link what its form begins with. contact_id: theirs
                   in the PSA, empty = as the address says
    opens_at       None = at once
    """

    public_id = models.CharField(max_length=32, unique=True, default=signed_link_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    appointment_type = models.ForeignKey(AppointmentType, on_delete=models.CASCADE)
    resources = models.JSONField()
    ticket_number = models.CharField(max_length=40, blank=True)
    ticket_kind = models.CharField(max_length=20, blank=True)
    ticket_id = models.CharField(max_length=60, blank=True)
    ticket_summary = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=160, blank=True)
    email = models.EmailField(blank=True)
    company = models.CharField(max_length=160, blank=True)
    contact_id = models.CharField(max_length=60, blank=True)
    opens_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    maker = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True)
    made_by = models.CharField(max_length=160)
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[SignedLink]] = ScopedManager(account="account")

    class Meta:
        indexes = [
            models.Index(fields=["account", "-made_at", "-id"], name="signed_link_newest_first"),
            models.Index(fields=["account", "ticket_id"], name="signed_link_by_ticket"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(email="") | ~models.Q(ticket_number=""), name="signed_link_for_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def last_day(self) -> datetime:
        """A moment of its last day, which ends when the next one begins."""
        return self.expires_at - timedelta(seconds=1)


class PublicPage(models.Model):
    """
    A person's or a team's own page for clients, see pages.py. Who has no row has an empty one, switched off.

    title         empty = made from the name
    description   what search engines and messengers show; empty = the beginning of the text
    translations  see events/own_texts.py; what it says of a type is called "entry.<the type's id>"
    is_listed     search engines may show the page
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, null=True, related_name="public_page")
    team = models.OneToOneField(Team, on_delete=models.CASCADE, null=True, related_name="public_page")
    is_on = models.BooleanField(default=False)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(max_length=1000, blank=True)
    description = models.CharField(max_length=200, blank=True)
    is_listed = models.BooleanField(default=False)
    translations = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[PublicPage]] = ScopedManager(account="account")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agent=None, team__isnull=False) | models.Q(agent__isnull=False, team=None),
                name="public_page_agent_or_team",
            ),
        ]

    def spoken(self, name: str) -> str:
        """Its title, text or description in the language that is spoken."""
        return in_spoken(self.translations, name, getattr(self, name))

    def spoken_entry(self, type_id: str, original: str) -> str:
        """What it says of an appointment type."""
        return in_spoken(self.translations, f"entry.{type_id}", original) if original else ""

    def __str__(self) -> str:
        return f"Page of {self.resource}"

    @property
    def resource(self) -> Agent | Team:
        """Whose page it is."""
        return cast("Agent | Team", self.agent or self.team)  # the table refuses a page of nobody


class PageEntry(models.Model):
    """
    What a page says of one appointment type. A type without an entry comes after those that have one.

    text   empty = the type's own description
    """

    page = models.ForeignKey(PublicPage, on_delete=models.CASCADE, related_name="entries")
    appointment_type = models.ForeignKey(AppointmentType, on_delete=models.CASCADE)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300, blank=True)
    is_hidden = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[PageEntry]] = ScopedManager(account="page__account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "appointment_type"], name="page_entry_once")]

    def __str__(self) -> str:
        return f"{self.appointment_type} on {self.page}"


class OpeningAlert(models.Model):
    """
    Somebody's wish to be told once when a time opens: that of a request's client, or of a visitor of a public link.

    token        the secret of the page that says how it stands and ends it
    about        what is waited for, alike for all who wait for the same: "sreq_…", or of a public link the public ids
                 of type and resources, and the ticket's number
    request      whose link it was; None = a public link, which appointment_type, resources (public ids, in its order)
                 and ticket_number say again
    signed_link  the one by which they came: they are told by it, and no longer than it works
    campaign     as on SchedulingRequest
    email        in lower case; theirs without doubt: the request's, or proved
    zone         the clock they looked at; language: in which they read
    before       only a time that begins earlier will do; None = any
    check_at     when it is looked at next
    claimed_until   a worker is writing to them
    ended_at     None = it waits
    """

    class Ending(models.TextChoices):
        TOLD = "told", pgettext_lazy("staff", "Told")
        BOOKED = "booked", pgettext_lazy("staff", "They have a time")
        CLOSED = "closed", pgettext_lazy("staff", "The request is over, or is somebody else's")
        OFF = "off", pgettext_lazy("staff", "It is not offered any more")
        EXPIRED = "expired", pgettext_lazy("staff", "Nothing opened in time")
        STOPPED = "stopped", pgettext_lazy("staff", "They want to be told no more")
        REFUSED = "refused", pgettext_lazy("staff", "The mail server refused the address")
        REMOVED = "removed", pgettext_lazy("staff", "Staff took them out")

    token = models.CharField(max_length=32, unique=True, default=alert_token, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    about = models.CharField(max_length=255)
    request = models.ForeignKey(SchedulingRequest, on_delete=models.CASCADE, null=True, related_name="opening_alerts")
    appointment_type = models.ForeignKey(AppointmentType, on_delete=models.CASCADE)
    resources = ArrayField(models.CharField(max_length=32), default=list)
    ticket_number = models.CharField(max_length=40, blank=True)
    signed_link = models.ForeignKey(SignedLink, on_delete=models.CASCADE, null=True)
    campaign = models.JSONField(default=dict)
    email = models.EmailField()
    zone = models.CharField(max_length=64)
    language = models.CharField(max_length=16)
    before = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    check_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)

    objects: ClassVar[models.Manager[OpeningAlert]] = ScopedManager(account="account")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "email"], condition=models.Q(ended_at=None), name="opening_alert_once"
            )
        ]
        indexes = [
            models.Index(fields=["check_at"], condition=models.Q(ended_at=None), name="opening_alert_due"),
            models.Index(fields=["account", "email"], name="opening_alert_by_email"),
        ]

    def __str__(self) -> str:
        return self.about

    @property
    def waits_until(self) -> datetime:
        """Nobody is told later than this."""
        latest = self.asked_at + WAITS_FOR
        return min(latest, self.signed_link.expires_at) if self.signed_link else latest
