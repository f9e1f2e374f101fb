"""What an appointment type asks of a time, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum


class BadTerms(ValueError):
    """The terms contradict themselves; the message names the field and what to do."""


class Unit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    BUSINESS_HOURS = "business_hours"
    BUSINESS_DAYS = "business_days"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: wall clock for minutes, hours and days; an agent's open time for the business units."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise BadTerms("amount: must be 0 or more.")


@dataclass(frozen=True, slots=True)
class Limits:
    """Dates and times of day, on the clock of `zone`, at which one request may start; both ends are allowed."""

    zone: str
    earliest_date: date | None = None
    latest_date: date | None = None
    earliest_time: time | None = None
    latest_time: time | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """
    The rules of one appointment: durations are timedeltas, whole minutes.

    increment       step between starts, on the client's wall clock
    notice          earliest bookable start, counted from now; amount 0 = none
    window          latest bookable day, counted from now; amount 0 = no limit
    daily_maximum   per agent and local date; 0 = no limit
    keeps_buffers_in_hours   buffers may not reach outside the agent's hours (otherwise they only need to be free)
    """

    duration: timedelta
    increment: timedelta
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)
    notice: Span = Span(0, Unit.MINUTES)
    window: Span = Span(0, Unit.DAYS)
    daily_maximum: int = 0
    keeps_buffers_in_hours: bool = False

    def __post_init__(self) -> None:
        minute = timedelta(minutes=1)
        for name in ("duration", "increment", "buffer_before", "buffer_after"):
            value: timedelta = getattr(self, name)
            if value % minute:
                raise BadTerms(f"{name}: must be whole minutes.")
            if value < timedelta(0):
                raise BadTerms(f"{name}: must not be negative.")
        if not self.duration:
            raise BadTerms("duration: must be at least one minute.")
        if not self.increment:
            raise BadTerms("increment: must be at least one minute.")
        if self.daily_maximum < 0:
            raise BadTerms("daily_maximum: must be 0 or more.")
