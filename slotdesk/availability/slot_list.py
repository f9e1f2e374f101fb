"""Slots as they are found: starts, and bits that say who could take each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import overload

import numpy as np

from slotdesk.availability.bits import Words, pick
from slotdesk.availability.intervals import Integers
from slotdesk.availability.values import AgentId, Slot

_CELLS_AT_ONCE = 4_000_000


class SlotList(Sequence[Slot]):
    """
    Slots, earliest first. A team's month has thousands of them and hundreds of thousands of ids, of which a page shows
    none and a booking one slot's: they are written out when they are read.

    starts    epoch seconds
    columns   each slot's column of `rows`, which hold one row of bits per agent, in the order of `ids`
    """

    def __init__(
        self, starts: Integers, duration: int, ids: tuple[AgentId, ...], rows: Words, columns: Integers
    ) -> None:
        self.starts: list[int] = starts.tolist()
        self._duration = duration
        self._ids = ids
        self._rows = rows
        self._columns = columns

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, index: int) -> Slot: ...

    @overload
    def __getitem__(self, index: slice) -> list[Slot]: ...

    def __getitem__(self, index: int | slice) -> Slot | list[Slot]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        start = self.starts[index]
        return Slot(start, start + self._duration, next(self._crews(self._columns[index, None])))

    def __iter__(self) -> Iterator[Slot]:
        at_once = max(1, _CELLS_AT_ONCE // max(1, len(self._ids)))
        parts = (self._columns[i : i + at_once] for i in range(0, len(self), at_once))
        ends = (start + self._duration for start in self.starts)
        slots = zip(self.starts, ends, chain.from_iterable(map(self._crews, parts)), strict=True)
        return map(partial(tuple.__new__, Slot), slots)

    def _crews(self, columns: Integers) -> Iterator[tuple[AgentId, ...]]:
        """For each column, the ids of the agents who are free there."""
        is_free = np.ascontiguousarray(pick(self._rows, columns).T).view(bool)
        names = np.empty(len(self._ids), object)
        names[:] = self._ids
        # No Python code runs for each id.
        free_ids = tuple(names[np.flatnonzero(is_free) % len(self._ids)].tolist())
        cuts = [0, *np.cumsum(np.count_nonzero(is_free, axis=1)).tolist()]
        return map(free_ids.__getitem__, map(slice, cuts, cuts[1:]))
