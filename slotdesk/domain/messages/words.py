"""Dates and times as people read them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

# Where people read "2:30 PM"; everywhere else "14:30".
_TWELVE_HOURS = frozenset({"US", "CA", "AU", "NZ", "IN", "PH", "PK", "EG", "MX", "CO"})


def say_time(moment: datetime, *, zone: str, country: str) -> str:
    """Return "2:30 PM" or "14:30" on the zone's clock."""
    local = moment.astimezone(ZoneInfo(zone))
    if country in _TWELVE_HOURS:
        return f"{(local.hour % 12) or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'}"
    return f"{local:%H:%M}"


def say_moment(moment: datetime, *, zone: str, country: str) -> str:
    """Return "Tuesday, 24 November 2026, 14:30 CET": the abbreviation tells a repeated hour's two halves apart."""
    local = moment.astimezone(ZoneInfo(zone))
    clock = say_time(moment, zone=zone, country=country)
    return f"{local:%A}, {local.day} {local:%B %Y}, {clock} {say_zone(moment, zone=zone)}"


def say_zone(moment: datetime, *, zone: str) -> str:
    """Return "CET", or "UTC+05:45" where a zone has no letters of its own."""
    name = moment.astimezone(ZoneInfo(zone)).strftime("%Z")
    if name[:1] in "+-":
        hours, minutes = name[1:3], name[3:5] or "00"
        return f"UTC{name[0]}{hours}:{minutes}"
    return name
