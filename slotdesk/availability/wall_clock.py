"""
Between a zone's wall clock and UTC: the only place that asks a time zone.

An instant is epoch seconds UTC. A wall time is counted alike, as if the wall clock were UTC: the local date's number
(days since 1970-01-01) times 86,400 plus the seconds since its midnight. A reading that the clock skips belongs to no
instant; one that it repeats belongs to two.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from slotdesk.availability.intervals import Integers, Intervals, union
from slotdesk.availability.lines import FAR, owners_of

DAY = 86_400
# Every so often a zone is asked for its offset: since 1970 none has kept one for less than a week but an hour.
_PROBE = 6 * DAY
_BLOCK = 5 * _PROBE
# Nearly all changes come at a full quarter of an hour, which is looked for first.
_QUARTER = 900
# What lies beside the zones on many machines: this machine's own, copies that count leap seconds, a placeholder.
_NOT_OF_IANA = ("localtime", "posix", "right/", "Factory")
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


class UnknownZone(ValueError):
    """No IANA time zone has this name."""


class Stretch(NamedTuple):
    """From `start` to `end` (instants, half-open) the wall clock reads the instant plus `offset` seconds."""

    start: int
    end: int
    offset: int


@lru_cache(maxsize=1024)
def get_zone(name: str) -> ZoneInfo:
    """The zone of this IANA name. Raises UnknownZone."""
    try:
        if name.startswith(_NOT_OF_IANA):
            raise ValueError
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownZone(f"{name[:60]!r} is not a time zone.") from error


def offset_at(zone: str, instant: int) -> int:
    """How many seconds the zone's wall clock is ahead of UTC at the instant."""
    return _offset(get_zone(zone), instant)


def _offset(zone: ZoneInfo, instant: int) -> int:
    offset = datetime.fromtimestamp(instant, zone).utcoffset()
    return 0 if offset is None else offset.days * DAY + offset.seconds


def stretches(zone: str, start: int, end: int) -> tuple[Stretch, ...]:
    """The stretches of equal offset that cover at least `[start, end)`, earliest first, without gaps."""
    return _stretches_of_blocks(zone, start // _BLOCK, (end - 1) // _BLOCK)


@lru_cache(maxsize=1024)
def _stretches_of_blocks(zone: str, first: int, last: int) -> tuple[Stretch, ...]:
    joined: list[Stretch] = []
    for block in range(first, last + 1):
        for stretch in _stretches_of_block(zone, block):
            if joined and joined[-1].offset == stretch.offset:
                joined[-1] = joined[-1]._replace(end=stretch.end)
            else:
                joined.append(stretch)
    return tuple(joined)


@lru_cache(maxsize=4096)
def _stretches_of_block(name: str, block: int) -> tuple[Stretch, ...]:
    zone = get_zone(name)
    start, end = block * _BLOCK, (block + 1) * _BLOCK
    probes = range(start, end + 1, _PROBE)
    offsets = [datetime.fromtimestamp(probe, zone).utcoffset() for probe in probes]
    since, offset = start, _offset(zone, start)
    found: list[Stretch] = []
    for i, probe in enumerate(probes[1:]):
        if offsets[i + 1] == offsets[i]:
            continue
        later = _offset(zone, probe)
        change = _first_with_offset(zone, later, probe - _PROBE, probe)
        if change < end:
            found.append(Stretch(since, change, offset))
            since, offset = change, later
    found.append(Stretch(since, end, offset))
    return tuple(found)


def _first_with_offset(zone: ZoneInfo, offset: int, before: int, at: int) -> int:
    for step in (_QUARTER, 1):
        while at - before > step:
            middle = before + (at - before) // step // 2 * step
            if _offset(zone, middle) == offset:
                at = middle
            else:
                before = middle
        if _offset(zone, at - 1) != offset:
            break
    return at


def to_instants(zones: Sequence[str], wall: Intervals) -> Intervals:
    """
    The instants at which the clock reads a time within `wall`: none for a skipped hour, two for a repeated one.

    zones   each owner's, by number; wall   wall times of all owners, each on their stretch of the line
    """
    if not len(wall.starts):
        return wall
    owners = owners_of(wall.starts)
    starts, ends = wall.starts - owners * FAR, wall.ends - owners * FAR
    numbers = {zone: number for number, zone in enumerate(dict.fromkeys(zones))}
    parts, offsets, shown = _parts_of(tuple(numbers), int(starts.min()) // DAY - 2, int(ends.max()) // DAY + 3)
    # From which part on, and before which, the wall clock shows something of each interval.
    on_line = np.array([numbers[zone] for zone in zones])[owners] * FAR
    first = np.searchsorted(shown.ends, starts + on_line, side="right")
    counts = np.searchsorted(shown.starts, ends + on_line) - first
    if (counts == 1).all():
        part = first
    else:
        owners, starts, ends = (np.repeat(each, counts) for each in (owners, starts, ends))
        part = np.arange(len(starts)) - np.repeat(np.cumsum(counts) - counts - first, counts)
    shift = owners * FAR
    return union(
        np.maximum(starts - offsets[part], parts.starts[part]) + shift,
        np.minimum(ends - offsets[part], parts.ends[part]) + shift,
    )


@lru_cache(maxsize=256)
def _parts_of(zones: tuple[str, ...], first_day: int, last_day: int) -> tuple[Intervals, Integers, Intervals]:
    """
    The zones' stretches one after another: as instants, their offsets, and the wall times that they show.

    The latter lie on a line, each zone's on its own stretch of it.
    """
    each = [(n, part) for n, zone in enumerate(zones) for part in stretches(zone, first_day * DAY, last_day * DAY)]
    starts, ends, offsets = np.array([part for _, part in each], np.int64).T
    shift = np.array([n for n, _ in each], np.int64) * FAR + offsets
    return Intervals(starts, ends), offsets, Intervals(starts + shift, ends + shift)


def to_wall(zone: str, instants: Integers) -> Integers:
    """What the wall clock reads at each instant, as wall times."""
    if not len(instants):
        return instants
    parts = stretches(zone, int(instants.min()), int(instants.max()) + 1)
    if len(parts) == 1:
        return instants + parts[0].offset
    which = np.searchsorted(np.array([part.start for part in parts[1:]]), instants, side="right")
    offsets = np.array([part.offset for part in parts], np.int64)
    wall: Integers = instants + offsets[which]
    return wall


def wall_time(zone: str, instant: int) -> int:
    """What the wall clock reads at the instant, as a wall time."""
    return instant + offset_at(zone, instant)


def first_instant(zone: str, wall: int) -> int:
    """The first instant at which the wall clock reads this wall time, or is past it when it skips it."""
    parts = stretches(zone, wall - 2 * DAY, wall + 2 * DAY)
    return next(instant for part in parts if (instant := max(part.start, wall - part.offset)) < part.end)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH_ORDINAL


def date_of(number: int) -> date:
    """The date with this day number."""
    return date.fromordinal(number + _EPOCH_ORDINAL)


def day_bounds(zone: str, first: date, last: date) -> tuple[int, int]:
    """The instants at which the local date `first` begins and the local date `last` is over, for all-day events."""
    return first_instant(zone, day_number(first) * DAY), first_instant(zone, (day_number(last) + 1) * DAY)
