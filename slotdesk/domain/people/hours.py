"""Working hours as they are stored, to and from the engine's values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import pgettext

from slotdesk.availability.values import MinuteRange, WeeklyRange
from slotdesk.domain.people.models import Agent

_DAY = 24 * 60
_WEEK = 7 * _DAY


class BadHours(ValueError):
    """Stored or entered hours cannot be read; the message says which range and why."""


def clock_minutes(text: str) -> int:
    """Return minutes since midnight for "HH:MM", 24:00 included. Raises BadHours."""
    hour, colon, minute = text.partition(":")
    if not (colon and hour.isdigit() and minute.isdigit() and len(minute) == 2):
        raise BadHours(pgettext("staff", "%(text)s is not a time such as 09:00.") % {"text": repr(text)})
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > 24 * 60:
        raise BadHours(pgettext("staff", "%(text)s is not between 00:00 and 24:00.") % {"text": repr(text)})
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
            raise BadHours(pgettext("staff", "Weekdays are 1 (Monday) to 7 (Sunday)."))
        start, end = clock_minutes(item["start"]), clock_minutes(item["end"])
        if start == end:
            raise BadHours(
                pgettext("staff", "%(start)s-%(end)s: a range must not end when it starts.")
                % {"start": item["start"], "end": item["end"]}
            )
        ranges.append(WeeklyRange(days, start, end))
    return tuple(ranges)


def write_hours(ranges: Iterable[WeeklyRange]) -> list[dict[str, Any]]:
    """Return ranges as they are stored."""
    return [
        {"days": sorted(item.days), "start": clock_text(item.start), "end": clock_text(item.end)} for item in ranges
    ]


def settle_choices(agent: Agent) -> None:
    """
    Set the hours and the holiday list that count from what was chosen. The agent is not stored.

    Hours that were never read, or never entered, leave those that count as they are. Raises BadHours.
    """
    base = agent.psa_hours if agent.hours_from == Agent.HoursFrom.PSA else agent.own_hours
    if base is not None:
        agent.hours = write_hours(keep_free(read_hours(base), read_hours(agent.kept_free)))
    if agent.holidays_from == Agent.HolidaysFrom.PSA:
        agent.holiday_list = agent.psa_holiday_list


def keep_free(hours: Iterable[WeeklyRange], kept: Iterable[WeeklyRange]) -> tuple[WeeklyRange, ...]:
    """
    Return the hours without the stretches that are kept free, both on the week's wall clock.

    What is left of a night shift stays the evening's, as long as it touches the evening's date.
    """
    ranges, holes = tuple(hours), _week_line(kept)
    if not holes:
        return ranges
    days_of: dict[MinuteRange, set[int]] = defaultdict(set)
    for item in ranges:
        for day in item.days:
            start = (day - 1) * _DAY + item.start
            for left_start, left_end in _without(start, start + _length(item), holes):
                weekday, minute = divmod(left_start, _DAY)
                end = minute + left_end - left_start
                days_of[minute, end - _DAY if end > _DAY else end].add(weekday % 7 + 1)
    left = (WeeklyRange(frozenset(days), start, end) for (start, end), days in days_of.items())
    return tuple(sorted(left, key=lambda item: (min(item.days), item.start, item.end)))


def _length(item: WeeklyRange) -> int:
    return item.end - item.start if item.end > item.start else item.end - item.start + _DAY


def _week_line(ranges: Iterable[WeeklyRange]) -> list[MinuteRange]:
    """Minutes since Monday's midnight, in order; once a week earlier and later, since Sunday's night is Monday's."""
    starts = [((day - 1) * _DAY + item.start, _length(item)) for item in ranges for day in item.days]
    return sorted((start + shift, start + shift + length) for start, length in starts for shift in (-_WEEK, 0, _WEEK))


def _without(start: int, end: int, holes: Iterable[MinuteRange]) -> list[MinuteRange]:
    left = []
    for hole_start, hole_end in holes:
        if hole_end <= start or hole_start >= end:
            continue
        if hole_start > start:
            left.append((start, hole_start))
        start = max(start, hole_end)
    return [*left, (start, end)] if start < end else left
