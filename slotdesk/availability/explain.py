"""Why a time is offered or not, agent by agent, and what would have to change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from slotdesk.availability.business_time import NEVER, earliest_start, start_limit
from slotdesk.availability.hours import openings, wall_time_off
from slotdesk.availability.intervals import contains
from slotdesk.availability.limits import within_limits
from slotdesk.availability.matching import match_distinct
from slotdesk.availability.question import EARLIEST, LATEST, BadQuestion, Question
from slotdesk.availability.rows import seconds_of
from slotdesk.availability.slots import agents_of, list_slots
from slotdesk.availability.values import Agent, AgentId, OpeningHours
from slotdesk.availability.wall_clock import DAY, date_of, day_bounds, to_instants, wall_time


class Reason(StrEnum):
    """Why a time is not offered; the first four concern the time itself, the others one agent."""

    OFF_GRID = "off_grid"
    OUTSIDE = "outside"
    LIMITS = "limits"
    NOT_ENOUGH_PEOPLE = "not_enough_people"
    UNKNOWN = "unknown"
    NOTICE = "notice"
    WINDOW = "window"
    HOURS = "hours"
    HOLIDAY = "holiday"
    TIME_OFF = "time_off"
    BUSY = "busy"
    BUFFER = "buffer"
    DAILY_MAXIMUM = "daily_maximum"


REMEDIES = {
    Reason.OFF_GRID: "Choose a start on the appointment type's increment, or change the increment.",
    Reason.OUTSIDE: "Look at a period that holds the whole appointment.",
    Reason.LIMITS: "Widen the dates or times of day that this request allows.",
    Reason.NOT_ENOUGH_PEOPLE: "Free another person, or ask for fewer people.",
    Reason.UNKNOWN: "Repair the connection to the calendar that could not be read.",
    Reason.NOTICE: "Choose a later time, or shorten the appointment type's minimum notice.",
    Reason.WINDOW: "Choose an earlier time, or lengthen the appointment type's scheduling window.",
    Reason.HOURS: "Extend the working hours, or open this date with an override.",
    Reason.HOLIDAY: "Open this date with an override, or take the holiday off the agent's list.",
    Reason.TIME_OFF: "Shorten or remove the time off.",
    Reason.BUSY: "Move or delete the calendar entry, or mark it as free.",
    Reason.BUFFER: "Move the neighbouring entry, or shorten the appointment type's buffer.",
    Reason.DAILY_MAXIMUM: "Choose another day, or raise the appointment type's daily maximum.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One reason, with the facts to show.

    start, end   what stands in the way, epoch seconds: the busy entry, the time off. For NOTICE, start is the earliest
                 start allowed; for WINDOW, end is the instant before which it must start. None when there is no such.
    source       the calendar a busy entry was read from, or whose hours were asked when they are not the agent's own
    title        of the busy entry, the holiday or the time off; empty when private
    count        appointments on that date already, for DAILY_MAXIMUM
    """

    reason: Reason
    start: int | None = None
    end: int | None = None
    source: str = ""
    title: str = ""
    count: int = 0

    @property
    def remedy(self) -> str:
        """What would have to change."""
        return REMEDIES[self.reason]


