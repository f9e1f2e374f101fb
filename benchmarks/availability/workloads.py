"""Teams as they are: several zones, everybody's own hours and holidays, six busy entries per agent and working day."""

from __future__ import annotations

import random
from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from slotdesk.availability.question import Question, Resource
from slotdesk.availability.terms import Span, Terms, Unit
from slotdesk.availability.values import Agent, Busy, BusyColumns, WeeklyRange

FIRST_DAY = date(2027, 3, 1)  # clocks change on the 14th in America and on the 28th in Europe
CLIENT_ZONE = "America/New_York"
_ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Europe/London")
_ENTRIES_A_DAY = 6


def make_question(agents: int, days: int, *, is_full: bool = False) -> Question:
    """A team of so many agents over so many days; `is_full` leaves them free on the last working day only."""
    chance = random.Random(f"{agents} agents, {days} days")
    start = int(datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=ZoneInfo(CLIENT_ZONE)).timestamp())
    team = tuple(_agent(number, days, chance, is_full=is_full) for number in range(agents))
    return Question(
        now=start,
        window_start=start,
        window_end=start + days * 86_400,
        client_zone=CLIENT_ZONE,
        terms=Terms(
            duration=timedelta(minutes=30),
            increment=timedelta(minutes=15),
            buffer_before=timedelta(minutes=5),
            buffer_after=timedelta(minutes=10),
            notice=Span(60, Unit.MINUTES),
        ),
        resources=(Resource(team, is_team=True),),
    )


def in_columns(question: Question) -> Question:
    """The same question with busy entries kept by column."""
    return with_team(question, *(replace(agent, busy=_columns(agent.busy)) for agent in question.resources[0].agents))


def with_team(question: Question, *agents: Agent) -> Question:
    """The same question asked of these agents."""
    return replace(question, resources=(Resource(agents, is_team=True),))


def _columns(entries: Sequence[Busy]) -> BusyColumns:
    starts = array("q", [entry.start for entry in entries])
    ends = array("q", [entry.end for entry in entries])
    return BusyColumns(starts, ends, [(entry.kind, entry.source, entry.title) for entry in entries])


def _agent(number: int, days: int, chance: random.Random, *, is_full: bool) -> Agent:
    zone = _ZONES[number % len(_ZONES)]
    working_days = [day for n in range(days) if (day := FIRST_DAY + timedelta(days=n)).isoweekday() < 6]
    busy = []
    for day in working_days[:-1] if is_full else working_days:
        opening = int(datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo(zone)).timestamp())
        for entry in range(_ENTRIES_A_DAY):
            if is_full:
                begins, length = opening + entry * 6_000, 6_000
            else:
                begins, length = opening + chance.randrange(0, 9 * 60) * 60, chance.choice((15, 30, 45, 60)) * 60
            busy.append(Busy(begins, begins + length, source="calendar", title="Meeting"))
    return Agent(
        id=number,
        zone=zone,
        hours=(WeeklyRange(frozenset(range(1, 6)), 8 * 60 + number % 4 * 15, 17 * 60),),
        holidays={chance.choice(working_days): "Day off" for _ in range(3)} if not is_full else {},
        busy=tuple(sorted(busy)),
    )
