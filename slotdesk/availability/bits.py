"""Rows of yes or no, packed 64 to a word."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slotdesk.availability.intervals import Integers

Words = NDArray[np.uint64]
_WORD = np.dtype("<u8")


def width_of(columns: int) -> int:
    """How many words hold this many columns and one more, where stretches that reach the end are switched off."""
    return columns // 64 + 1


def fill(row_count: int, width: int, owners: Integers, starts: Integers, ends: Integers) -> Words:
    """
    Return rows in which the columns from `starts[i]` up to, not including, `ends[i]` of row `owners[i]` are set.

    Stretches come in order of row and start; those that touch or overlap are merged, and empty ones ignored.
    """
    stride = width * 64
    switches = np.zeros(row_count * stride, np.uint8)
    is_real = ends > starts
    at = owners[is_real] * stride
    begins, reach = at + starts[is_real], np.maximum.accumulate(at + ends[is_real])
    if len(begins):
        is_new = np.append(True, begins[1:] > reach[:-1])
        switches[begins[is_new]] = 1
        switches[reach[np.append(is_new[1:], True)]] = 1
    words = np.packbits(switches, bitorder="little").view(_WORD)
    return _between_switches(words).reshape(row_count, width)


def _between_switches(words: Words) -> Words:
    """Set every bit that has an odd number of set bits at or below it; 64 at a time, which no plain running sum can."""
    for step in (1, 2, 4, 8, 16, 32):
        words = words ^ (words << np.uint64(step))
    is_on_at_end = (words >> np.uint64(63)).astype(bool)
    is_on_before = np.append(False, np.logical_xor.accumulate(is_on_at_end)[:-1])
    return words ^ np.where(is_on_before, np.uint64(0xFFFF_FFFF_FFFF_FFFF), np.uint64(0))


def unpack(words: Words, columns: int) -> NDArray[np.uint8]:
    """The first `columns` bits of every row, a byte each."""
    return np.unpackbits(words.astype(_WORD, copy=False).view(np.uint8), axis=-1, count=columns, bitorder="little")


def pick(words: Words, columns: Integers) -> NDArray[np.uint8]:
    """The given columns of every row, a byte each."""
    octets = words.astype(_WORD, copy=False).view(np.uint8)
    return (octets[:, columns >> 3] >> (columns & 7).astype(np.uint8)) & np.uint8(1)
