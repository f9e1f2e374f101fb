"""What a request's page says of it in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext

from slotdesk.domain.booking.clocks import find_clock_change
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
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


@dataclass(frozen=True, slots=True)
class SaidChange:
    """agreed, reads: two times on the zone's clock, with their dates where these differ; value: `reads` for a form."""

    zone: str
    agreed: str
    reads: str
    value: str


def say_clock_change(request: SchedulingRequest, appointment: Appointment, *, now: datetime) -> SaidChange | None:
    """How the appointment to come is read otherwise than agreed, in words; None where it is not."""
    change = find_clock_change(appointment, now=now)
    if change is None:
        return None
    agreed, reads = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (change.agreed, change.reads))
    said = [say_time(each, zone="UTC", country=request.account.country) for each in (agreed, reads)]
    if agreed.date() != reads.date():
        said = [
            gettext("%(time)s on %(day)s") % {"time": each, "day": f"{day:%A, %-d %b %Y}"}
            for each, day in zip(said, (agreed, reads), strict=True)
        ]
    return SaidChange(change.zone, said[0], said[1], change.reads)


def _range(ends: list[str]) -> str:
    first, last = ends
    if first and last:
        return first if first == last else gettext("%(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return gettext("from %(first)s") % {"first": first}
    return gettext("until %(last)s") % {"last": last} if last else ""
