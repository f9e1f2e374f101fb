"""Which of a person's calendars is written to, and which take their time. Told in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from slotdesk.availability.values import BusyKind
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.events.changes import changes_between
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent

# What a vendor may call a stretch of time; our own appointments block in any case.
KINDS = tuple(kind for kind in BusyKind if kind is not BusyKind.APPOINTMENT)


class UnknownCalendar(LookupError):
    """The person has no such calendar."""


class UnknownKind(ValueError):
    """There is no such kind of busy time."""


class NothingBlocks(ValueError):
    """A calendar that is to block must have a kind of entry that does; `calendar_id` says which has none."""

    def __init__(self, calendar_id: int) -> None:
        super().__init__(calendar_id)
        self.calendar_id = calendar_id


@dataclass(frozen=True, slots=True)
class Blocking:
    """Whether a calendar takes its person's time, and which kinds of its entries do (values of KINDS)."""

    is_blocking: bool
    kinds: tuple[str, ...]


@transaction.atomic(durable=True)
def choose_calendars(
    *, agent: Agent, primary_id: int | None, blocking: Mapping[int, Blocking], actor: str, now: datetime
) -> None:
    """
    Say which calendar is written to, and which block. Ids are row ids; calendars that are not named stay as they are.

    The primary calendar blocks always: what is written to it would otherwise be booked over. Without one the person
    cannot be booked. Raises UnknownCalendar, UnknownKind, NothingBlocks.
    """
    # The row of the person serves as the lock, so that two edits cannot make two calendars primary.
    Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
    calendars = {calendar.pk: calendar for calendar in list_calendars(agent)}
    before = _told(calendars)
    if not blocking.keys() | ({primary_id} if primary_id else set()) <= calendars.keys():
        raise UnknownCalendar
    for pk, choice in blocking.items():
        _block(calendars[pk], choice, is_primary=pk == primary_id)
    for calendar in calendars.values():
        calendar.is_primary = calendar.pk == primary_id
        calendar.is_blocking = calendar.is_blocking or calendar.is_primary
    changes = changes_between(before, _told(calendars))
    if not changes:
        return
    # The one that is given up goes first: the database lets nobody have two.
    for calendar in sorted(calendars.values(), key=lambda each: each.is_primary):
        calendar.save(update_fields=["is_primary", "is_blocking", "blocking_kinds"])
    record(
        account=agent.account,
        kind="agent.calendars_changed",
        subject=agent.public_id,
        now=now,
        actor=actor,
        changes=changes,
    )


def list_calendars(agent: Agent) -> QuerySet[Calendar]:
    """The person's calendars with their connections, the primary one first."""
    return (
        Calendar.objects.filter(agent=agent)
        .select_related("connection__account", "agent")
        .order_by("-is_primary", "id")
    )


def _block(calendar: Calendar, choice: Blocking, *, is_primary: bool) -> None:
    if unknown := set(choice.kinds) - {kind.value for kind in KINDS}:
        raise UnknownKind(", ".join(sorted(unknown)))
    if not choice.kinds and (choice.is_blocking or is_primary):
        raise NothingBlocks(calendar.pk)
    calendar.is_blocking = choice.is_blocking or is_primary
    if choice.kinds:
        calendar.blocking_kinds = [kind.value for kind in KINDS if kind.value in choice.kinds]


def _told(calendars: Mapping[int, Calendar]) -> dict[str, object]:
    primary = next((calendar for calendar in calendars.values() if calendar.is_primary), None)
    told: dict[str, object] = {"primary_calendar": str(primary) if primary else None}
    for calendar in calendars.values():
        told[f"blocks: {calendar}"] = ", ".join(calendar.blocking_kinds) if calendar.is_blocking else "no"
    return told
