"""What the page of times shows: a month of days, and the times of each, on the client's calendar and clock."""

from __future__ import annotations

import html
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy, ngettext

from slotdesk.web.public.clock import Clock
from slotdesk.web.public.times import epoch_of, last_bookable_date, list_starts, say_start
from slotdesk.web.public.visit import Visit

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
# At the end of a month, its last days alone would be a poor choice.
_FEWEST = 4 * _WEEK
_PARTS = (
    (6, gettext_lazy("Early morning")),
    (12, gettext_lazy("Morning")),
    (17, gettext_lazy("Afternoon")),
    (24, gettext_lazy("Evening")),
)


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

    name: str | Promise
    starts: list[Start]

    @property
    def buttons(self) -> SafeString:
        """The times as a list's items. A month has hundreds: a template would take most of the page's time for them."""
        return mark_safe("\n".join(map(_button, self.starts)))  # noqa: S308, every label is escaped


@dataclass(frozen=True, slots=True)
class Day:
    """
    One square of the calendar.

    is_past      before today, so that it only fills its week
    month     its month's name, where another one begins than the one before
    """

    date: date
    label: str
    parts: list[Part]
    is_today: bool
    is_past: bool
    month: str

    @property
    def count(self) -> int:
        return sum(len(part.starts) for part in self.parts)

    @property
    def says(self) -> str:
        """What a square of the calendar is for those who hear the page."""
        label = gettext("%(day)s, today") % {"day": self.label} if self.is_today else self.label
        if not self.count:
            return gettext("%(day)s: no times") % {"day": label}
        text = ngettext("%(day)s: %(count)s time", "%(day)s: %(count)s times", self.count)
        return text % {"day": label, "count": self.count}


@dataclass(frozen=True, slots=True)
class Month:
    """
    What the page of times shows: whole weeks.

    days        weekdays heads their columns; chosen is the one whose times are shown first, None when no day has any
    earliest    the earliest time of all, where the month begins today
    next_free   when the month has none: the first later one, on next_free_date
    previous, next   dates that lead to the months before and after; None where nothing more can be booked
    is_unknown  a calendar cannot be read, so that more times may exist
    """

    days: list[Day]
    weekdays: list[str]
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
        """The first date that can be chosen."""
        return next(day.date for day in self.days if not day.is_past)

    @property
    def count(self) -> int:
        return sum(day.count for day in self.days)


@dataclass(frozen=True, slots=True)
class _Weeks:
    """The weeks in which a month is shown; begins and ends are the first and the last square, month its first date."""

    month: date
    begins: date
    ends: date

    @property
    def dates(self) -> list[date]:
        return [self.begins + _DAY * number for number in range((self.ends - self.begins).days + 1)]


def list_month(visit: Visit, *, clock: Clock, first: date | None, now: datetime) -> Month:
    """
    Return the month of the date `first`, which is shown if it has times; None = the first month that has any.

    A date before today counts as today, and one beyond what can be booked as the last day that can.
    """
    today, last = clock.date_of(now), last_bookable_date(visit, clock, now)
    wanted = min(max(first or today, today), last)
    weeks = _weeks_of(wanted, clock, today, last)
    found = list_starts(visit, clock, max(weeks.begins, today), weeks.ends, now=now)
    epochs, later = found.epochs, None
    if not epochs and not found.is_unknown and weeks.ends < last:
        rest = list_starts(visit, clock, weeks.ends + _DAY, last, now=now).epochs
        later = rest[0] if rest else None
        if later is not None and first is None:
            weeks = _weeks_of(clock.local(later).date(), clock, today, last)
            epochs, later = rest, None
    present = epoch_of(visit.moving.starts_at) if visit.moving else None
    days = _days(epochs, clock, weeks, today, present)
    free = [day.date for day in days if day.count]
    earliest = next((epoch for epoch in epochs if epoch != present), None)
    # Whoever named no date sees the first month that has something, so that nothing comes before it.
    is_first = first is None or weeks.begins <= today
    return Month(
        days=days,
        weekdays=[clock.weekday(day.date) for day in days[:7]],
        chosen=next((day for day in free if day >= wanted), free[0] if free else None),
        earliest=_named(earliest, clock) if earliest is not None and is_first else None,
        next_free=_named(later, clock) if later is not None else None,
        next_free_date=clock.local(later).date() if later is not None else None,
        previous=max(_month_before(weeks.month), today) if weeks.begins > today else None,
        next=_month_after(weeks.month) if weeks.ends < last else None,
        label=clock.months(max(weeks.month, today), _last_shown_month(weeks)),
        is_unknown=found.is_unknown,
    )


def _weeks_of(wanted: date, clock: Clock, today: date, last: date) -> _Weeks:
    """The whole weeks of the date's month, without those that are over and those after the last bookable date."""
    month = wanted.replace(day=1)
    begins = clock.first_of_week(max(month, today))
    ends = max(_month_after(month) - _DAY, begins + _FEWEST - _DAY if begins <= today else month)
    return _Weeks(month, begins, clock.first_of_week(min(ends, max(last, wanted))) + _WEEK - _DAY)


def _last_shown_month(weeks: _Weeks) -> date:
    """A few days that fill a month's last week do not make another month of it; weeks beyond that do."""
    after = _month_after(weeks.month)
    return weeks.ends if weeks.ends >= after + _WEEK else weeks.month


def _month_after(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _month_before(month: date) -> date:
    return (month.replace(day=1) - _DAY).replace(day=1)


def _days(epochs: Sequence[int], clock: Clock, weeks: _Weeks, today: date, present: int | None) -> list[Day]:
    dates = weeks.dates
    edges = [epoch_of(clock.bounds(day, day)[0]) for day in (*dates, dates[-1] + _DAY)]
    cuts = [bisect_left(epochs, edge) for edge in edges]
    return [
        Day(
            date=day,
            label=clock.long_day(day),
            parts=_parts(epochs[cuts[number] : cuts[number + 1]], edges[number], edges[number + 1], clock, present),
            is_today=day == today,
            is_past=day < today,
            month=clock.month(day) if (day.day == 1 if number else day < weeks.month) else "",
        )
        for number, day in enumerate(dates)
    ]


def _parts(epochs: Sequence[int], begins: int, ends: int, clock: Clock, present: int | None) -> list[Part]:
    parts: dict[int, list[Start]] = {}
    is_plain = ends - begins == _DAY.total_seconds()
    for epoch in epochs:
        if is_plain:
            hour, minute = divmod((epoch - begins) // 60, 60)
            label = clock.reading(hour, minute)
        else:  # clocks change on this day
            local = clock.local(epoch)
            hour, label = local.hour, clock.time(local)
        number = next(number for number, (until, _name) in enumerate(_PARTS) if hour < until)
        parts.setdefault(number, []).append(Start(epoch, label, epoch == present))
    return [Part(_PARTS[number][1], starts) for number, starts in parts.items()]


def _button(start: Start) -> str:
    label = html.escape(start.label)
    if not start.is_present:
        return f'<li><button name="start" value="{start.epoch}">{label}</button></li>'
    now = gettext("(your time now)")  # within the f-string it would not be found for the catalogues
    note = f'<span class="hidden"> {html.escape(now)}</span>'
    return f'<li><button class="present" name="start" value="{start.epoch}">{label}{note}</button></li>'


def _named(epoch: int, clock: Clock) -> Start:
    return Start(epoch, say_start(epoch, clock))
