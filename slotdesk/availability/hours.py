"""When somebody is open: wall-clock rules in, instants out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from slotdesk.availability.intervals import Integers, Intervals, difference, intersection, union
from slotdesk.availability.lines import FAR, join, split
from slotdesk.availability.memo import remember
from slotdesk.availability.values import Agent, MinuteRange, OpeningHours, WeeklyRange
from slotdesk.availability.wall_clock import DAY, day_number, to_instants

_MONDAY = 4  # 1970-01-01 was a Thursday, so day 4 was the first Monday


class _Pieces(NamedTuple):
    """Stretches of wall time within one date each. `days`: whose rule it is; a night shift's morning is the eve's."""

    days: Integers
    starts: Integers
    ends: Integers


def open_times(agents: Sequence[Agent], first_day: int, last_day: int) -> list[Intervals]:
    """
    Return the instants at which each agent is open, by hours, overrides, holidays and time off; busy time is not asked.

    first_day, last_day   local dates as day numbers, the last included; other dates are left out.
    """
    key = ("open", first_day, last_day)
    known: list[Intervals | None] = [agent.memo.get(key) for agent in agents]
    unknown = [i for i, opening in enumerate(known) if opening is None]
    for i, opening in zip(unknown, openings([agents[i] for i in unknown], first_day, last_day), strict=True):
        for other in agents[i].within:
            # Two days more on both sides, since the other zone's dates lie elsewhere.
            opening = intersection(opening, openings([other], first_day - 2, last_day + 2)[0])
        known[i] = remember(agents[i], key, opening)
    return [opening for opening in known if opening is not None]


def openings(many: Sequence[Agent | OpeningHours], first_day: int, last_day: int) -> list[Intervals]:
    """The instants at which each of these hours alone is open, on the local dates `first_day` to `last_day`."""
    if not many:
        return []
    wall = _wall_openings(many, first_day, last_day)
    if any(of.time_off for of in many):
        wall = difference(wall, join([wall_time_off(of) for of in many]))
    return split(to_instants([of.zone for of in many], wall), len(many))


def wall_time_off(of: Agent | OpeningHours) -> Intervals:
    """All time off, as wall times."""
    starts = [_wall_of(leave.start) for leave in of.time_off]
    ends = [_wall_of(leave.end) for leave in of.time_off]
    return union(np.array(starts, np.int64), np.array(ends, np.int64))


def _wall_of(moment: datetime) -> int:
    return day_number(moment) * DAY + moment.hour * 3600 + moment.minute * 60 + moment.second


def _special_dates(of: Agent | OpeningHours, first_day: int, last_day: int) -> dict[int, tuple[MinuteRange, ...]]:
    """The ranges of the dates that do not go by the week. An override is about that very date: it beats a holiday."""
    closed = {day_number(day): () for day in of.holidays}
    own = {day_number(day): ranges for day, ranges in of.overrides.items()}
    return {day: ranges for day, ranges in (closed | own).items() if first_day <= day <= last_day}


def _rota(of: Agent | OpeningHours, first_day: int, last_day: int) -> list[_Pieces]:
    """The weekly pieces of each date, by the hours that hold on it."""
    if not of.later_hours:
        return [_weekly(of.hours, first_day, last_day)]
    begins = [first_day, *(max(first_day, day_number(later.first_date)) for later in of.later_hours), last_day + 1]
    versions = (of.hours, *(later.hours for later in of.later_hours))
    return [_weekly(hours, begins[i], min(begins[i + 1] - 1, last_day)) for i, hours in enumerate(versions)]


@lru_cache(maxsize=1024)
def _weekly(hours: tuple[WeeklyRange, ...], first_day: int, last_day: int) -> _Pieces:
    cut = [
        (weekday - 1, start * 60, end * 60)
        for each in hours
        for weekday in each.days
        for start, end in _within_dates(each.start, each.end)
    ]
    weekdays, starts, ends = np.array(sorted(cut), np.int64).reshape(-1, 3).T
    monday = first_day - (first_day - _MONDAY) % 7
    days = (np.arange(monday, last_day + 1, 7)[:, None] + weekdays).ravel()
    weeks = len(days) // max(1, len(cut))
    midnights = days * DAY
    is_asked = (days >= first_day) & (days <= last_day)
    return _Pieces(
        days[is_asked], (midnights + np.tile(starts, weeks))[is_asked], (midnights + np.tile(ends, weeks))[is_asked]
    )


def _within_dates(start: int, end: int) -> list[MinuteRange]:
    """Cut a range at midnight. One whose end is not after its start runs on into the next date."""
    return [(start, end)] if end > start else [(start, 1440), (1440, 1440 + end)]


def _wall_openings(many: Sequence[Agent | OpeningHours], first_day: int, last_day: int) -> Intervals:
    """All hours as wall times on one line, with the special dates' ranges in the place of the weekly ones."""
    eve = first_day - 1
    rota = [(i, pieces) for i, of in enumerate(many) for pieces in _rota(of, eve, last_day)]
    owners = np.repeat([i for i, _ in rota], [len(pieces.days) for _, pieces in rota])
    days, starts, ends = (np.concatenate(columns) for columns in zip(*(pieces for _, pieces in rota), strict=True))

    special = [_special_dates(of, eve, last_day) for of in many]
    is_special = np.zeros((len(many), last_day - eve + 2), bool)
    marks = [(i, day - eve) for i, dates in enumerate(special) for day in dates]
    is_special[tuple(np.array(marks, np.int64).reshape(-1, 2).T)] = True
    # A special date replaces its own rules, and ends the shift that would run into it from the eve.
    is_kept = ~(is_special[owners, days - eve] | is_special[owners, starts // DAY - eve])
    own = [
        (i, day * DAY + start * 60, day * DAY + end * 60)
        for i, dates in enumerate(special)
        for day, ranges in dates.items()
        for each in ranges
        for start, end in _within_dates(*each)
        if start < 1440 or day + 1 not in dates
    ]
    columns = np.array(own, np.int64).reshape(-1, 3).T
    owners = np.append(owners[is_kept], columns[0])
    starts, ends = np.append(starts[is_kept], columns[1]), np.append(ends[is_kept], columns[2])
    is_asked = (starts >= first_day * DAY) & (starts < (last_day + 1) * DAY)
    shift = owners[is_asked] * FAR
    return union(starts[is_asked] + shift, ends[is_asked] + shift)
