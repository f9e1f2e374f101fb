"""An account's links to vendors: credentials, health, what was read from them, and what we made there."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from slotdesk.availability.values import BusyKind
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.ids import new_id
from slotdesk.domain.tenants.models import Account


def connection_id() -> str:
    return new_id("conn")


def default_blocking_kinds() -> list[str]:
    """Time marked as free, or as working elsewhere, can be booked; everything else cannot."""
    return [BusyKind.BUSY.value, BusyKind.TENTATIVE.value, BusyKind.OUT_OF_OFFICE.value]


class Connection(models.Model):
    """
    One vendor, connected.

    kind       the integration's folder
    settings   encrypted JSON, see credentials.py
    """

    class State(models.TextChoices):
        WORKING = "working", pgettext_lazy("staff", "Working")
        BROKEN = "broken", pgettext_lazy("staff", "Needs attention")

    public_id = models.CharField(max_length=32, unique=True, default=connection_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=120, help_text="What the vendor calls the customer.")
    version = models.CharField(max_length=60, blank=True)
    settings = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WORKING)
    problem = models.CharField(max_length=300, blank=True, help_text="Why it is broken, in plain words.")
    missing_rights = models.JSONField(default=list, help_text="What the vendor does not let us do, in its own words.")
    left_out = models.JSONField(default=list, help_text="Rights that the last synchronisation did without.")
    hooks_url = models.CharField(
        max_length=300, blank=True, help_text="Where the vendor tells of changes; empty = not."
    )
    checked_at = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Connection]] = ScopedManager(account="account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="connection_kind_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"


class Board(models.Model):
    """A PSA board as last read; `statuses` is [{"id", "name", "is_closed"}] in the board's order."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="boards")
    external_id = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    statuses = models.JSONField(default=list)

    objects: ClassVar[models.Manager[Board]] = ScopedManager(account="connection__account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "external_id"], name="board_once")]

    def __str__(self) -> str:
        return self.name


class Moment(models.TextChoices):
    """The four points of a request's life at which its ticket may change status."""

    CREATED = "created", pgettext_lazy("staff", "After creation")
    SCHEDULED = "scheduled", pgettext_lazy("staff", "After scheduling")
    CANCELLED = "cancelled", pgettext_lazy("staff", "After cancellation")
    NO_RESPONSE = "no_response", pgettext_lazy("staff", "No response")


class PresetStatus(models.Model):
    """The status that a board's tickets take at a moment."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="presets")
    moment = models.CharField(max_length=12, choices=Moment.choices)
    status_id = models.CharField(max_length=60)

    objects: ClassVar[models.Manager[PresetStatus]] = ScopedManager(account="board__connection__account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "moment"], name="preset_status_once")]

    def __str__(self) -> str:
        return f"{self.board} {self.moment}"


class Calendar(models.Model):
    """
    One agent's calendar at a vendor.

    name           what the vendor calls it, a PSA by the person and their login; empty until it is read again
    is_primary     the only one that is written to
    is_blocking    what is in it takes the agent's time, if it is of one of the blocking kinds
    synced_at      when it was last read whole; read_from, read_until: the period that was read
    is_changed     the vendor says that it is not any more what was read
    problem        why the last reading failed; empty = it did not
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="calendars")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="calendars")
    external_id = models.CharField(max_length=255)
    name = models.CharField(max_length=200, blank=True)
    is_primary = models.BooleanField(default=True)
    is_blocking = models.BooleanField(default=True)
    blocking_kinds = ArrayField(
        models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in BusyKind]),
        default=default_blocking_kinds,
    )
    synced_at = models.DateTimeField(null=True)
    read_from = models.DateTimeField(null=True)
    read_until = models.DateTimeField(null=True)
    is_changed = models.BooleanField(default=False)
    problem = models.CharField(max_length=300, blank=True)

    objects: ClassVar[models.Manager[Calendar]] = ScopedManager(account="connection__account")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id"], name="calendar_once"),
            models.UniqueConstraint(
                fields=["agent"], condition=models.Q(is_primary=True), name="calendar_primary_once"
            ),
        ]

    def __str__(self) -> str:
        """What people read wherever calendars are listed; two of one connection never read the same."""
        return f"{self.connection.label}: {self.name or self.external_id}"


class BusyPeriod(models.Model):
    """One entry of a calendar, as last read. A private one has no title."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="busy_periods")
    external_id = models.CharField(max_length=255)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in BusyKind])
    title = models.CharField(max_length=255, blank=True)

    objects: ClassVar[models.Manager[BusyPeriod]] = ScopedManager(account="calendar__connection__account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "external_id"], name="busy_period_once")]
        indexes = [models.Index(fields=["calendar", "ends_at", "starts_at"], name="busy_period_by_time")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.kind}"


class ExternalLink(models.Model):
    """
    What we made at a vendor.

    kind                 entry | note
    subject              our own stable name for it, such as "<appointment>:<agent>"
    starts_at, ends_at   the period of an entry as we last wrote it; an entry that now reads otherwise was moved there
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=120)
    external_id = models.CharField(max_length=255)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[ExternalLink]] = ScopedManager(account="connection__account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "kind", "subject"], name="external_link_once")]
        indexes = [models.Index(fields=["connection", "kind", "external_id"], name="external_link_by_id")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} = {self.external_id}"


class WatchedTicket(models.Model):
    """
    A ticket of a request that is still of interest, as it was last seen; what differs at the next look has changed.

    seen_at              when the last look began: a look that began before it tells nothing new
    changed_at           the vendor says that the ticket has changed; empty once a later look was taken
    expected_status_id   what we ourselves are about to set, so that it is not taken for somebody else's doing
    expected_at          when; an expectation that is not met soon is none
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="watched_tickets")
    kind = models.CharField(max_length=20)
    external_id = models.CharField(max_length=60)
    status_id = models.CharField(max_length=60)
    status_name = models.CharField(max_length=120)
    board_id = models.CharField(max_length=60)
    board_name = models.CharField(max_length=120)
    is_closed = models.BooleanField(default=False)
    seen_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    expected_status_id = models.CharField(max_length=60, blank=True)
    expected_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[WatchedTicket]] = ScopedManager(account="connection__account")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id", "kind"], name="watched_ticket_once"),
        ]
        indexes = [
            models.Index(fields=["connection", "seen_at"], name="watched_ticket_by_look"),
            models.Index(
                fields=["connection", "changed_at"],
                condition=models.Q(changed_at__isnull=False),
                name="watched_ticket_changed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}: {self.status_name}"


class InboundCall(models.Model):
    """
    What a vendor called to tell, its signature verified.

    body         as it came, for whoever must find out what a vendor really sends
    changes      what it says: [{"kind", "id", "is_deleted", "member_id"}], see ports.psa.Change
    handled_at   when what it asks for was done; None = still to do
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="inbound_calls")
    body = models.TextField()
    changes = models.JSONField(default=list)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[InboundCall]] = ScopedManager(account="connection__account")

    class Meta:
        indexes = [
            models.Index(fields=["received_at"], condition=models.Q(handled_at=None), name="inbound_call_to_handle")
        ]

    def __str__(self) -> str:
        return f"{self.connection} {self.received_at:%Y-%m-%d %H:%M:%S}"
