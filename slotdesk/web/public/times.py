"""Whether a time can be offered, and how times are said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from slotdesk.availability.terms import Unit
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.connections.busy_mirror import HORIZON
from slotdesk.web.public.clock import Clock
from slotdesk.web.public.visit import Visit


@dataclass(frozen=True, slots=True)
class Starts:
    """
    When an appointment could begin: epoch seconds UTC, earliest first.

    is_unknown   a calendar that must be checked cannot be read, so that more times may exist
    """

    epochs: list[int]
    is_unknown: bool


def list_starts(visit: Visit, clock: Clock, first: date, last: date, *, now: datetime) -> Starts:
    """The starts on the client's dates from `first` to `last`, both included; one question to the engine."""
    starts_at, ends_at = clock.bounds(first, last)
    times = visit.list_times(
        starts_at=starts_at,
        ends_at=ends_at + visit.duration,  # the last one may run past midnight
        client_zone=clock.zone,
        now=now,
    )
    limit = int(ends_at.timestamp())
    return Starts([slot.start for slot in times.slots if slot.start < limit], is_unknown=times.is_unknown)


def is_offered(visit: Visit, starts_at: datetime, *, clock: Clock, now: datetime) -> bool:
    """
    Whether the time can be offered at this moment, as far as the mirror of the calendars knows.

    It saves the client from filling in a form in vain; the booking itself has the last word. A calendar that cannot be
    read says nothing against the time, so it counts as offered.
    """
    ends_at = starts_at + visit.duration
    found = visit.list_times(starts_at=starts_at, ends_at=ends_at, client_zone=clock.zone, now=now)
    return bool(found.slots) or found.is_unknown


def last_bookable_date(visit: Visit, clock: Clock, now: datetime) -> date:
    """
    A date after which nothing is offered; the engine knows the exact moment.

    A window in days ends with a whole day on the agent's clock, which the client's may be up to a day behind.
    """
    terms = FrozenTerms.model_validate(visit.asked.terms)
    by_unit = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1), Unit.DAYS: timedelta(days=1)}
    unit = by_unit.get(terms.window_unit)
    if not terms.window_amount or unit is None:
        return clock.date_of(now + HORIZON)
    return clock.date_of(now + min(HORIZON, terms.window_amount * unit + timedelta(days=1)))


def say_start(epoch: int, clock: Clock) -> str:
    """Return "Tue 24 Nov, 09:00"."""
    return clock.start(epoch)


def say_period(starts_at: datetime, ends_at: datetime, clock: Clock) -> str:
    """Return "09:00 – 09:30"."""
    return clock.period(clock.local(epoch_of(starts_at)), clock.local(epoch_of(ends_at)))


def epoch_of(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp())
