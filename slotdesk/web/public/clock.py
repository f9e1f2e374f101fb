"""How a client reads times: in which zone, in the order and with the clock of their country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from django.utils.translation.trans_real import parse_accept_lang_header

from slotdesk.availability.wall_clock import day_bounds
from slotdesk.domain.messages.words import say_zone
from slotdesk.lib.dates import (
    say_day_and_time,
    say_full_day,
    say_long_day,
    say_month,
    say_months,
    say_reading,
    say_short_day,
    say_weekday,
)
from slotdesk.lib.habits import country_speaking, habits_of, locale_of
from slotdesk.web.public.zones import city_of, offset_text


@dataclass(frozen=True, slots=True)
class Clock:
    """
    A client's clock. Instants are epoch seconds UTC, dates are those of `zone`.

    zone        IANA name
    territory   ISO country whose habits are followed: "2:30 PM" or "14:30", Sunday or Monday first
    language    of words and dates, such as "pt-br"
    is_guess    neither the client nor their browser has named the zone: it is the account's
    """

    zone: str
    territory: str
    language: str = "en"
    is_guess: bool = False

    @property
    def named_zone(self) -> str:
        """The zone as it goes along from page to page, "" while nobody has named it."""
        return "" if self.is_guess else self.zone

    def date_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def local(self, epoch: int) -> datetime:
        return datetime.fromtimestamp(epoch, ZoneInfo(self.zone))

    def bounds(self, first: date, last: date) -> tuple[datetime, datetime]:
        """Return when the date `first` begins and when `last` is over, in UTC."""
        starts, ends = day_bounds(self.zone, first, last)
        return datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC)

    def time(self, local: datetime) -> str:
        """Return "14:30" or "2:30 PM"; an hour that comes twice carries its abbreviation, such as "01:30 CET"."""
        text = self.reading(local.hour, local.minute)
        comes_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        return f"{text} {say_zone(local, zone=self.zone)}" if comes_twice else text

    def reading(self, hour: int, minute: int) -> str:
        """What the clock reads then, on a day with every hour once."""
        return say_reading(hour, minute, self.locale, twelve_hours=self.has_twelve_hours)

    def period(self, starts: datetime, ends: datetime) -> str:
        """Return "14:30 – 15:00"; the end carries its weekday when it lies on another date."""
        end = self.time(ends) if ends.date() == starts.date() else f"{say_weekday(ends, self.locale)} {self.time(ends)}"
        return f"{self.time(starts)} – {end}"

    def short_day(self, day: date) -> str:
        """Return "Tue 24 Nov" or "Tue, Nov 24"."""
        return say_short_day(day, self.locale)

    def long_day(self, day: date) -> str:
        """Return "Tuesday 24 November" or "Tuesday, November 24"."""
        return say_long_day(day, self.locale)

    def full_day(self, day: date) -> str:
        """The long day with its year."""
        return say_full_day(day, self.locale)

    def start(self, epoch: int) -> str:
        """Return "Tue 24 Nov, 09:00"."""
        local = self.local(epoch)
        return say_day_and_time(self.short_day(local.date()), self.time(local), self.locale)

    def weekday(self, day: date) -> str:
        """Return "Tue"."""
        return say_weekday(day, self.locale)

    def month(self, day: date) -> str:
        """Return "Nov"."""
        return say_month(day, self.locale)

    def months(self, first: date, last: date) -> str:
        """Return "May 2027", "May – June 2027" or "December 2027 – January 2028"."""
        return say_months(first, last, self.locale)

    def first_of_week(self, day: date) -> date:
        """The day with which the day's week begins: a Sunday in the United States, a Monday in Germany."""
        return day - timedelta(days=(day.weekday() - habits_of(self.territory).first_weekday) % 7)

    def zone_label(self, at: datetime) -> str:
        """Return "Berlin (UTC+01:00)", with the offset that holds at the moment; "UTC" for UTC itself."""
        city, offset = city_of(self.zone, self.language), offset_text(self.zone, at)
        return city if city == offset else f"{city} ({offset})"

    @property
    def has_twelve_hours(self) -> bool:
        return habits_of(self.territory).twelve_hours

    @property
    def locale(self) -> Locale:
        return locale_of(self.language, month_first=habits_of(self.territory).month_first)


@lru_cache(maxsize=1000)
def territory_of(accept_language: str, *, country: str) -> str:
    """
    Return the ISO country whose habits a browser asks for, else `country`.

    "en-GB" names one itself, "de" means Germany; "en" alone says nothing about the country.
    """
    for tag, _quality in parse_accept_lang_header(accept_language):
        return _region_in(tag) or country_speaking(tag.partition("-")[0], otherwise=country)
    return country


def region_of(accept_language: str) -> str:
    """Return the ISO country that a browser's first language names itself, such as "DE" for "de-DE"; "" for none."""
    return next((_region_in(tag) for tag, _quality in parse_accept_lang_header(accept_language)), "")


def _region_in(tag: str) -> str:
    return next((part.upper() for part in tag.split("-")[1:] if len(part) == 2 and part.isalpha()), "")
