"""Short ways to write down agents, times and questions."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slotdesk.availability.slots import Question, Resource, list_slots
from slotdesk.availability.terms import Limits, Span, Terms, Unit
from slotdesk.availability.values import Agent, Busy, BusyColumns, MinuteRange, TimeOff, WeeklyRange

NEW_YORK, LONDON, BERLIN, KATHMANDU = "America/New_York", "Europe/London", "Europe/Berlin", "Asia/Kathmandu"
EVERY_DAY = frozenset(range(1, 8))
WORKDAYS = frozenset(range(1, 6))


def at(text: str, zone: str = "UTC", *, fold: int = 0) -> int:
    """Epoch seconds of "2027-03-12 09:00" on a zone's clock; fold 1 = the second of two such readings."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())


def minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def span(text: str) -> MinuteRange:
    """The range of "09:00-17:00"."""
    start, end = text.split("-")
    return minutes(start), minutes(end)


def weekly(*texts: str, days: frozenset[int] = EVERY_DAY) -> tuple[WeeklyRange, ...]:
    return tuple(WeeklyRange(days, *span(text)) for text in texts)


def busy(start: str, end: str, zone: str = "UTC", **more: Any) -> Busy:
    return Busy(at(start, zone), at(end, zone), **more)


def in_columns(entries: Sequence[Busy]) -> BusyColumns:
    """The same entries, kept by column."""
    starts = array("q", [entry.start for entry in entries])
    ends = array("q", [entry.end for entry in entries])
    return BusyColumns(starts, ends, [(entry.kind, entry.source, entry.title) for entry in entries])


def time_off(start: str, end: str, name: str = "") -> TimeOff:
    return TimeOff(datetime.fromisoformat(start), datetime.fromisoformat(end), name)


def agent(name: str = "ann", *hours: str, zone: str = "UTC", days: frozenset[int] = EVERY_DAY, **more: Any) -> Agent:
    return Agent(id=name, zone=zone, hours=weekly(*hours, days=days), **more)


def terms(duration: int = 30, increment: int = 30, before: int = 0, after: int = 0, **more: Any) -> Terms:
    """Durations in minutes."""
    return Terms(
        duration=timedelta(minutes=duration),
        increment=timedelta(minutes=increment),
        buffer_before=timedelta(minutes=before),
        buffer_after=timedelta(minutes=after),
        **more,
    )


def notice(amount: int, unit: Unit = Unit.MINUTES) -> Span:
    return Span(amount, unit)


def ask(
    resources: Agent | Resource | Sequence[Agent | Resource],
    start: str,
    end: str,
    *,
    zone: str = "UTC",
    asked: Terms | None = None,
    now: int | None = None,
    limits: Limits | None = None,
) -> Question:
    """A question about a period given on the client's clock, asked long before unless `now` says otherwise."""
    several = [resources] if isinstance(resources, Agent | Resource) else resources
    return Question(
        now=at(start, zone) - 365 * 86_400 if now is None else now,
        window_start=at(start, zone),
        window_end=at(end, zone),
        client_zone=zone,
        terms=asked or terms(),
        resources=tuple(each if isinstance(each, Resource) else Resource((each,)) for each in several),
        limits=limits,
    )


def team(*agents: Agent, **more: Any) -> Resource:
    return Resource(agents, is_team=True, **more)


def labels(question: Question, zone: str | None = None) -> list[str]:
    """The slots of a question as "12 09:30", day and time, on the client's clock or another."""
    clock = ZoneInfo(zone or question.client_zone)
    return [datetime.fromtimestamp(slot.start, clock).strftime("%d %H:%M") for slot in list_slots(question)]
