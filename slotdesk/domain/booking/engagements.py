"""What takes agents' time: entries read from calendars, and our own appointments, as the engine takes them."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

from slotdesk.availability.values import BusyColumns, BusyKind
from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.round_trip import Rows, Statement

Details = tuple[BusyKind, str, str]


@dataclass(slots=True)
class Engagements:
    """
    One agent's.

    starts, ends   epoch seconds, in step; own appointments widened by their buffers
    details        kind, source and title of each, or nothing when nobody asked for them
    counts         own appointments of the type that is asked for, per local date
    """

    starts: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))
    details: list[Details] = field(default_factory=list)
    counts: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    def columns(self) -> BusyColumns:
        return BusyColumns(self.starts, self.ends, self.details)


def load_entries(
    agent_ids: Collection[int], first: datetime, last: datetime, *, with_details: bool
) -> dict[int, Engagements]:
    """Return the calendar entries that overlap the period, by agent. with_details: for explanations."""
    found = {agent_id: Engagements() for agent_id in agent_ids}
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES_WITH_DETAILS if with_details else _ENTRIES, [list(agent_ids), last, first])
        for agent_id, source, starts, ends, *details in cursor.fetchall():
            engaged = found[agent_id]
            engaged.starts.extend(starts)
            engaged.ends.extend(ends)
            if with_details:
                kinds, titles = details
                engaged.details.extend(
                    (BusyKind(kind), source, title) for kind, title in zip(kinds, titles, strict=True)
                )
    return found


def reservations_sql(
    agent_ids: Collection[int], first: datetime, last: datetime, *, without: Appointment | None
) -> Statement:
    """
    Return what reads the standing reservations that overlap the period, in the order in which they were made.

    without   an appointment that is left out, because it is being moved
    """
    return _RESERVATIONS, [list(agent_ids), first, last, without.pk if without else 0]


def standing_sql(
    agent_ids: Collection[int], first: datetime, last: datetime, *, without: Appointment | None
) -> Statement:
    """Return what reads the ids of the same reservations, and nothing else: quick enough to do while others wait."""
    return _STANDING, [list(agent_ids), first, last, without.pk if without else 0]


def ids_of(rows: Rows) -> list[int]:
    """
    Return the ids of reservations that `reservations_sql` has read.

    A reservation never changes, it is only given back, so that the same ids are the same reservations.
    """
    return [row[0] for row in rows]


def read_reservations(
    rows: Rows, zones: Mapping[int, str], *, appointment_type_id: int, with_details: bool = False
) -> dict[int, Engagements]:
    """
    Return our own appointments by agent, from the rows of `reservations_sql`; only agents who have one are named.

    zones     each agent's IANA name, whose dates the counts are on
    """
    found: dict[int, Engagements] = defaultdict(Engagements)
    for _id, agent_id, start, end, name, type_id, begins_at in rows:
        engaged = found[agent_id]
        engaged.starts.append(start)
        engaged.ends.append(end)
        if with_details:
            engaged.details.append((BusyKind.APPOINTMENT, "Slotdesk", name))
        if type_id == appointment_type_id:
            engaged.counts[begins_at.astimezone(ZoneInfo(zones[agent_id])).date()] += 1
    return dict(found)


# By hand: these two run for every booking, one of them while agents are locked, and for every page that shows times.
# Thousands of rows for a team are made into one array an agent by the database; parts of a second count as taken.
# The engine merges them in any order; only for people they are in order of time. `date_part` counts in float, which
# holds a second exactly, and is several times faster than `extract` with its decimals.
_COLUMNS = """
    SELECT calendar.agent_id, vendor.kind,
           array_agg(floor(date_part('epoch', period.starts_at))::bigint {in_order}),
           array_agg(ceil(date_part('epoch', period.ends_at))::bigint {in_order})
"""
_DETAILS = """
         , array_agg(period.kind {in_order}), array_agg(period.title {in_order})
"""
# What we wrote ourselves is a reservation already, unless somebody moved it since.
_FROM_CALENDARS = """
      FROM connections_busyperiod period
      JOIN connections_calendar calendar ON calendar.id = period.calendar_id
      JOIN connections_connection vendor ON vendor.id = calendar.connection_id
     WHERE calendar.agent_id = ANY(%s) AND calendar.is_blocking AND period.kind = ANY(calendar.blocking_kinds)
       AND period.starts_at < %s AND period.ends_at > %s
       AND NOT EXISTS (
           SELECT FROM connections_externallink link
            WHERE link.connection_id = calendar.connection_id AND link.kind = 'entry'
              AND link.external_id = period.external_id
              AND link.starts_at = period.starts_at AND link.ends_at = period.ends_at)
     GROUP BY calendar.agent_id, vendor.kind
     ORDER BY calendar.agent_id, vendor.kind
"""
_ENTRIES = _COLUMNS.format(in_order="") + _FROM_CALENDARS
_ENTRIES_WITH_DETAILS = (_COLUMNS + _DETAILS).format(in_order="ORDER BY period.starts_at, period.id") + _FROM_CALENDARS
_TO_WEIGH = """
    SELECT reservation.id, reservation.agent_id,
           floor(extract(epoch FROM lower(reservation.during) - reservation.buffer_before))::bigint,
           ceil(extract(epoch FROM upper(reservation.during) + reservation.buffer_after))::bigint,
           request.internal_name, request.appointment_type_id, lower(reservation.during)
      FROM booking_reservation reservation
      JOIN booking_appointment appointment ON appointment.id = reservation.appointment_id
      JOIN booking_schedulingrequest request ON request.id = appointment.request_id
"""
_TO_COMPARE = """
    SELECT reservation.id
      FROM booking_reservation reservation
"""
_STANDING_IN_PERIOD = """
     WHERE reservation.agent_id = ANY(%s) AND reservation.released_at IS NULL
       AND reservation.during && tstzrange(%s, %s) AND reservation.appointment_id <> %s
     ORDER BY reservation.id
"""
_RESERVATIONS = _TO_WEIGH + _STANDING_IN_PERIOD
_STANDING = _TO_COMPARE + _STANDING_IN_PERIOD
