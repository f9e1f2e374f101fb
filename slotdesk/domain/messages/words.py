"""Dates and times as people read them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from slotdesk.lib.habits import habits_of


def say_time(moment: datetime, *, zone: str, country: str) -> str:
    """Return "2:30 PM" or "14:30" on the zone's clock."""
    local = moment.astimezone(ZoneInfo(zone))
    if habits_of(country).twelve_hours:
        return f"{(local.hour % 12) or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'}"
    return f"{local:%H:%M}"


def say_moment(moment: datetime, *, zone: str, country: str) -> str:
    """
    Return "Tuesday, 24 November 2026, 14:30 CET" or "Tuesday, November 24, 2026, 2:30 PM EST", by the country's habits.

    The abbreviation tells a repeated hour's two halves apart.
    """
    local = moment.astimezone(ZoneInfo(zone))
    date = f"{local:%B} {local.day}, {local.year}" if habits_of(country).month_first else f"{local.day} {local:%B %Y}"
    return f"{local:%A}, {date}, {say_time(moment, zone=zone, country=country)} {say_zone(moment, zone=zone)}"


def say_zone(moment: datetime, *, zone: str) -> str:
    """Return "CET", or "UTC+05:45" where a zone has no letters of its own."""
    name = moment.astimezone(ZoneInfo(zone)).strftime("%Z")
    if name[:1] in "+-":
        hours, minutes = name[1:3], name[3:5] or "00"
        return f"UTC{name[0]}{hours}:{minutes}"
    return name