@dataclass(frozen=True, slots=True)
class AgentExplanation:
    """All that speaks against one agent taking the time; nothing when they can."""

    agent_id: AgentId
    findings: tuple[Finding, ...]

    @property
    def can_take(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Whether a time is offered, exactly as the listing says, and why not.

    agent_ids   who could take it, as in the slot; empty when it is not offered
    findings    what speaks against the time itself
    agents      every agent of the question, in the order given
    """

    start: int
    end: int
    is_offered: bool
    agent_ids: tuple[AgentId, ...]
    findings: tuple[Finding, ...]
    agents: tuple[AgentExplanation, ...]


def explain_slot(question: Question, starts_at: int) -> Explanation:
    """
    Say whether the appointment could start at this instant, and if not, everything that stands in the way.

    The verdict is the listing's own: the question is narrowed to this one time and listed. Raises BadQuestion when the
    instant lies outside the years a question may name.
    """
    if not EARLIEST <= starts_at <= LATEST:
        raise BadQuestion("starts_at: must be epoch seconds of a year from 1900 to 2499.")
    end = starts_at + seconds_of(question.terms)[0]
    is_inside = question.window_start <= starts_at and end <= question.window_end
    slots = list_slots(replace(question, window_start=starts_at, window_end=end)) if is_inside else []
    agents = tuple(
        AgentExplanation(agent.id, tuple(_against(agent, question, starts_at))) for agent in agents_of(question)
    )
    return Explanation(
        start=starts_at,
        end=end,
        is_offered=bool(slots),
        agent_ids=slots[0].agent_ids if slots else (),
        findings=tuple(_against_time(question, starts_at, is_inside, agents)),
        agents=agents,
    )


def _against_time(
    question: Question, start: int, is_inside: bool, agents: tuple[AgentExplanation, ...]
) -> Iterator[Finding]:
    in_day = wall_time(question.client_zone, start) % DAY
    if in_day % int(question.terms.increment.total_seconds()):
        yield Finding(Reason.OFF_GRID)
    if not is_inside:
        yield Finding(Reason.OUTSIDE, question.window_start, question.window_end)
    if question.limits is not None and not within_limits(question.limits, np.array([start])).all():
        yield Finding(Reason.LIMITS)
    can_take = {each.agent_id for each in agents if each.can_take}
    numbers = {each.agent_id: number for number, each in enumerate(agents)}
    options = [[numbers[agent.id] for agent in each.agents if agent.id in can_take] for each in question.resources]
    has_culprit = any(each.agents and not free for each, free in zip(question.resources, options, strict=True))
    if not options or (not has_culprit and match_distinct(options) is None):
        yield Finding(Reason.NOT_ENOUGH_PEOPLE)


def _against(agent: Agent, question: Question, start: int) -> Iterator[Finding]:
    terms, now = question.terms, question.now
    if not agent.is_readable:
        yield Finding(Reason.UNKNOWN)
    earliest, limit = earliest_start(agent, terms.notice, now), start_limit(agent, terms.window, now)
    if start < earliest:
        yield Finding(Reason.NOTICE, start=earliest if earliest < NEVER else None)
    if start >= limit:
        yield Finding(Reason.WINDOW, end=limit)
    duration, before, after = seconds_of(terms)
    end = start + duration
    padded = (start - before, end + after)
    everybody: tuple[Agent | OpeningHours, ...] = (agent, *agent.within)
    for hours in everybody:
        yield from _against_opening(hours, *(padded if terms.keeps_buffers_in_hours else (start, end)))
    for entry in agent.busy:
        if entry.start < entry.end and entry.start < padded[1] and entry.end > padded[0]:
            is_in_buffer = entry.end <= start or entry.start >= end
            reason = Reason.BUFFER if is_in_buffer else Reason.BUSY
            yield Finding(reason, entry.start, entry.end, entry.source, entry.title)
    today = date_of(wall_time(agent.zone, start) // DAY)
    if terms.daily_maximum and (count := agent.daily_counts.get(today, 0)) >= terms.daily_maximum:
        yield Finding(Reason.DAILY_MAXIMUM, count=count)


def _against_opening(of: Agent | OpeningHours, start: int, end: int) -> Iterator[Finding]:
    first_day, last_day = start // DAY - 2, end // DAY + 2
    if contains(openings([of], first_day, last_day)[0], start, end):
        return
    source = of.name if isinstance(of, OpeningHours) else ""
    by_week = replace(of, holidays={}, time_off=())
    is_open_by_week = contains(openings([by_week], first_day, last_day)[0], start, end)
    if not is_open_by_week:
        yield Finding(Reason.HOURS, source=source)
    closures = [*_holidays(of, start, end, source), *_time_off(of, start, end, source)]
    if is_open_by_week and not closures:
        # Nothing on these dates: the shift that runs into them began on a holiday.
        closures = [*_holidays(of, start - DAY, start, source)]
    yield from closures


def _holidays(of: Agent | OpeningHours, start: int, end: int, source: str) -> Iterator[Finding]:
    for number in range(wall_time(of.zone, start) // DAY, wall_time(of.zone, end - 1) // DAY + 1):
        day = date_of(number)
        if day in of.holidays and day not in of.overrides:
            yield Finding(Reason.HOLIDAY, *day_bounds(of.zone, day, day), source, of.holidays[day])


def _time_off(of: Agent | OpeningHours, start: int, end: int, source: str) -> Iterator[Finding]:
    for leave in of.time_off:
        taken = to_instants([of.zone], wall_time_off(replace(of, time_off=(leave,))))
        if len(taken.starts) and taken.starts[0] < end and taken.ends[-1] > start:
            yield Finding(Reason.TIME_OFF, int(taken.starts[0]), int(taken.ends[-1]), source, leave.name)
