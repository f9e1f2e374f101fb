"""The plain values that go into the engine and come out of it."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, overload

AgentId = int | str

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


@dataclass(frozen=True, slots=True)
class BusyColumns(Sequence[Busy]):
    """
    The same as a list of Busy, kept by column: for thousands of entries, a tenth of the memory and of the time.

    details   kind, source and title of each entry; empty when nobody will ask
    """

    starts: array[int]
    ends: array[int]
    details: Sequence[tuple[BusyKind, str, str]] = ()

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, index: int) -> Busy: ...

    @overload
    def __getitem__(self, index: slice) -> list[Busy]: ...

    def __getitem__(self, index: int | slice) -> Busy | list[Busy]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        return Busy(self.starts[index], self.ends[index], *(self.details[index] if self.details else ()))


class WeeklyRange(NamedTuple):
    """Hours on some weekdays: ISO weekdays (Monday = 1), minutes since local midnight."""

    days: frozenset[int]
    start: int
    end: int


class TimeOff(NamedTuple):
    """
    A stretch of the local wall clock that is closed whatever the hours say: leave, or a holiday of half a day.

    start and end are naive local times, half-open; an all-day one runs from midnight to midnight. `name` is empty for a
    private one.
    """

    start: datetime
    end: datetime
    name: str = ""


class HoursFrom(NamedTuple):
    """Weekly hours that replace the earlier ones from a local date on (a new rota)."""

    first_date: date
    hours: tuple[WeeklyRange, ...]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """
    When somebody or something is open: an agent, a team, the whole firm.

    zone            IANA name; all the rest is on this zone's wall clock
    hours           by weekday, until the first of `later_hours`, which come in order of date
    overrides       a date's own ranges, instead of the weekly ones; an empty tuple closes the date
    holidays        closed dates that have no override, with the name to show
    name            whose hours these are, for explanations
    """

    zone: str
    hours: tuple[WeeklyRange, ...]
    overrides: Mapping[date, tuple[MinuteRange, ...]] = field(default_factory=dict)
    holidays: Mapping[date, str] = field(default_factory=dict)
    time_off: Sequence[TimeOff] = ()
    later_hours: tuple[HoursFrom, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Agent:
    """
    Everything the engine knows about one agent. Never altered after it was made.

    zone            IANA name; hours, overrides, holidays, time_off and daily_counts are on this zone's wall clock
    hours           by weekday, until the first of `later_hours`, which come in order of date
    overrides       a date's own ranges, instead of the weekly ones; an empty tuple closes the date
    holidays        closed dates that have no override, with the name to show
    is_readable     False when a calendar that must be checked could not be read: the agent is then unknown, never free
    daily_counts    appointments already booked per local date that count against the terms' daily maximum
    within          further hours that must be open too (the team's, the firm's), each in its own zone
    memo            what the engine has worked out from the values above: keep the agent as long as nothing about it
                    changes, and the next question is answered faster
    """

    id: AgentId
    zone: str
    hours: tuple[WeeklyRange, ...]
    overrides: Mapping[date, tuple[MinuteRange, ...]] = field(default_factory=dict)
    holidays: Mapping[date, str] = field(default_factory=dict)
    busy: Sequence[Busy] = ()
    is_readable: bool = True
    daily_counts: Mapping[date, int] = field(default_factory=dict)
    time_off: Sequence[TimeOff] = ()
    later_hours: tuple[HoursFrom, ...] = ()
    within: tuple[OpeningHours, ...] = ()
    memo: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)


class Slot(NamedTuple):
    """A start that could be offered, with the agents who could take it (ids, in the order they were given)."""

    start: int
    end: int
    agent_ids: tuple[AgentId, ...]
