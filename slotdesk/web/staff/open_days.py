"""The picture of somebody's next days: when they are open, what of it is taken, and why a day is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from slotdesk.availability.hours import open_times
from slotdesk.availability.intervals import Intervals, difference
from slotdesk.availability.rows import busy_time
from slotdesk.availability.values import Agent as EngineAgent
from slotdesk.availability.wall_clock import day_number
from slotdesk.domain.booking.inputs import add_appointments, load_agents
from slotdesk.domain.people.models import Agent

DAYS = 14
# A day's width in the picture: a unit a minute on days of 24 hours.
WIDTH = 1440


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the picture."""

    x: int
    width: int


@dataclass(frozen=True, slots=True)
class OpenDay:
    """
    One local date.

    opened    when the person works; taken: what of it is given away already
    free      the rest as text, such as "09:00–12:00"; reason: why it is closed, or otherwise than usual
    """

    day: date
    opened: list[Bar]
    taken: list[Bar]
    free: list[str]
    reason: str


@dataclass(frozen=True, slots=True)
class OpenDays:
    """
    The next days, the first of them today. is_known: False when a calendar was not read lately, so nothing is offered.
    """

    days: list[OpenDay]
    is_known: bool


def list_open_days(agent: Agent, *, now: datetime) -> OpenDays | None:
    """
    Return the next two weeks on the agent's own clock, from the engine: what clients could be offered before notice,
    window and buffers of the appointment type. None for an agent without a zone.
    """
    if not agent.zone:
        return None
    zone = ZoneInfo(agent.zone)
    today = now.astimezone(zone).date()
    first, last = _midnight(today, zone), _midnight(today + timedelta(days=DAYS), zone)
    agents = load_agents([agent], first, last, now=now)
    loaded = add_appointments(agents, first, last, appointment_type_id=0, without=None)[agent.pk]
    [opening] = open_times([loaded], day_number(today), day_number(today) + DAYS - 1)
    free = difference(opening, busy_time(loaded))
    taken = difference(opening, free)
    days = [_day(loaded, today + timedelta(days=n), zone, opening, taken, free) for n in range(DAYS)]
    return OpenDays(days, loaded.is_readable)


def _day(
    agent: EngineAgent, day: date, zone: ZoneInfo, opening: Intervals, taken: Intervals, free: Intervals
) -> OpenDay:
    start = int(_midnight(day, zone).timestamp())
    end = int(_midnight(day + timedelta(days=1), zone).timestamp())
    return OpenDay(
        day=day,
        opened=_bars(opening, start, end),
        taken=_bars(taken, start, end),
        free=[f"{_clock(a, zone)}–{_clock(b, zone, is_end=True)}" for a, b in _within(free, start, end)],
        reason=_reason(agent, day),
    )


def _reason(agent: EngineAgent, day: date) -> str:
    if day in agent.overrides:
        return gettext("Hours of this date") if agent.overrides[day] else gettext("Closed on this date")
    if day in agent.holidays:
        return agent.holidays[day]
    midnight = datetime.combine(day, time.min)
    for leave in agent.time_off:
        if leave.start < midnight + timedelta(days=1) and leave.end > midnight:
            return leave.name or gettext("Time off")
    return ""


def _bars(intervals: Intervals, start: int, end: int) -> list[Bar]:
    scale = WIDTH / (end - start)
    return [Bar(round((a - start) * scale), max(1, round((b - a) * scale))) for a, b in _within(intervals, start, end)]


def _within(intervals: Intervals, start: int, end: int) -> list[tuple[int, int]]:
    pairs = zip(intervals.starts.tolist(), intervals.ends.tolist(), strict=True)
    return [(max(a, start), min(b, end)) for a, b in pairs if a < end and b > start]


def _clock(instant: int, zone: ZoneInfo, *, is_end: bool = False) -> str:
    text = f"{datetime.fromtimestamp(instant, zone):%H:%M}"
    return "24:00" if is_end and text == "00:00" else text


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of the date; where the clock skips midnight, the one after the gap."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)
