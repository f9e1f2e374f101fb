"""The starts that may be offered at all: round times on the client's wall clock."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from slotdesk.availability.intervals import Integers
from slotdesk.availability.wall_clock import DAY, stretches


class Grid:
    """
    Every start on the client's local dates `first_day` to `last_day`: minutes since the date's midnight are a multiple
    of the increment, seconds are zero. A skipped reading gives no start, a repeated one gives two.

    starts   instants, earliest first
    """

    def __init__(self, zone: str, increment: int, first_day: int, last_day: int) -> None:
        self.key = (zone, increment, first_day, last_day)
        self._step = increment * 60
        self._per_day = -(-DAY // self._step)
        self._first_day = first_day
        count = (last_day - first_day + 1) * self._per_day
        parts = stretches(zone, first_day * DAY - 2 * DAY, last_day * DAY + 3 * DAY)
        self._changes = np.array([part.start for part in parts[1:]], np.int64)
        self._offsets = np.array([part.offset for part in parts], np.int64)
        # Of the `count` wall times, numbered in order, each stretch of equal offset shows one run.
        begins = self._number_on_wall(np.array([part.start + part.offset for part in parts], np.int64))
        ends = self._number_on_wall(np.array([part.end + part.offset for part in parts], np.int64))
        self._begins, self._ends = np.clip(begins, 0, count), np.clip(ends, 0, count)
        self._before = np.cumsum(self._ends - self._begins) - (self._ends - self._begins)
        days = np.arange(first_day, last_day + 1)[:, None] * DAY
        wall = (days + np.arange(self._per_day) * self._step).ravel()
        runs = zip(self._begins, self._ends, self._offsets, strict=True)
        self.starts: Integers = np.concatenate([wall[begin:end] - offset for begin, end, offset in runs])

    def __len__(self) -> int:
        return len(self.starts)

    def index(self, instants: Integers) -> Integers:
        """For each instant, the number of starts before it: the index of the first start at or after it."""
        if len(self._changes):
            part = np.searchsorted(self._changes, instants, side="right")
            number = self._number_on_wall(instants + self._offsets[part])
            begins = self._begins[part]
            in_part: Integers = np.minimum(np.maximum(number, begins), self._ends[part]) - begins + self._before[part]
            return in_part
        number = self._number_on_wall(instants + self._offsets[0])
        return np.minimum(np.maximum(number, 0), len(self.starts))

    def index_of(self, instant: int) -> int:
        """The index of the first start at or after the instant."""
        return int(np.searchsorted(self.starts, instant))

    def _number_on_wall(self, wall: Integers) -> Integers:
        """How many wall times of the grid lie before each wall time, counted from the first date's midnight."""
        day = wall // DAY
        in_day = np.minimum(-(-(wall - day * DAY) // self._step), self._per_day)
        number: Integers = (day - self._first_day) * self._per_day + in_day
        return number


@lru_cache(maxsize=256)
def make_grid(zone: str, increment: int, first_day: int, last_day: int) -> Grid:
    """The grid of these dates on this zone's clock; increment in minutes."""
    return Grid(zone, increment, first_day, last_day)
