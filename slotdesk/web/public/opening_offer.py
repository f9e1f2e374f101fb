"""Whether the page of times offers to tell the client when something opens, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.urls import reverse

from slotdesk.availability.terms import Unit
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.links.openings import find_waiting
from slotdesk.lib.masking import mask_email
from slotdesk.web.public.clock import Clock
from slotdesk.web.public.times import last_bookable_date
from slotdesk.web.public.visit import Visit

if TYPE_CHECKING:
    from slotdesk.web.public.months import Month

# A first time that is so much later than it could be is worth the question whether an earlier one would do better.
_FAR = timedelta(days=5)
# How long a unit of notice is, at most, by the calendar. Of open hours nobody knows without the agents.
_UNITS = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
    Unit.BUSINESS_HOURS: timedelta(hours=4),
    Unit.BUSINESS_DAYS: timedelta(days=2),
}


class Reason(StrEnum):
    """Why it is offered: nothing is free in all the time that can be booked; nothing soon; or nobody knows."""

    NOTHING = "nothing"
    LATE = "late"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Offer:
    """
    email      whom we would write to, masked; empty = whoever asks says it
    last_day   up to when nothing is free
    alert_url  they wait already: where that is said and ended
    """

    reason: Reason
    email: str
    last_day: str
    alert_url: str = ""


def offer_of(visit: Visit, month: Month, *, clock: Clock, now: datetime) -> Offer | None:
    """Return what the page offers beside this month; None where times are near, and where nobody is told."""
    reason = _reason(visit, month, now)
    if reason is None or not visit.addresses.opening:
        return None
    alert = find_waiting(visit.asked) if visit.asked.pk else None
    if alert is not None and (reason == Reason.LATE) != (alert.before is not None):
        alert = None  # they are about to be told, or have asked for less than this
    return Offer(
        reason,
        email=mask_email(visit.asked.client_email) if visit.asked.client_email else "",
        last_day=clock.long_day(_last_day(visit, clock, now)),
        alert_url=reverse("public:opening_alert", args=[alert.token]) if alert else "",
    )


def _reason(visit: Visit, month: Month, now: datetime) -> Reason | None:
    if month.earliest is None and month.previous is not None:
        return None  # there are earlier days to look at first
    first = month.earliest or month.next_free
    if first is not None:
        return Reason.LATE if is_late(visit.asked, first.epoch, now) else None
    return Reason.UNKNOWN if month.is_unknown else Reason.NOTHING


def is_late(asked: SchedulingRequest, first: int, now: datetime) -> bool:
    """Whether the first free time (epoch seconds) is so late that an earlier one may be wished for, and may come."""
    terms = FrozenTerms.model_validate(asked.terms)
    soonest = now + terms.notice_amount * _UNITS[terms.notice_unit]
    if asked.earliest_date is not None:
        zone = ZoneInfo(asked.limits_zone or asked.account.zone)
        soonest = max(soonest, datetime.combine(asked.earliest_date, time(), zone))
    return datetime.fromtimestamp(first, UTC) > soonest + _FAR


def _last_day(visit: Visit, clock: Clock, now: datetime) -> date:
    last, limit = last_bookable_date(visit, clock, now), visit.asked.latest_date
    return min(last, limit) if limit is not None else last
