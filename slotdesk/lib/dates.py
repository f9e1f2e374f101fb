"""Dates and times as a language writes them, by the Unicode CLDR."""

from __future__ import annotations

import re
from datetime import date, time
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time, get_day_names, get_month_names

# Marks of direction, which CLDR puts between the numbers of some dates.
_MARKS = re.compile("[\u200e\u200f]")


def say_short_day(day: date, locale: Locale) -> str:
    """Return "Tue 24 Nov", "Tue, Nov 24", "mar 24 nov"."""
    return _say(day, _skeleton(locale, "MMMEd"), locale)


def say_long_day(day: date, locale: Locale) -> str:
    """Return "Tuesday 24 November", "Tuesday, November 24", "martes, 24 de noviembre"."""
    return _say(day, _long_pattern(locale), locale)


def say_full_day(day: date, locale: Locale) -> str:
    """Return "Tuesday, 24 November 2026", with its year."""
    return _say(day, str(locale.date_formats["full"].pattern), locale)


def say_months(first: date, last: date, locale: Locale) -> str:
    """Return "May 2027", "May – June 2027" or "December 2027 – January 2028"."""
    pattern = _skeleton(locale, "yMMMM")
    text = _say(last, pattern, locale)
    if (first.year, first.month) == (last.year, last.month):
        return text
    begin = _say(first, "LLLL" if first.year == last.year else pattern, locale)
    return f"{begin} – {text}"


def say_weekday(day: date, locale: Locale) -> str:
    """Return "Tue", "mar"."""
    return str(get_day_names("abbreviated", locale=locale)[day.weekday()])


def say_month(day: date, locale: Locale) -> str:
    """Return "Nov", "nov"."""
    return str(get_month_names("abbreviated", context="stand-alone", locale=locale)[day.month])


@lru_cache(maxsize=10_000)
def say_reading(hour: int, minute: int, locale: Locale, *, twelve_hours: bool) -> str:
    """Return "14:30", "2:30 PM", "2:30 م"; one form for all hours of the day."""
    pattern = _skeleton(locale, "hm") if twelve_hours else _padded(_skeleton(locale, "Hm"))
    return _clean(format_time(time(hour, minute), pattern, locale=locale))


def say_day_and_time(day: str, reading: str, locale: Locale) -> str:
    """Return both together: "Tue 24 Nov, 14:30"."""
    pattern = str(locale.datetime_formats["medium"])
    # "24 de novembro de 2026 14:30": a year beside an hour reads as one number, so they are parted everywhere.
    return pattern.replace("{1} {0}", "{1}, {0}").format(reading, day)


@lru_cache(maxsize=10_000)
def _say(day: date, pattern: str, locale: Locale) -> str:
    return _clean(format_date(day, pattern, locale=locale))


@lru_cache(maxsize=100)
def _long_pattern(locale: Locale) -> str:
    """CLDR names this one for few languages; it is the short one with whole words."""
    names = locale.datetime_skeletons
    short = _skeleton(locale, "MMMMEd" if "MMMMEd" in names else "MMMEd")
    return re.sub("M+", "MMMM", re.sub("E+", "EEEE", short))


def _skeleton(locale: Locale, name: str) -> str:
    return str(locale.datetime_skeletons[name].pattern)


def _padded(pattern: str) -> str:
    """Times stand in columns: "09:00", also where a language would write "9:00"."""
    return re.sub("H+", "HH", pattern)


def _clean(text: str) -> str:
    """Blanks of one kind, so that what is written can be found again; pages say themselves in which direction."""
    return _MARKS.sub("", text.replace("\u202f", "\u00a0"))
