"""When somebody is open: wall-clock rules in, instants out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from slotdesk.availability.intervals import Integers, Intervals, difference, intersection, union
from slotdesk.availability.memo import remember
from slotdesk.availability.values import Agent, MinuteRange, OpeningHours, WeeklyRange
from slotdesk.availability.wall_clock import DAY, day_number, to_instants

_MONDAY = 4  # 1970-01-01 was a Thursday, so day 4 was the first Monday


class _Pieces(NamedTuple):
    """Stretches of wall time within one date each. `days`: whose rule it is; a night shift's morning is the eve's."""

    days: Integers
    starts: Integers
    ends: Integers


def open_time(agent: Agent, first_day: int, last_day: int) -> Intervals:
    """
    Return the instants at which the agent is open, by hours, overrides, holidays and time off; busy time is not asked.

    first_day, last_day   local dates as day numbers, the last included; other dates are left out.
    """
    key = ("open", first_day, last_day)
    known: Intervals | None = agent.memo.get(key)
    if known is not None:
        return known
    found = opening(agent, first_day, last_day)
    for other in agent.within:
        # One day more on both sides, since the other zone's dates lie elsewhere.
        found = intersection(found, opening(other, first_day - 2, last_day + 2))
    return remember(agent, key, found)


def opening(of: Agent | OpeningHours, first_day: int, last_day: int) -> Intervals:
    """The instants at which these hours alone are open, on the local dates `first_day` to `last_day`."""
    special = _special_dates(of, first_day - 1, last_day)
    if not special and not of.time_off and not of.later_hours:
        return _weekly_opening(of.zone, of.hours, first_day, last_day)
    wall = _wall(_rota(of, first_day - 1, last_day), special, first_day, last_day)
    if of.time_off:
        wall = difference(wall, wall_time_off(of))
    return to_instants(of.zone, wall)


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


@lru_cache(maxsize=1024)
def _weekly_opening(zone: str, hours: tuple[WeeklyRange, ...], first_day: int, last_day: int) -> Intervals:
    return to_instants(zone, _wall(_weekly(hours, first_day - 1, last_day), {}, first_day, last_day))


def _rota(of: Agent | OpeningHours, first_day: int, last_day: int) -> _Pieces:
    """The weekly pieces of each date, by the hours that hold on it."""
    if not of.later_hours:
        return _weekly(of.hours, first_day, last_day)
    begins = [first_day, *(max(first_day, day_number(later.first_date)) for later in of.later_hours), last_day + 1]
    versions = (of.hours, *(later.hours for later in of.later_hours))
    parts = [_weekly(hours, begins[i], min(begins[i + 1] - 1, last_day)) for i, hours in enumerate(versions)]
    return _Pieces(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


@lru_cache(maxsize=1024)
def _weekly(hours: tuple[WeeklyRange, ...], first_day: int, last_day: int) -> _Pieces:
    days = np.arange(first_day, last_day + 1)
    weekdays = (days - _MONDAY) % 7 + 1
    pieces = []
    for weekday in range(1, 8):
        ranges = [(each.start, each.end) for each in hours if weekday in each.days]
        offsets = np.array([piece for each in ranges for piece in _within_dates(*each)], np.int64).reshape(-1, 2)
        on = np.repeat(days[weekdays == weekday], len(offsets))
        times = np.tile(offsets * 60, (len(on) // max(1, len(offsets)), 1))
        pieces.append((on, on * DAY + times[:, 0], on * DAY + times[:, 1]))
    return _Pieces(*(np.concatenate(columns) for columns in zip(*pieces, strict=True)))


def _within_dates(start: int, end: int) -> list[MinuteRange]:
    """Cut a range at midnight. One whose end is not after its start runs on into the next date."""
    return [(start, end)] if end > start else [(start, 1440), (1440, 1440 + end)]


def _wall(weekly: _Pieces, special: Mapping[int, tuple[MinuteRange, ...]], first_day: int, last_day: int) -> Intervals:
    """Put the special dates' ranges in the place of the weekly ones; a special date also ends the eve's night shift."""
    days, starts, ends = weekly
    if special:
        is_special = np.zeros(last_day - first_day + 3, bool)
        is_special[np.array(list(special)) - first_day + 1] = True
        own = np.array(
            [
                (day, day * DAY + start * 60, day * DAY + end * 60)
                for day, ranges in special.items()
                for each in ranges
                for start, end in _within_dates(*each)
                if start < 1440 or day + 1 not in special
            ],
            np.int64,
        ).reshape(-1, 3)
        keeps = ~(is_special[days - first_day + 1] | is_special[starts // DAY - first_day + 1])
        starts, ends = np.append(starts[keeps], own[:, 1]), np.append(ends[keeps], own[:, 2])
    lies_on = starts // DAY
    is_asked = (lies_on >= first_day) & (lies_on <= last_day)
    return union(starts[is_asked], ends[is_asked])
