"""Dates and times as people read them, in the language that is spoken just now: English, unless a client reads."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from django.utils.translation import get_language

from slotdesk.domain.tenants.models import Account
from slotdesk.lib.dates import say_day_and_time, say_full_day, say_reading
from slotdesk.lib.habits import country_speaking, habits_of, locale_of


def say_time(moment: datetime, *, zone: str, country: str) -> str:
    """Return "2:30 PM" or "14:30" on the zone's clock."""
    local = moment.astimezone(ZoneInfo(zone))
    twelve_hours = habits_of(country).twelve_hours
    return say_reading(local.hour, local.minute, _locale(country), twelve_hours=twelve_hours)


def say_moment(moment: datetime, *, zone: str, country: str) -> str:
    """
    Return "Tuesday, 24 November 2026, 14:30 CET" or "Tuesday, November 24, 2026, 2:30 PM EST", by the country's habits.

    The abbreviation tells a repeated hour's two halves apart.
    """
    locale = _locale(country)
    day = say_full_day(moment.astimezone(ZoneInfo(zone)).date(), locale)
    reading = f"{say_time(moment, zone=zone, country=country)} {say_zone(moment, zone=zone)}"
    return say_day_and_time(day, reading, locale)


def _locale(country: str) -> Locale:
    return locale_of(get_language() or "en", month_first=habits_of(country).month_first)


def country_read_in(account: Account) -> str:
    """Whose habits a client's times follow: the account's country's, and of another language than its its speakers'."""
    spoken = get_language() or account.language
    return account.country if spoken == account.language else country_speaking(spoken, otherwise=account.country)


def say_zone(moment: datetime, *, zone: str) -> str:
    """Return "CET", or "UTC+05:45" where a zone has no letters of its own."""
    name = moment.astimezone(ZoneInfo(zone)).strftime("%Z")
    if name[:1] in "+-":
        hours, minutes = name[1:3], name[3:5] or "00"
        return f"UTC{name[0]}{hours}:{minutes}"
    return name
