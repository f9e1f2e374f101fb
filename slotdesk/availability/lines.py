"""Many owners' intervals on a single line, each owner's far from the next one's: numpy is called once for all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from slotdesk.availability.intervals import Integers, Intervals

FAR = 1 << 40  # farther apart than any two instants that a question can name


def owners_of(places: Integers) -> Integers:
    """Whose stretch of the line each place belongs to: 0 for the first owner."""
    return (places + FAR // 2) // FAR


def join(sets: Sequence[Intervals]) -> Intervals:
    """Put each owner's intervals on their stretch of the line."""
    shift = np.repeat(np.arange(len(sets)) * FAR, [len(each.starts) for each in sets])
    return Intervals(
        np.concatenate([each.starts for each in sets]) + shift, np.concatenate([each.ends for each in sets]) + shift
    )


def split(line: Intervals, count: int) -> list[Intervals]:
    """Each of the `count` owners' intervals again; copies, so that one kept for long does not keep them all."""
    owners = owners_of(line.starts)
    starts, ends = line.starts - owners * FAR, line.ends - owners * FAR
    cuts = np.searchsorted(owners, np.arange(count + 1)).tolist()
    return [Intervals(starts[first:last].copy(), ends[first:last].copy()) for first, last in pairwise(cuts)]
