"""Rows become the engine's plain values: one query a table, however many agents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef

from slotdesk.availability import values
from slotdesk.domain.booking.models import Appointment, Reservation
from slotdesk.domain.connections.busy_mirror import TRUSTED_FOR
from slotdesk.domain.connections.models import BusyPeriod, Calendar, ExternalLink
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
) -> dict[int, values.Agent]:
    """
    Return what the engine must know about these agents for the period, by row id.

    unread    calendars that were just found unreadable
    without   an appointment whose own time counts as free, because it is being moved
    """
    rows = {agent.pk: agent for agent in agents}
    first, last = starts_at - _MARGIN, ends_at + _MARGIN
    readable = _readable(rows, until=ends_at, now=now, unread=unread)
    holidays, parts = _holidays(rows.values(), first.date(), last.date())
    overrides = _overrides(rows, first.date(), last.date())
    time_off = _time_off(rows, first.date(), last.date())
    busy = _busy_from_calendars(rows, first, last)
    counts: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for agent_id, during, before, after, name, type_id in _reservations(rows, first, last, without):
        begin, end = _epoch(during.lower - before), _epoch(during.upper + after)
        busy[agent_id].append(values.Busy(begin, end, values.BusyKind.APPOINTMENT, "Slotdesk", name))
        if type_id == appointment_type_id:
            counts[agent_id][during.lower.astimezone(ZoneInfo(rows[agent_id].zone)).date()] += 1
    return {
        pk: values.Agent(
            id=pk,
            zone=agent.zone,
            hours=read_hours(agent.hours),
            overrides=overrides[pk],
            holidays=holidays.get(agent.holiday_list_id, {}),
            time_off=[*parts.get(agent.holiday_list_id, ()), *time_off[pk]],
            busy=busy[pk],
            is_readable=pk in readable,
            daily_counts=counts[pk],
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


def _busy_from_calendars(rows: Collection[int], first: datetime, last: datetime) -> dict[int, list[values.Busy]]:
    ours = ExternalLink.objects.filter(
        connection=OuterRef("calendar__connection"),
        kind="entry",
        external_id=OuterRef("external_id"),
        starts_at=OuterRef("starts_at"),
        ends_at=OuterRef("ends_at"),
    )
    periods = (
        BusyPeriod.objects.filter(
            ~Exists(ours),  # what we wrote is a reservation already, unless somebody moved it since
            calendar__agent__in=rows,
            calendar__is_blocking=True,
            calendar__blocking_kinds__contains=[F("kind")],
            starts_at__lt=last,
            ends_at__gt=first,
        )
        .values_list("calendar__agent_id", "starts_at", "ends_at", "kind", "title", "calendar__connection__kind")
        .order_by("starts_at", "id")
    )
    busy: dict[int, list[values.Busy]] = defaultdict(list)
    for agent_id, begin, end, kind, title, source in periods:
        busy[agent_id].append(values.Busy(_epoch(begin), _epoch(end), values.BusyKind(kind), source, title))
    return busy


def _reservations(
    rows: Collection[int], first: datetime, last: datetime, without: Appointment | None
) -> Iterable[tuple[Any, ...]]:
    found = Reservation.objects.filter(agent__in=rows, during__overlap=(first, last), released_at=None)
    if without is not None:
        found = found.exclude(appointment=without)
    return found.order_by("id").values_list(
        "agent_id",
        "during",
        "buffer_before",
        "buffer_after",
        "appointment__request__internal_name",
        "appointment__request__appointment_type_id",
    )


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())
