"""
Time-zone names of vendors → IANA names.

Windows names come from Unicode CLDR (through Babel), cities and aliases from the IANA database itself; only the few
region names that Windows writes on its labels are listed by hand. What is not known is None, never UTC.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global

# "(GMT-05:00) Eastern Time (US & Canada)", "(UTC) Coordinated Universal Time"
_LABEL = re.compile(r"^\((?:GMT|UTC)(?:\s*([+-]?)\s*(\d{1,2}):?(\d{2})?)?\)\s*(.+)$", re.IGNORECASE)

# Regions on Windows labels that are neither a city nor the beginning of a Windows name.
_REGIONS = {
    "abu dhabi": "Asia/Dubai",
    "alaska": "America/Anchorage",
    "arizona": "America/Phoenix",
    "atlantic time (canada)": "America/Halifax",
    "baja california": "America/Tijuana",
    "beijing": "Asia/Shanghai",
    "brasilia": "America/Sao_Paulo",
    "cape verde is.": "Atlantic/Cape_Verde",
    "central america": "America/Guatemala",
    "city of buenos aires": "America/Argentina/Buenos_Aires",
    "coordinated universal time": "Etc/UTC",
    "dublin": "Europe/London",  # the label reads "Dublin, Edinburgh, Lisbon, London", and so do the clocks
    "greenland": "America/Nuuk",
    "hawaii": "Pacific/Honolulu",
    "indiana (east)": "America/Indiana/Indianapolis",
    "newfoundland": "America/St_Johns",
    "nuku'alofa": "Pacific/Tongatapu",
    "saskatchewan": "America/Regina",
    "solomon is.": "Pacific/Guadalcanal",
    "sri jayawardenepura": "Asia/Colombo",
    "utc": "Etc/UTC",
    "west central africa": "Africa/Lagos",
    "yangon (rangoon)": "Asia/Yangon",
}
_US_OR_CANADA = re.compile(r"^(eastern|central|mountain|pacific) time(?: \(us & canada\))?$")


def find_zone(name: str) -> str | None:
    """
    Return the IANA name that a vendor's zone name means, None when it is unknown or ambiguous.

    Knows IANA names and aliases ("America/New_York", "US/Eastern", "us eastern"), Windows names ("W. Europe Standard
    Time") and Windows labels ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi"). A label whose offset is not the
    zone's own is refused. So are bare abbreviations and words: "EST" is Panama to IANA, "Eastern" may be Australia.
    """
    text = " ".join(name.split())
    label = _LABEL.match(text)
    if not label:
        return _find_by_name(text)
    sign, hours, minutes, places = label.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    places = places.rpartition(" : ")[2]  # "Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London"
    for candidate in (places, *places.split(",")):
        zone = _find_by_name(candidate.strip())
        if zone is not None and offset == _standard_offset(zone):
            return zone
    return None


def _find_by_name(text: str) -> str | None:
    key = _fold(text)
    if key in _REGIONS:
        return _REGIONS[key]
    # An alias first: "US Eastern" is New York as "US/Eastern", but Indianapolis as "US Eastern Standard Time".
    iana = _iana_names().get(key) or _iana_names().get(key.replace(" ", "/", 1).replace(" ", "_"))
    if iana is not None:
        return iana
    common = _US_OR_CANADA.match(key)
    windows = _windows_names().get(f"{common[1]} standard time" if common else key)
    if windows is None and " " in key:
        windows = _windows_names().get(f"{key} standard time")
    return windows or _cities().get(key)


@cache
def _iana_names() -> dict[str, str]:
    """Every IANA name with a slash, folded → the name in use today."""
    links = _links()
    return {_fold(name): links.get(name, name) for name in available_timezones() if "/" in name}


@cache
def _windows_names() -> dict[str, str]:
    links = _links()
    mapping: Mapping[str, str] = get_global("windows_zone_mapping")
    return {_fold(windows): links.get(iana, iana) for windows, iana in mapping.items()}


@cache
def _cities() -> dict[str, str]:
    """City → zone, for the cities that name a zone; "Amsterdam" is Europe/Amsterdam."""
    cities: dict[str, str] = {}
    for name in sorted(_places()):
        cities.setdefault(_fold(name.rsplit("/", 1)[1].replace("_", " ")), name)
    return cities


@cache
def _places() -> frozenset[str]:
    """The names that IANA lists for some country: those in use, as opposed to aliases kept for old programs."""
    lines = (files("tzdata.zoneinfo") / "zone.tab").read_text("utf-8").splitlines()
    return frozenset(line.split("\t")[2] for line in lines if line and not line.startswith("#"))


@cache
def _links() -> dict[str, str]:
    """Old alias → the name in use ("US/Eastern" → "America/New_York"); names that are in use have no entry."""
    lines = (files("tzdata.zoneinfo") / "tzdata.zi").read_text("utf-8").splitlines()
    links = {alias: target for kind, target, alias in (line.split() for line in lines if line.startswith("L "))}
    return {alias: links.get(target, target) for alias, target in links.items() if alias not in _places()}


@cache
def _standard_offset(zone: str) -> timedelta:
    """The offset that labels carry: the one without daylight saving, which always moves clocks forward."""
    year = datetime.now(UTC).year
    offsets = (datetime(year, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7))
    return min(offset for offset in offsets if offset is not None)


def _fold(text: str) -> str:
    """Lower case and without accents."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()
