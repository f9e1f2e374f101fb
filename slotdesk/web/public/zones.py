"""The time zones a client can choose from."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import get_timezone_location, get_timezone_name
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_ENGLISH = "en"


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
    return format_html(
        '<option value="{}" selected>{}</option>{}',
        current,
        _option_text(current, noon),
        _options(of_country, noon),
    )


def _options(zones: list[str], at: datetime) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', ((zone, _option_text(zone, at)) for zone in zones))


def _option_text(zone: str, at: datetime) -> str:
    return " · ".join(filter(None, (city_of(zone), _common_name(zone), offset_text(zone, at))))


@cache
def _common_name(zone: str) -> str:
    """Return what people call it, such as "Eastern Time"; empty where it only repeats the place."""
    name: str = get_timezone_name(zone, locale=_ENGLISH)
    return "" if "(" in name or "GMT" in name or city_of(zone) in name else name


@cache
def _places() -> tuple[tuple[str, str], ...]:
    """Every zone that IANA lists for a country, with the first country it is listed for."""
    lines = (files("tzdata.zoneinfo") / "zone.tab").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((row[2], row[0]) for row in rows)
