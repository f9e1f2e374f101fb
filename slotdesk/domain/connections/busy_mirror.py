"""
The mirror of calendars: pages ask it instead of the vendor.

A calendar that could not be read lately is unknown, never free. What is about to be written over is read again first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from slotdesk.domain.connections.models import BusyPeriod, Calendar
from slotdesk.domain.connections.operations import note_failure, note_success
from slotdesk.domain.connections.registry import PATIENT, PROMPT, open_psa
from slotdesk.ports import errors
from slotdesk.ports.psa import Entry

# How far ahead calendars are mirrored; nothing later is offered.
HORIZON = timedelta(days=92)
# What began before now but still runs, and buffers that reach back.
LOOK_BACK = timedelta(days=2)
# A mirror older than this is not trusted any more.
TRUSTED_FOR = timedelta(minutes=15)
# A mirror older than this is read again in the background.
FRESH_FOR = timedelta(minutes=2)


def read_calendar(*, calendar: Calendar, now: datetime) -> None:
    """Read the whole horizon of one calendar. Raises ports.errors.PortError, after noting it with the calendar."""
    starts_at, ends_at = now - LOOK_BACK, now + HORIZON
    Calendar.objects.filter(pk=calendar.pk).update(is_changed=False)  # what changes while we read counts again
    entries = _read(calendar, starts_at, ends_at, seconds=PATIENT, now=now)
    with transaction.atomic(durable=True):
        Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
        _follow(calendar, entries, BusyPeriod.objects.filter(calendar=calendar))
        Calendar.objects.filter(pk=calendar.pk).update(
            synced_at=now, read_from=starts_at, read_until=ends_at, problem=""
        )


def refresh_busy(*, calendars: Iterable[Calendar], starts_at: datetime, ends_at: datetime, now: datetime) -> set[int]:
    """
    Read a short period of these calendars again, promptly, and return the ids of those that could not be read.

    For the moment before a booking: what the mirror missed is found, and what cannot be read is unknown.
    """
    unread = set()
    for calendar in calendars:
        try:
            entries = _read(calendar, starts_at, ends_at, seconds=PROMPT, now=now)
        except errors.PortError:
            unread.add(calendar.pk)
            continue
        overlapping = Q(starts_at__lt=ends_at, ends_at__gt=starts_at) | Q(external_id__in=[item.id for item in entries])
        with transaction.atomic(durable=True):
            Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
            _follow(calendar, entries, BusyPeriod.objects.filter(overlapping, calendar=calendar))
    return unread


def _read(
    calendar: Calendar, starts_at: datetime, ends_at: datetime, *, seconds: float, now: datetime
) -> Sequence[Entry]:
    connection = calendar.connection
    try:
        entries = open_psa(connection, seconds=seconds).list_entries(calendar.external_id, starts_at, ends_at)
    except errors.PortError as error:
        Calendar.objects.filter(pk=calendar.pk).update(problem=str(error)[:300])
        note_failure(connection=connection, error=error, now=now)
        raise
    note_success(connection=connection, now=now)
    return entries


def _follow(calendar: Calendar, entries: Sequence[Entry], stored: Iterable[BusyPeriod]) -> None:
    """Make the stored rows equal to the entries, touching only what differs."""
    wanted = {
        entry.id: BusyPeriod(
            calendar=calendar,
            external_id=entry.id,
            starts_at=entry.starts_at,
            ends_at=entry.ends_at,
            kind=entry.kind.value,
            title="" if entry.is_private else entry.title[:255],
        )
        for entry in entries
        if entry.ends_at > entry.starts_at
    }
    gone = []
    for row in stored:
        entry_row = wanted.get(row.external_id)
        if entry_row is not None and _same(row, entry_row):
            del wanted[row.external_id]
        else:
            gone.append(row.pk)
    BusyPeriod.objects.filter(pk__in=gone).delete()
    BusyPeriod.objects.bulk_create(wanted.values())


def _same(row: BusyPeriod, other: BusyPeriod) -> bool:
    return (row.starts_at, row.ends_at, row.kind, row.title) == (
        other.starts_at,
        other.ends_at,
        other.kind,
        other.title,
    )
