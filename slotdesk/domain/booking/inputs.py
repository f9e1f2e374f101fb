"""Rows become the engine's plain values: one query a table, however many agents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

from django.conf import settings

from slotdesk.availability import values
from slotdesk.domain.booking.engagements import Engagements, load_entries, read_reservations, reservations_sql
from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.connections.busy_mirror import TRUSTED_FOR
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.people.hours import clock_minutes, read_hours
from slotdesk.domain.people.models import Agent, Holiday, HoursOverride, TimeOff
from slotdesk.domain.round_trip import Rows, run_together
from slotdesk.lib.remembered import Remembered

_lately: Remembered[tuple[tuple[int, ...], datetime, datetime], Mapping[int, values.Agent]] = Remembered(
    seconds=settings.FREE_TIMES_SECONDS, size=100
)
# What is looked at reaches a little further than what is offered; the mirror need not.
_PATIENCE = timedelta(days=2)
# Today in any zone.
_MARGIN = timedelta(days=1)


def load_agents(
    agents: Iterable[Agent],
    first: datetime,
    last: datetime,
    *,
    now: datetime,
    unread: Collection[int] = (),
    with_details: bool = False,
) -> dict[int, values.Agent]:
    """
    Return when these agents are open, from now or the period's beginning until its end, what their calendars hold in
    the period, and whether they are known, by row id. From now: business hours of notice are counted from there.

    unread         calendars that were just found unreadable
    with_details   what the entries are called, for explanations
    None of it is ours to give away, so it is read before anything is locked. Our own appointments are not in it yet.
    """
    rows = {agent.pk: agent for agent in agents}
    since = min(first, now - _MARGIN)
    readable = _readable(rows, until=last - _PATIENCE, now=now, unread=unread)
    holidays, parts = _holidays(rows.values(), since.date(), last.date())
    overrides = _overrides(rows, since.date(), last.date())
    time_off = _time_off(rows, since.date(), last.date())
    entries = load_entries(rows, first, last, with_details=with_details)
    return {
        pk: values.Agent(
            id=pk,
            zone=agent.zone,
            hours=read_hours(agent.hours),
            overrides=overrides[pk],
            holidays=holidays.get(agent.holiday_list_id, {}),
            time_off=[*parts.get(agent.holiday_list_id, ()), *time_off[pk]],
            busy=entries[pk].columns(),
            is_readable=pk in readable,
        )
        for pk, agent in rows.items()
    }


def load_agents_lately(
    agents: Sequence[Agent], first: datetime, last: datetime, *, now: datetime
) -> Mapping[int, values.Agent]:
    """
    The same for pages that only show times, up to FREE_TIMES_SECONDS old: of a crowd that follows one link, most look
    at the same days at once. Whole days (UTC) are read, so that those in other zones find the same answer.
    """
    begins = datetime.combine(first.astimezone(UTC).date(), time.min, UTC)
    ends = datetime.combine(last.astimezone(UTC).date() + timedelta(days=1), time.min, UTC)
    key = (tuple(agent.pk for agent in agents), begins, ends)
    return _lately.get(key, lambda: load_agents(agents, begins, ends, now=now))


def add_appointments(
    agents: Mapping[int, values.Agent],
    first: datetime,
    last: datetime,
    *,
    appointment_type_id: int,
    without: Appointment | None,
    with_details: bool = False,
) -> dict[int, values.Agent]:
    """
    Return the agents with our own appointments in the period.

    agents    from `load_agents`, with details if they are wanted here
    without   an appointment whose own time counts as free, because it is being moved
    """
    (rows,) = run_together(reservations_sql(agents, first, last, without=without))
    return engage(agents, rows, appointment_type_id=appointment_type_id, with_details=with_details)


def engage(
    agents: Mapping[int, values.Agent], reservations: Rows, *, appointment_type_id: int, with_details: bool = False
) -> dict[int, values.Agent]:
    """The same with reservations that were read already, by `reservations_sql`."""
    zones = {pk: agent.zone for pk, agent in agents.items()}
    taken = read_reservations(reservations, zones, appointment_type_id=appointment_type_id, with_details=with_details)
    return {pk: _engaged(agent, taken[pk]) if pk in taken else agent for pk, agent in agents.items()}


def _engaged(agent: values.Agent, own: Engagements) -> values.Agent:
    entries = cast("values.BusyColumns", agent.busy)
    busy = values.BusyColumns(entries.starts + own.starts, entries.ends + own.ends, [*entries.details, *own.details])
    return replace(agent, busy=busy, daily_counts=own.counts)


def _readable(rows: Collection[int], *, until: datetime, now: datetime, unread: Collection[int]) -> set[int]:
    """Agents with a primary calendar, all of whose blocking calendars were read lately and far enough."""
    good: set[int] = set()
    bad: set[int] = set()
    calendars = Calendar.objects.filter(agent__in=rows).values_list(
        "pk", "agent_id", "is_primary", "is_blocking", "synced_at", "read_until"
    )
    for pk, agent_id, is_primary, is_blocking, synced_at, read_until in calendars:
        if is_primary:
            good.add(agent_id)
        if not is_blocking:
            continue
        is_fresh = synced_at is not None and synced_at >= now - TRUSTED_FOR
        if not is_fresh or pk in unread or (read_until or now) < until:
            bad.add(agent_id)
    return good - bad


def _holidays(
    agents: Iterable[Agent], first: date, last: date
) -> tuple[dict[int | None, dict[date, str]], dict[int | None, list[values.TimeOff]]]:
    """By holiday list: the whole days, and the days of which a part is off."""
    days: dict[int | None, dict[date, str]] = defaultdict(dict)
    parts: dict[int | None, list[values.TimeOff]] = defaultdict(list)
    list_ids = {agent.holiday_list_id for agent in agents if agent.holiday_list_id}
    for holiday in Holiday.objects.filter(holiday_list__in=list_ids, date__range=(first, last)).order_by("id"):
        if holiday.start is None or holiday.end is None:
            days[holiday.holiday_list_id][holiday.date] = holiday.name
            continue
        start, end = _wall(holiday.date, holiday.start), _wall(holiday.date, holiday.end)
        parts[holiday.holiday_list_id].append(values.TimeOff(start, end, holiday.name))
    return days, parts


def _overrides(rows: Collection[int], first: date, last: date) -> dict[int, dict[date, tuple[values.MinuteRange, ...]]]:
    found: dict[int, dict[date, tuple[values.MinuteRange, ...]]] = defaultdict(dict)
    for item in HoursOverride.objects.filter(agent__in=rows, date__range=(first, last)):
        ranges = ((clock_minutes(each["start"]), clock_minutes(each["end"])) for each in item.ranges)
        found[item.agent_id][item.date] = tuple(ranges)
    return found


def _time_off(rows: Collection[int], first: date, last: date) -> dict[int, list[values.TimeOff]]:
    found: dict[int, list[values.TimeOff]] = defaultdict(list)
    for item in TimeOff.objects.filter(agent__in=rows, starts_on__lte=last, ends_on__gte=first).order_by("id"):
        start = _wall(item.starts_on, item.start or 0)
        end = _wall(item.ends_on, 24 * 60 if item.end is None else item.end)
        found[item.agent_id].append(values.TimeOff(start, end, "" if item.is_private else item.name))
    return found


def _wall(day: date, minutes: int) -> datetime:
    """A naive local time, which is what the engine's wall clock reads."""
    return datetime.combine(day, time.min) + timedelta(minutes=minutes)
