"""Choosing a time as staff: the free ones of a day on their clock, or any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils.translation import pgettext, pgettext_lazy

from slotdesk.availability.wall_clock import day_bounds
from slotdesk.domain.booking.explaining import TimeExplained
from slotdesk.domain.booking.times import Times
from slotdesk.domain.messages.words import say_time, say_zone
from slotdesk.web.why_not import NoSuchTime, read_moments

# 1 January 2100: later times are typing errors or attacks.
_LAST_EPOCH = 4_102_444_800
TAKEN = pgettext_lazy(
    "staff", "This time is taken. An appointment is never booked over another one, or over what is in a calendar."
)
UNREAD = pgettext_lazy(
    "staff", "A calendar cannot be read now, so nobody knows whether the time is free. Try again in a few minutes."
)


@dataclass(frozen=True, slots=True)
class Free:
    """One time that can be booked by the rules. start: epoch seconds, which name it without any doubt."""

    start: int
    label: str


@dataclass(frozen=True, slots=True)
class Day:
    """
    The times of a date on the clock of `zone`.

    zone         IANA; clock: for people, such as "New York (EDT)"
    is_unknown   a calendar could not be read, so that more may exist
    """

    date: date
    zone: str
    clock: str
    free: list[Free]
    is_unknown: bool


@dataclass(frozen=True, slots=True)
class Warned:
    """A time that the rules speak against: which ones, person by person."""

    when: str
    explained: TimeExplained


def read_date(text: str, *, today: date) -> date:
    """The date that a form names; today where it names none, or none that there is."""
    try:
        return max(date.fromisoformat(text), today)
    except ValueError:
        return today


def list_day(
    chosen: date, *, zone: str, country: str, now: datetime, list_between: Callable[[datetime, datetime], Times]
) -> Day:
    """Return the date's free times. list_between: what can be booked in a period (UTC)."""
    first, last = (datetime.fromtimestamp(each, UTC) for each in day_bounds(zone, chosen, chosen))
    times = list_between(max(first, now), last)
    free = []
    for slot in times.slots:
        moment = datetime.fromtimestamp(slot.start, UTC)
        if moment < last:
            free.append(Free(slot.start, say_time(moment, zone=zone, country=country)))
    clock = f"{zone.rpartition('/')[2].replace('_', ' ')} ({say_zone(max(first, now), zone=zone)})"
    return Day(chosen, zone, clock, free, times.is_unknown)


def read_choice(sent: Mapping[str, str], *, zone: str, now: datetime) -> datetime:
    """
    Return the time (UTC) that the form names: `time` on the clock of `zone` where it is filled in, else `start`.

    Of an hour that comes twice it is the first; the second is among the free times. Raises NoSuchTime.
    """
    clock = sent.get("time", "").strip()
    if clock:
        return read_moments(sent.get("date", ""), clock, zone=zone, now=now)[0]
    text = sent.get("start", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 0 < int(text) < _LAST_EPOCH):
        raise NoSuchTime(pgettext("staff", "Choose one of the free times, or enter another one."))
    return datetime.fromtimestamp(int(text), UTC)
