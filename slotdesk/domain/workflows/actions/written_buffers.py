"""
Buffers as calendar entries of their own, before and after the appointment's: docs/decisions/0015.

The technician may shorten one or take it out. What they did stays: a shortened one moves along as short as it is, and
one that is gone, or was dragged elsewhere, is left to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.connections.models import Calendar, ExternalLink
from slotdesk.domain.connections.operations import keep_link
from slotdesk.domain.connections.queries import find_link
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.ports.psa import Entry, Psa, TicketRef


@dataclass(frozen=True, slots=True)
class _Buffer:
    """One side of an appointment. side: before | after."""

    side: str
    length: timedelta

    def around(self, appointment: Appointment, length: timedelta) -> tuple[datetime, datetime]:
        if self.side == "before":
            return appointment.starts_at - length, appointment.starts_at
        return appointment.ends_at, appointment.ends_at + length


def has_buffers(appointment: Appointment) -> bool:
    """Whether the request's terms have buffers written, and there are any."""
    return any(_buffers(appointment))


def write_buffers(
    appointment: Appointment, *, calendar: Calendar, subject: str, kind: str, ticket: TicketRef, title: str
) -> None:
    """
    Make the calendar have the buffers where the appointment is now, except those that the technician has taken over.

    subject, kind   of the external link of the appointment's own entry. Raises ports.errors.
    """
    psa = open_psa(calendar.connection, seconds=PATIENT)
    for buffer in _buffers(appointment):
        name = f"{subject}:{buffer.side}"
        known = find_link(calendar.connection, kind=kind, subject=name)
        length = buffer.length if known is None else _length_now(psa, calendar, known, buffer, appointment)
        if length is None:
            if known is not None and known.starts_at is not None:
                # Its id is kept, so that a cancellation clears away also what was dragged elsewhere.
                keep_link(connection=calendar.connection, kind=kind, subject=name, external_id=known.external_id)
            continue
        starts_at, ends_at = buffer.around(appointment, length)
        entry_id = psa.ensure_entry(
            uid=name,
            known_id=known.external_id if known else "",
            ticket=ticket,
            member_id=calendar.external_id,
            starts_at=starts_at,
            ends_at=ends_at,
            title=f"Buffer {buffer.side}: {title}",
        )
        keep_link(
            connection=calendar.connection,
            kind=kind,
            subject=name,
            external_id=entry_id,
            starts_at=starts_at,
            ends_at=ends_at,
        )


def _buffers(appointment: Appointment) -> Iterator[_Buffer]:
    terms = FrozenTerms.model_validate(appointment.request.terms)
    if not terms.writes_buffers:
        return
    for side, minutes in (("before", terms.buffer_before_minutes), ("after", terms.buffer_after_minutes)):
        if minutes:
            yield _Buffer(side, timedelta(minutes=minutes))


def _length_now(
    psa: Psa, calendar: Calendar, known: ExternalLink, buffer: _Buffer, appointment: Appointment
) -> timedelta | None:
    """How long the technician has left it; None when it is theirs now: taken out, or not where we had put it."""
    if known.starts_at is None or known.ends_at is None:
        return None
    # Where we left it, or, after a run that was interrupted, where we had moved it to already.
    for starts_at, ends_at in ((known.starts_at, known.ends_at), buffer.around(appointment, buffer.length)):
        entry = _find(psa, calendar, known.external_id, starts_at, ends_at)
        if entry is not None:
            return entry.ends_at - entry.starts_at
    return None


def _find(psa: Psa, calendar: Calendar, entry_id: str, starts_at: datetime, ends_at: datetime) -> Entry | None:
    entries = psa.list_entries(calendar.external_id, starts_at, ends_at)
    return next((entry for entry in entries if entry.id == entry_id), None)
