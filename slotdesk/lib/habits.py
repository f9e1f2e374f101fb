"""How languages and people of a country write dates and times, and when their week begins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global


@lru_cache(maxsize=100)
def locale_of(language: str, *, month_first: bool = False) -> Locale:
    """
    Return how a language ("de", "pt-br") writes dates, lists and names.

    month_first   English has two ways: "November 24", as in the United States, or "24 November"
    """
    if language == "en":
        return Locale("en", "US" if month_first else "GB")
    return Locale.parse(language, sep="-")


@dataclass(frozen=True, slots=True)
class Habits:
    """
    twelve_hours    "2:30 PM", not "14:30"
    month_first     "November 24", not "24 November"
    first_weekday   with which a week begins; 0 is Monday
    """

    twelve_hours: bool
    month_first: bool
    first_weekday: int


def country_speaking(language: str, *, otherwise: str) -> str:
    """Return the ISO country that most who speak the language live in; English says nothing about the country."""
    likely: str = get_global("likely_subtags").get(language.partition("-")[0], "")
    return likely.rpartition("_")[2] if language != "en" and likely else otherwise


@lru_cache(maxsize=300)
def habits_of(country: str) -> Habits:
    """Return the habits of an ISO country; those of Britain for one that is not known."""
    try:
        own = Locale.parse(f"und_{country}")
    except (UnknownLocaleError, ValueError):
        own = Locale("en", "GB")
    try:
        english = Locale("en", country or "150")
    except UnknownLocaleError:
        english = Locale("en", "150")
    return Habits(
        twelve_hours="a" in own.time_formats["short"].pattern,
        month_first=english.datetime_skeletons["MMMd"].pattern.startswith("M"),
        first_weekday=own.first_week_day,
    )
