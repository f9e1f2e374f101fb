"""What a request's page says of it in a few words."""

from __future__ import annotations

from datetime import UTC, datetime

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.messages.words import say_time


def say_limits(request: SchedulingRequest) -> str:
    """The dates and times of day that this one request is limited to, on their own clock; empty without limits."""
    days = [f"{day:%-d %b %Y}" if day else "" for day in (request.earliest_date, request.latest_date)]
    hours = [
        say_time(datetime.combine(request.created_at, each, UTC), zone="UTC", country=request.account.country)
        if each
        else ""
        for each in (request.earliest_time, request.latest_time)
    ]
    parts = [_range(days), _range(hours)]
    said = ", ".join(part for part in parts if part)
    return f"{said} ({request.limits_zone})" if said else ""


def _range(ends: list[str]) -> str:
    first, last = ends
    if first and last:
        return first if first == last else f"{first} to {last}"
    return f"from {first}" if first else f"until {last}" if last else ""
