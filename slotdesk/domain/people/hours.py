"""Working hours as they are stored, to and from the engine's values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from slotdesk.availability.values import WeeklyRange


class BadHours(ValueError):
    """Stored or entered hours cannot be read; the message says which range and why."""


def clock_minutes(text: str) -> int:
    """Return minutes since midnight for "HH:MM", 24:00 included. Raises BadHours."""
    hour, colon, minute = text.partition(":")
    if not (colon and hour.isdigit() and minute.isdigit() and len(minute) == 2):
        raise BadHours(f"{text!r} is not a time such as 09:00.")
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > 24 * 60:
        raise BadHours(f"{text!r} is not between 00:00 and 24:00.")
    return total


def clock_text(minutes: int) -> str:
    """Return "HH:MM" for minutes since midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def read_hours(stored: Iterable[dict[str, Any]]) -> tuple[WeeklyRange, ...]:
    """Return stored hours as the engine's ranges. Raises BadHours; a range that starts when it ends is refused."""
    ranges = []
    for item in stored:
        days = frozenset(int(day) for day in item["days"])
        if not days <= frozenset(range(1, 8)):
            raise BadHours("Weekdays are 1 (Monday) to 7 (Sunday).")
        start, end = clock_minutes(item["start"]), clock_minutes(item["end"])
        if start == end:
            raise BadHours(f"{item['start']}-{item['end']}: a range must not end when it starts.")
        ranges.append(WeeklyRange(days, start, end))
    return tuple(ranges)


def write_hours(ranges: Iterable[WeeklyRange]) -> list[dict[str, Any]]:
    """Return ranges as they are stored."""
    return [
        {"days": sorted(item.days), "start": clock_text(item.start), "end": clock_text(item.end)} for item in ranges
    ]
