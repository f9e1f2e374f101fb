"""The time zones a client can choose from, called as in their language."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from babel.dates import get_timezone_location, get_timezone_name
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from slotdesk.lib.habits import locale_of
from slotdesk.lib.sorting import by_letters

_ENGLISH = "en"
SELECTED = mark_safe(" selected")
# What countries are called besides their names and codes.
_ALSO_CALLED = {
    "AE": "UAE",
    "GB": "UK England Scotland Wales",
    "NL": "Holland",
    "US": "USA America",
}
# As IANA's names begin.
_CONTINENTS = {
    "Africa": gettext_lazy("Africa"),
    "America": gettext_lazy("America"),
    "Antarctica": gettext_lazy("Antarctica"),
    "Arctic": gettext_lazy("Arctic"),
    "Asia": gettext_lazy("Asia"),
    "Atlantic": gettext_lazy("Atlantic"),
    "Australia": gettext_lazy("Australia"),
    "Europe": gettext_lazy("Europe"),
    "Indian": gettext_lazy("Indian Ocean"),
    "Pacific": gettext_lazy("Pacific"),
}


def is_zone(name: str) -> bool:
    """Whether a client may choose this zone; old aliases that browsers still report are among them."""
    return name in _names()


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones() - {"Factory", "localtime", "posixrules"})


@cache
def city_of(zone: str, language: str = _ENGLISH) -> str:
    """Return "Berlin" for Europe/Berlin, "Kolkata" for Asia/Calcutta; "Nueva York" in Spanish."""
    if "/" not in zone or zone.startswith("Etc/"):
        return zone.removeprefix("Etc/")
    locale = locale_of(language)
    for name in (zone, *_older_names().get(str(get_global("zone_aliases").get(zone, zone)), ())):
        if called := locale.time_zones.get(name, {}).get("city"):
            return str(called)
    city: str = get_timezone_location(zone, locale=locale, return_city=True)
    return (zone if city == _unknown_city(language) else city).rpartition("/")[2].replace("_", " ")


@cache
def _older_names() -> dict[str, list[str]]:
    """What zones of today were called before; many languages call their cities something by that name alone."""
    older = defaultdict(list)
    for old, new in get_global("zone_aliases").items():
        older[new].append(old)
    return older


@cache
def _unknown_city(language: str) -> str:
    """What a language calls a place that it does not know."""
    return str(locale_of(language).time_zones["Etc/Unknown"]["city"])


def offset_text(zone: str, at: datetime) -> str:
    """Return "UTC+05:45", "UTC−03:00" or "UTC", as it is at the moment."""
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    minutes = 0 if offset is None else int(offset.total_seconds()) // 60
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '−'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


@lru_cache(maxsize=24)
def all_options(day: date, language: str = _ENGLISH) -> SafeString:
    """
    Every zone as <option>s, by continent; made once a day, because the offsets change with the seasons.

    language   the one that is spoken
    """
    noon = datetime.combine(day, time(12), UTC)
    continents: dict[str, list[str]] = defaultdict(list)
    for zone, _country in _places():
        continent = zone.partition("/")[0]
        continents[str(_CONTINENTS.get(continent, continent))].append(zone)
    return format_html_join(
        "\n",
        '<optgroup label="{}">{}</optgroup>',
        (
            (
                continent,
                _options(_by_city(continents[continent], language), noon, language),
            )
            for continent in sorted(continents, key=by_letters)
        ),
    )


@lru_cache(maxsize=500)
def likely_options(current: str, country: str, day: date, language: str = _ENGLISH) -> SafeString:
    """The zone that is shown, selected, and those of the country."""
    noon = datetime.combine(day, time(12), UTC)
    of_country = [zone for zone, place in _places() if place == country and zone != current]
    return _options([current, *of_country], noon, language, selected=current)


def _by_city(zones: list[str], language: str) -> list[str]:
    return sorted(zones, key=lambda zone: by_letters(city_of(zone, language)))


def _options(zones: list[str], at: datetime, language: str, *, selected: str = "") -> SafeString:
    return format_html_join(
        "",
        '<option value="{}" data-find="{}"{}>{}</option>',
        (
            (
                zone,
                _find_words(zone, at.year, language),
                SELECTED if zone == selected else "",
                _option_text(zone, at, language),
            )
            for zone in zones
        ),
    )


def _option_text(zone: str, at: datetime, language: str) -> str:
    city, country = city_of(zone, language), _country_name(zone, language)
    place = gettext("%(city)s, %(country)s") % {"city": city, "country": country} if country else city
    return " · ".join(filter(None, (place, _common_name(zone, language), offset_text(zone, at))))


@cache
def country_of_zone(zone: str) -> str:
    """Return the ISO country that the zone is listed for, also under a former name; "" where there is none."""
    return _country_of().get(zone) or _country_of().get(str(get_global("zone_aliases").get(zone, zone)), "")


@cache
def _country_name(zone: str, language: str) -> str:
    """Return "Germany" for Europe/Berlin; empty where there is no country, or where the city is called like it."""
    name: str = locale_of(language).territories.get(_country_of().get(zone, ""), "")
    return "" if name == city_of(zone, language) else name


@cache
def _find_words(zone: str, year: int, language: str) -> str:
    """
    What people type who look for the zone, and its text does not say: "CET CEST DE", "EST EDT ET US USA"; in other
    languages also the country's English name.
    """
    country = _country_of().get(zone, "")
    names = (datetime(year, month, 1, tzinfo=ZoneInfo(zone)).tzname() or "" for month in (1, 7))
    common = _common_name(zone, _ENGLISH)
    initials = "".join(word[0] for word in common.split()) if common.endswith(" Time") else ""
    english = "" if language == _ENGLISH else _country_name(zone, _ENGLISH)
    also = _ALSO_CALLED.get(country, "")
    words = (*(name for name in names if name.isalpha()), initials, country, also, english)
    return " ".join(dict.fromkeys(filter(None, words)))


@cache
def _common_name(zone: str, language: str) -> str:
    """Return what people call it, such as "Eastern Time"; empty where it only repeats the place."""
    name: str = get_timezone_name(zone, locale=locale_of(language))
    return "" if "(" in name or "GMT" in name or city_of(zone, language) in name else name


@cache
def _country_of() -> dict[str, str]:
    return dict(_places())


@cache
def _places() -> tuple[tuple[str, str], ...]:
    """Every zone that IANA lists for a country, with the first country it is listed for."""
    lines = (files("tzdata.zoneinfo") / "zone.tab").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((row[2], row[0]) for row in rows)
