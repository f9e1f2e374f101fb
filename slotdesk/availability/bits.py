"""Rows of yes or no, packed 64 to a word."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slotdesk.availability.intervals import Integers, union

Words = NDArray[np.uint64]
_WORD = np.dtype("<u8")


def width_of(columns: int) -> int:
    """How many words hold this many columns and one more, where stretches that reach the end are switched off."""
    return columns // 64 + 1


def fill(row_count: int, width: int, owners: Integers, starts: Integers, ends: Integers) -> Words:
    """
    Return rows in which the columns from `starts[i]` up to, not including, `ends[i]` of row `owners[i]` are set.

    Stretches that touch or overlap are merged, and empty ones ignored; fastest in order of row and start.
    """
    stride = width * 64
    switches = np.zeros(row_count * stride, np.uint8)
    on_one_line = owners * stride
    filled = union((on_one_line + starts).astype(np.int32), (on_one_line + ends).astype(np.int32))
    switches[filled.starts] = 1
    switches[filled.ends] = 1
    words = np.packbits(switches, bitorder="little").view(_WORD)
    return _between_switches(words).reshape(row_count, width)


def _between_switches(words: Words) -> Words:
    """Set every bit that has an odd number of set bits at or below it; 64 at a time, which no plain running sum can."""
    for step in (1, 2, 4, 8, 16, 32):
        words = words ^ (words << np.uint64(step))
    is_on_at_end = (words >> np.uint64(63)).astype(bool)
    words[1:][np.logical_xor.accumulate(is_on_at_end)[:-1]] ^= np.uint64(0xFFFF_FFFF_FFFF_FFFF)
    return words


def unpack(words: Words, columns: int) -> NDArray[np.uint8]:
    """The first `columns` bits of every row, a byte each."""
    return np.unpackbits(words.astype(_WORD, copy=False).view(np.uint8), axis=-1, count=columns, bitorder="little")


def pick(words: Words, columns: Integers) -> NDArray[np.uint8]:
    """The given columns of every row, a byte each."""
    octets = words.astype(_WORD, copy=False).view(np.uint8)
    return (octets[:, columns >> 3] >> (columns & 7).astype(np.uint8)) & np.uint8(1)
