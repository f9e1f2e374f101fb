"""Rows become the engine's plain values: one query a table, however many agents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from slotdesk.availability import values
from slotdesk.domain.booking.engagements import load_engagements
from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.connections.busy_mirror import TRUSTED_FOR
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.people.hours import clock_minutes, read_hours
from slotdesk.domain.people.models import Agent, Holiday, HoursOverride, TimeOff

# Buffers, and hours of neighbouring dates, reach over the edges of what is asked.
_MARGIN = timedelta(days=1)


def load_agents(
    agents: Iterable[Agent],
    *,
    starts_at: datetime,
    ends_at: datetime,
    appointment_type_id: int,
    now: datetime,
    unread: Collection[int] = (),
    without: Appointment | None = None,
    with_details: bool = False,
) -> dict[int, values.Agent]:
    """
    Return what the engine must know about these agents for the period, by row id.

    unread         calendars that were just found unreadable
    without        an appointment whose own time counts as free, because it is being moved
    with_details   what the entries are called, for explanations
    """
    rows = {agent.pk: agent for agent in agents}
    first, last = starts_at - _MARGIN, ends_at + _MARGIN
    readable = _readable(rows, until=ends_at, now=now, unread=unread)
    holidays, parts = _holidays(rows.values(), first.date(), last.date())
    overrides = _overrides(rows, first.date(), last.date())
    time_off = _time_off(rows, first.date(), last.date())
    engagements = load_engagements(
        {pk: agent.zone for pk, agent in rows.items()},
        first,
        last,
        appointment_type_id=appointment_type_id,
        without=without,
        with_details=with_details,
    )
    return {
        pk: values.Agent(
            id=pk,
            zone=agent.zone,
            hours=read_hours(agent.hours),
            overrides=overrides[pk],
            holidays=holidays.get(agent.holiday_list_id, {}),
            time_off=[*parts.get(agent.holiday_list_id, ()), *time_off[pk]],
            busy=engagements[pk].columns(),
            is_readable=pk in readable,
            daily_counts=engagements[pk].counts,
        )
        for pk, agent in rows.items()
    }


def _readable(rows: Collection[int], *, until: datetime, now: datetime, unread: Collection[int]) -> set[int]:
    """Agents with a primary calendar, all of whose blocking calendars were read lately and far enough."""
    good: set[int] = set()
    bad: set[int] = set()
    for calendar in Calendar.objects.filter(agent__in=rows):
        if calendar.is_primary:
            good.add(calendar.agent_id)
        if not calendar.is_blocking:
            continue
        is_fresh = calendar.synced_at is not None and calendar.synced_at >= now - TRUSTED_FOR
        if not is_fresh or calendar.pk in unread or (calendar.read_until or now) < until:
            bad.add(calendar.agent_id)
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
