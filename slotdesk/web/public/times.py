"""The times that a page shows: seven days at a time, in days of the client's zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from slotdesk.availability.terms import Unit
from slotdesk.domain.booking.times import Times
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.connections.busy_mirror import HORIZON
from slotdesk.web.public.clock import Clock
from slotdesk.web.public.visit import Visit

_DAYS = 7
_PARTS = ((6, "Early morning"), (12, "Morning"), (17, "Afternoon"), (24, "Evening"))


@dataclass(frozen=True, slots=True)
class Start:
    """
    One time to pick.

    epoch        seconds UTC, which names it without any doubt
    is_present   the time that the appointment has, which is to be moved
    """

    epoch: int
    label: str
    is_present: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """The times of a morning, an afternoon, ..."""

    name: str
    starts: list[Start]


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    label: str
    parts: list[Part]
    is_today: bool

    @property
    def count(self) -> int:
        return sum(len(part.starts) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Week:
    """
    What the page of times shows.

    days        seven in a row; `chosen` is the first one with a time, None when the week has none
    earliest    on the first page: the earliest time of all
    next_free   when the week has none: the first later one, with the date of its week in next_free_date
    previous, next   first dates of the weeks before and after; None where nothing can be booked
    is_unknown  a calendar cannot be read, so that more times may exist
    """

    days: list[Day]
    chosen: date | None
    earliest: Start | None
    next_free: Start | None
    next_free_date: date | None
    previous: date | None
    next: date | None
    label: str
    is_unknown: bool

    @property
    def first(self) -> date:
        return self.days[0].date

    @property
    def count(self) -> int:
        return sum(day.count for day in self.days)


def list_week(visit: Visit, *, clock: Clock, first: date | None, now: datetime) -> Week:
    """
    Return the week that begins at `first`; None = the first one with something to offer.

    A date before today counts as today, and one beyond what can be booked as the last day that can.
    """
    today, last = clock.date_of(now), clock.date_of(_bookable_until(visit, now))
    begins = min(max(first or today, today), last)
    found = _ask(visit, clock, begins, _week_after(begins), now)
    starts = [slot.start for slot in found.slots]
    later = None
    if not starts and not found.is_unknown and _week_after(begins) <= last:
        rest = _ask(visit, clock, _week_after(begins), last + timedelta(days=1), now)
        later = rest.slots[0].start if rest.slots else None
        if later is not None and first is None:
            begins = clock.local(later).date()
            starts, later = [slot.start for slot in rest.slots], None
    present = _epoch(visit.moving.starts_at) if visit.moving else None
    days = _days(starts, clock, begins, today, present)
    earliest = next((start for start in starts if start != present), None)
    is_first_page = first is None or begins == today
    return Week(
        days=days,
        chosen=next((day.date for day in days if day.count), None),
        earliest=_named(earliest, clock) if earliest is not None and is_first_page else None,
        next_free=_named(later, clock) if later is not None else None,
        next_free_date=clock.local(later).date() if later is not None else None,
        previous=max(begins - timedelta(days=_DAYS), today) if begins > today else None,
        next=_week_after(begins) if _week_after(begins) <= last else None,
        label=clock.span(begins, _week_after(begins) - timedelta(days=1)),
        is_unknown=found.is_unknown,
    )


def is_offered(visit: Visit, starts_at: datetime, *, clock: Clock, now: datetime) -> bool:
    """
    Whether the time can be offered at this moment, as far as the mirror of the calendars knows.

    It saves the client from filling in a form in vain; the booking itself has the last word. A calendar that cannot be
    read says nothing against the time, so it counts as offered.
    """
    ends_at = starts_at + visit.duration
    found = visit.list_times(starts_at=starts_at, ends_at=ends_at, client_zone=clock.zone, now=now)
    return bool(found.slots) or found.is_unknown


def _week_after(first: date) -> date:
    return first + timedelta(days=_DAYS)


def _bookable_until(visit: Visit, now: datetime) -> datetime:
    """
    A moment after which nothing is offered; the engine knows the exact one.

    A window in days ends with a whole day on the agent's clock, which the client's may be up to a day behind.
    """
    terms = FrozenTerms.model_validate(visit.asked.terms)
    by_unit = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1), Unit.DAYS: timedelta(days=1)}
    unit = by_unit.get(terms.window_unit)
    if not terms.window_amount or unit is None:
        return now + HORIZON
    return now + min(HORIZON, terms.window_amount * unit + timedelta(days=1))


def _ask(visit: Visit, clock: Clock, first: date, end: date, now: datetime) -> Times:
    """The times that start on the dates from `first` until before `end`."""
    starts_at, ends_at = clock.bounds(first, end - timedelta(days=1))
    times = visit.list_times(
        starts_at=starts_at,
        ends_at=ends_at + visit.duration,  # the last one may run past midnight
        client_zone=clock.zone,
        now=now,
    )
    limit = int(ends_at.timestamp())
    return Times([slot for slot in times.slots if slot.start < limit], is_unknown=times.is_unknown)


def _days(starts: Iterable[int], clock: Clock, first: date, today: date, present: int | None) -> list[Day]:
    parts: dict[date, dict[str, list[Start]]] = defaultdict(lambda: defaultdict(list))
    end = _week_after(first)
    for epoch in starts:
        local = clock.local(epoch)
        if local.date() >= end:
            break
        name = next(name for hour, name in _PARTS if local.hour < hour)
        parts[local.date()][name].append(Start(epoch, clock.time(local), epoch == present))
    return [
        Day(
            date=day,
            label=clock.long_day(day),
            parts=[Part(name, found) for name, found in parts[day].items()],
            is_today=day == today,
        )
        for day in (first + timedelta(days=offset) for offset in range(_DAYS))
    ]


def _named(epoch: int, clock: Clock) -> Start:
    return Start(epoch, say_start(epoch, clock))


def say_start(epoch: int, clock: Clock) -> str:
    """Return "Tue 24 Nov, 09:00"."""
    local = clock.local(epoch)
    return f"{clock.short_day(local.date())}, {clock.time(local)}"


def say_period(starts_at: datetime, ends_at: datetime, clock: Clock) -> str:
    """Return "09:00 – 09:30"."""
    return clock.period(clock.local(_epoch(starts_at)), clock.local(_epoch(ends_at)))


def _epoch(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp())
