"""A request's own limits: the dates and times of day at which it may start."""

from __future__ import annotations

from datetime import time

import numpy as np
from numpy.typing import NDArray

from slotdesk.availability.intervals import Integers
from slotdesk.availability.terms import Limits
from slotdesk.availability.wall_clock import DAY, day_number, to_wall


def within_limits(limits: Limits, starts: Integers) -> NDArray[np.bool_]:
    """For each start, whether its date and time of day on the limits' own clock are allowed."""
    wall = to_wall(limits.zone, starts)
    days, times = wall // DAY, wall % DAY
    is_within = np.ones(len(starts), bool)
    if limits.earliest_date is not None:
        is_within &= days >= day_number(limits.earliest_date)
    if limits.latest_date is not None:
        is_within &= days <= day_number(limits.latest_date)
    if limits.earliest_time is not None:
        is_within &= times >= _seconds(limits.earliest_time)
    if limits.latest_time is not None:
        is_within &= times <= _seconds(limits.latest_time)
    return is_within


def are_past(limits: Limits, now: int) -> bool:
    """Whether nothing that begins at `now` (epoch seconds) or later is within the limits: their last day is over."""
    if limits.latest_date is None:
        return False
    (wall,) = to_wall(limits.zone, np.array([now])).tolist()
    day, time_of_day = divmod(wall, DAY)
    last = day_number(limits.latest_date)
    return day > last or (day == last and limits.latest_time is not None and time_of_day > _seconds(limits.latest_time))


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second
