"""The time zones a client can choose from."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import get_timezone_location, get_timezone_name
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

_ENGLISH = "en"
SELECTED = mark_safe(" selected")
# What countries are called besides their names and codes.
_ALSO_CALLED = {
    "AE": "UAE",
    "GB": "UK England Scotland Wales",
    "NL": "Holland",
    "US": "USA America",
}


def is_zone(name: str) -> bool:
    """Whether a client may choose this zone; old aliases that browsers still report are among them."""
    return name in _names()


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones() - {"Factory", "localtime", "posixrules"})


@cache
def city_of(zone: str) -> str:
    """Return "Berlin" for Europe/Berlin, "Kolkata" for Asia/Calcutta."""
    if "/" not in zone or zone.startswith("Etc/"):
        return zone.removeprefix("Etc/")
    city: str = get_timezone_location(zone, locale=_ENGLISH, return_city=True)
    return (zone if city == "Unknown City" else city).rpartition("/")[2].replace("_", " ")


def offset_text(zone: str, at: datetime) -> str:
    """Return "UTC+05:45", "UTC−03:00" or "UTC", as it is at the moment."""
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    minutes = 0 if offset is None else int(offset.total_seconds()) // 60
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '−'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


@lru_cache(maxsize=8)
def all_options(day: date) -> SafeString:
    """Every zone as <option>s, by continent; made once a day, because the offsets change with the seasons."""
    noon = datetime.combine(day, time(12), UTC)
    continents: dict[str, list[str]] = defaultdict(list)
    for zone, _country in _places():
        continents[zone.partition("/")[0]].append(zone)
    return format_html_join(
        "\n",
        '<optgroup label="{}">{}</optgroup>',
        ((continent, _options(sorted(zones, key=city_of), noon)) for continent, zones in sorted(continents.items())),
    )


@lru_cache(maxsize=500)
def likely_options(current: str, country: str, day: date) -> SafeString:
    """The zone that is shown, selected, and those of the country."""
    noon = datetime.combine(day, time(12), UTC)
    of_country = [zone for zone, place in _places() if place == country and zone != current]
    return _options([current, *of_country], noon, selected=current)


def _options(zones: list[str], at: datetime, *, selected: str = "") -> SafeString:
    return format_html_join(
        "",
        '<option value="{}" data-find="{}"{}>{}</option>',
        (
            (zone, _find_words(zone, at.year), SELECTED if zone == selected else "", _option_text(zone, at))
            for zone in zones
        ),
    )


def _option_text(zone: str, at: datetime) -> str:
    place = ", ".join(filter(None, (city_of(zone), _country_name(zone))))
    return " · ".join(filter(None, (place, _common_name(zone), offset_text(zone, at))))


@cache
def _country_name(zone: str) -> str:
    """Return "Germany" for Europe/Berlin; empty where there is no country, or where the city is called like it."""
    name: str = Locale(_ENGLISH).territories.get(_country_of().get(zone, ""), "")
    return "" if name == city_of(zone) else name


@cache
def _find_words(zone: str, year: int) -> str:
    """What people type who look for the zone, and its text does not say: "CET CEST DE", "EST EDT ET US USA"."""
    country = _country_of().get(zone, "")
    names = (datetime(year, month, 1, tzinfo=ZoneInfo(zone)).tzname() or "" for month in (1, 7))
    common = _common_name(zone)
    initials = "".join(word[0] for word in common.split()) if common.endswith(" Time") else ""
    words = (*(name for name in names if name.isalpha()), initials, country, _ALSO_CALLED.get(country, ""))
    return " ".join(dict.fromkeys(filter(None, words)))


@cache
def _common_name(zone: str) -> str:
    """Return what people call it, such as "Eastern Time"; empty where it only repeats the place."""
    name: str = get_timezone_name(zone, locale=_ENGLISH)
    return "" if "(" in name or "GMT" in name or city_of(zone) in name else name


@cache
def _country_of() -> dict[str, str]:
    return dict(_places())


@cache
def _places() -> tuple[tuple[str, str], ...]:
    """Every zone that IANA lists for a country, with the first country it is listed for."""
    lines = (files("tzdata.zoneinfo") / "zone.tab").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((row[2], row[0]) for row in rows)
