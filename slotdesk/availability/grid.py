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
        step = increment * 60
        days = np.arange(first_day, last_day + 1)[:, None] * DAY
        wall = (days + np.arange(0, DAY, step)).ravel()
        parts = stretches(zone, first_day * DAY - 2 * DAY, last_day * DAY + 3 * DAY)
        # Of the wall times each stretch of equal offset shows one run.
        begins = np.searchsorted(wall, [part.start + part.offset for part in parts]).tolist()
        ends = np.searchsorted(wall, [part.end + part.offset for part in parts]).tolist()
        runs = zip(begins, ends, parts, strict=True)
        self.starts: Integers = np.concatenate([wall[begin:end] - part.offset for begin, end, part in runs])
        gaps = np.diff(self.starts)
        self._even_step = step if len(gaps) and (gaps == step).all() else 0

    def __len__(self) -> int:
        return len(self.starts)

    def index(self, instants: Integers) -> Integers:
        """For each instant, the number of starts before it: the index of the first start at or after it."""
        if not self._even_step:
            return np.searchsorted(self.starts, instants)
        # Nearly all grids: the increment divides the day, and a change of the clock by a full hour does not show.
        number = (instants - (self.starts[0] - self._even_step + 1)) // self._even_step
        in_grid: Integers = np.minimum(np.maximum(number, 0, out=number), len(self.starts), out=number)
        return in_grid

    def index_of(self, instant: int) -> int:
        """The index of the first start at or after the instant."""
        return int(np.searchsorted(self.starts, instant))


@lru_cache(maxsize=256)
def make_grid(zone: str, increment: int, first_day: int, last_day: int) -> Grid:
    """The grid of these dates on this zone's clock; increment in minutes."""
    return Grid(zone, increment, first_day, last_day)
