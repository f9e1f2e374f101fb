"""The plain values that go into the engine and come out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

# Minutes since local midnight, half-open; `end` may be 1440 (24:00). An end that is not after its start runs on into
# the next date.
MinuteRange = tuple[int, int]


class BusyKind(StrEnum):
    """What a calendar says about a stretch of time. What of it blocks is decided before the engine is asked."""

    BUSY = "busy"
    TENTATIVE = "tentative"
    OUT_OF_OFFICE = "out_of_office"
    ELSEWHERE = "elsewhere"
    FREE = "free"
    APPOINTMENT = "appointment"  # one of our own


class Busy(NamedTuple):
    """
    One stretch that blocks an agent: epoch seconds, half-open.

    An own appointment comes already widened by its own type's buffers. Entries of no length are ignored.
    `source` names the calendar it was read from; `title` is empty for a private entry.
    """

    start: int
    end: int
    kind: BusyKind = BusyKind.BUSY
    source: str = ""
    title: str = ""


class WeeklyRange(NamedTuple):
    """Hours on some weekdays: ISO weekdays (Monday = 1), minutes since local midnight."""

    days: frozenset[int]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Agent:
    """
    Everything the engine knows about one agent.

    zone            IANA name; hours, overrides, holidays and daily_counts are on this zone's wall clock
    overrides       a date's own ranges, instead of the weekly ones; an empty tuple closes the date
    holidays        dates on which the agent is closed, with the name to show
    is_readable     False when a calendar that must be checked could not be read: the agent is then unknown, never free
    daily_counts    appointments already booked per local date that count against the terms' daily maximum
    """

    id: int | str
    zone: str
    hours: tuple[WeeklyRange, ...]
    overrides: Mapping[date, tuple[MinuteRange, ...]] = field(default_factory=dict)
    holidays: Mapping[date, str] = field(default_factory=dict)
    busy: Sequence[Busy] = ()
    is_readable: bool = True
    daily_counts: Mapping[date, int] = field(default_factory=dict)


class Slot(NamedTuple):
    """A start that could be offered, with the agents who could take it (ids, in the order they were given)."""

    start: int
    end: int
    agent_ids: tuple[int | str, ...]
