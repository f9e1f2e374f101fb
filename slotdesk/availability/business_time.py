"""Notice and window: from when to when, counted from now, an agent's appointments may start."""

from __future__ import annotations

import numpy as np

from slotdesk.availability.hours import open_times
from slotdesk.availability.intervals import Intervals
from slotdesk.availability.terms import Span, Unit
from slotdesk.availability.values import Agent
from slotdesk.availability.wall_clock import DAY, first_instant, wall_time

NEVER = 1 << 40  # past every instant a question may name
_SECONDS = {Unit.MINUTES: 60, Unit.HOURS: 3600}
_MOST_DAYS_AHEAD = 4_096


def earliest_start(agent: Agent, notice: Span, now: int) -> int:
    """The first instant at which an appointment may start; NEVER when the agent is not open for that long."""
    return after(agent, notice, now) if notice.amount else now


def start_limit(agent: Agent, window: Span, now: int) -> int:
    """The instant before which an appointment must start; NEVER without a limit. In days, the last date is complete."""
    if not window.amount:
        return NEVER
    last = after(agent, window, now)
    if last >= NEVER or window.unit not in (Unit.DAYS, Unit.BUSINESS_DAYS):
        return min(NEVER, last + 1)
    return first_instant(agent.zone, (wall_time(agent.zone, last) // DAY + 1) * DAY)


def is_by_agent(span: Span) -> bool:
    """Whether the span ends at different instants for different agents."""
    return bool(span.amount) and span.unit not in _SECONDS


def after(agent: Agent, span: Span, now: int) -> int:
    """
    The instant that is `span` after now for this agent; NEVER when the agent is not open for that long.

    days            the same wall time that many dates later
    business hours  when the agent will have been open for so long
    business days   the start of that working date after today; asked outside of a working date's hours, of the next one
    """
    if span.unit in _SECONDS:
        return now + span.amount * _SECONDS[span.unit]
    if span.unit is Unit.DAYS:
        return first_instant(agent.zone, wall_time(agent.zone, now) + span.amount * DAY)
    reach = _after_open_time if span.unit is Unit.BUSINESS_HOURS else _after_working_dates
    today = wall_time(agent.zone, now) // DAY
    days_ahead = min(_MOST_DAYS_AHEAD, 16 + 2 * span.amount)
    while True:
        # Open from today's midnight, so that the answer for a day is worked out once.
        found = reach(agent, span.amount, now, open_times([agent], today - 1, today + days_ahead)[0])
        if found < NEVER or days_ahead >= _MOST_DAYS_AHEAD:
            return found
        days_ahead = min(_MOST_DAYS_AHEAD, days_ahead * 8)


def _after_open_time(agent: Agent, hours: int, now: int, opening: Intervals) -> int:
    starts, ends = np.maximum(opening.starts, now), opening.ends
    is_ahead = ends > now
    starts, ends = starts[is_ahead], ends[is_ahead]
    passed = np.cumsum(ends - starts)
    i = int(np.searchsorted(passed, hours * 3600))
    return int(ends[i] - (passed[i] - hours * 3600)) if i < len(passed) else NEVER


def _after_working_dates(agent: Agent, dates: int, now: int, opening: Intervals) -> int:
    bounds: dict[int, tuple[int, int]] = {}
    for start, end in zip(opening.starts.tolist(), opening.ends.tolist(), strict=True):
        for day in range(wall_time(agent.zone, start) // DAY, wall_time(agent.zone, end - 1) // DAY + 1):
            begins = max(start, first_instant(agent.zone, day * DAY))
            closes = min(end, first_instant(agent.zone, (day + 1) * DAY))
            bounds[day] = bounds.get(day, (begins, closes))[0], closes
    today = wall_time(agent.zone, now) // DAY
    begins, closes = bounds.get(today, (now + 1, now))
    is_in_hours = begins <= now < closes
    ahead = [begins for begins, _ in bounds.values() if begins > now]
    index = dates - 1 if is_in_hours else dates
    return ahead[index] if index < len(ahead) else NEVER
