"""A question as JSON, so that anyone can check the engine against another one: docs/concepts/availability.md."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, cast

from slotdesk.availability.question import EARLIEST, LATEST, BadQuestion, Question, Resource
from slotdesk.availability.terms import Span, Terms, Unit
from slotdesk.availability.values import Agent, AgentId, BusyColumns, MinuteRange, WeeklyRange
from slotdesk.availability.wall_clock import UnknownZone, get_zone

_MOST_MINUTES = 10 * 366 * 1440
_MOST_SECONDS = 1 << 53  # what every JSON reader keeps exactly
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class BadWorkload(ValueError):
    """The workload cannot be read; the message begins with the field."""


def read_workload(document: object) -> Question:
    """
    Return the question that a parsed JSON document asks, with the agents in order of id.

    Raises BadWorkload for the first field that is missing, unknown or wrong.
    """
    workload = _object(document, "workload")
    window = [_instant(each, at) for at, each in _items(_field(workload, "window"), "window", length=2)]
    if window[1] < window[0]:
        raise BadWorkload("window: must not end before it starts.")
    mode = _field(workload, "mode")
    if mode not in ("any", "all"):
        raise BadWorkload('mode: must be "any" or "all".')
    agents = _agents(_field(workload, "agents"))
    # "any" asks one team for one of its members; "all" asks every agent for himself, and nobody is nothing.
    resources = (Resource(agents, is_team=True),) if mode == "any" else tuple(Resource((agent,)) for agent in agents)
    try:
        return Question(
            now=_instant(_field(workload, "now"), "now"),
            window_start=window[0],
            window_end=window[1],
            client_zone=_zone(_field(workload, "booker_tz"), "booker_tz"),
            terms=_terms(_field(workload, "event")),
            resources=resources,
        )
    except BadQuestion as error:
        raise BadWorkload(str(error)) from error


def _terms(value: object) -> Terms:
    event = _object(
        value,
        "event",
        known=("duration_min", "increment_min", "buffer_before_min", "buffer_after_min", "min_notice_min"),
    )

    def minutes(name: str, lowest: int, default: int | None = None) -> int:
        return _whole(_field(event, name, "event.", default), f"event.{name}", lowest, _MOST_MINUTES)

    return Terms(
        duration=timedelta(minutes=minutes("duration_min", 1)),
        increment=timedelta(minutes=minutes("increment_min", 1)),
        buffer_before=timedelta(minutes=minutes("buffer_before_min", 0, 0)),
        buffer_after=timedelta(minutes=minutes("buffer_after_min", 0, 0)),
        notice=Span(minutes("min_notice_min", 0, 0), Unit.MINUTES),
    )


def _agents(value: object) -> tuple[Agent, ...]:
    agents: dict[AgentId, Agent] = {}
    for at, each in _items(value, "agents"):
        agent = _agent(each, at)
        if agent.id in agents:
            raise BadWorkload(f"{at}.id: {agent.id!r} is there twice.")
        agents[agent.id] = agent
    return tuple(sorted(agents.values(), key=lambda agent: (isinstance(agent.id, str), agent.id)))


def _agent(value: object, at: str) -> Agent:
    agent = _object(value, at, known=("id", "tz", "hours", "overrides", "busy"))
    agent_id = _field(agent, "id", f"{at}.")
    if not isinstance(agent_id, str):
        agent_id = _whole(agent_id, f"{at}.id", -_MOST_SECONDS, what="a whole number or a text")
    return Agent(
        id=agent_id,
        zone=_zone(_field(agent, "tz", f"{at}."), f"{at}.tz"),
        hours=tuple(_hours(each, at) for at, each in _items(_field(agent, "hours", f"{at}."), f"{at}.hours")),
        overrides=_overrides(agent.get("overrides", {}), f"{at}.overrides"),
        busy=_busy(agent.get("busy", []), f"{at}.busy"),
    )


def _hours(value: object, at: str) -> WeeklyRange:
    hours = _object(value, at, known=("days", "start", "end"))
    days = [_whole(day, on, 1, 7) for on, day in _items(_field(hours, "days", f"{at}."), f"{at}.days")]
    return WeeklyRange(
        frozenset(days), *_range(_field(hours, "start", f"{at}."), _field(hours, "end", f"{at}."), at, ".start", ".end")
    )


def _overrides(value: object, at: str) -> dict[date, tuple[MinuteRange, ...]]:
    overrides = {}
    for day, ranges in _object(value, at).items():
        on_day = _date(day, at)
        pairs = [(on, _list(each, on, length=2)) for on, each in _items(ranges, f"{at}.{day}")]
        overrides[on_day] = tuple(_range(start, end, on, "[0]", "[1]") for on, (start, end) in pairs)
    return overrides


def _busy(value: object, at: str) -> BusyColumns:
    entries = _list(value, at)
    if all(_is_plain_entry(each) for each in entries):
        # Nearly always, and there are tens of thousands: nothing is said of them, so no names are made.
        pairs = cast("list[list[int]]", entries)
    else:
        pairs = [_entry(each, on) for on, each in _items(value, at)]
    return BusyColumns(array("q", [start for start, _ in pairs]), array("q", [end for _, end in pairs]))


def _is_plain_entry(value: object) -> bool:
    return (
        type(value) is list
        and len(value) == 2
        and type(value[0]) is type(value[1]) is int
        and -_MOST_SECONDS <= value[0] <= _MOST_SECONDS
        and -_MOST_SECONDS <= value[1] <= _MOST_SECONDS
    )


def _entry(value: object, at: str) -> list[int]:
    start, end = _list(value, at, length=2)
    return [_whole(start, f"{at}[0]", -_MOST_SECONDS), _whole(end, f"{at}[1]", -_MOST_SECONDS)]


def _range(start: object, end: object, at: str, first: str, second: str) -> MinuteRange:
    begins, ends = _clock(start, at + first), _clock(end, at + second)
    if begins == 1440:
        raise BadWorkload(f"{at}{first}: 24:00 is an end only; the date starts at 00:00.")
    if begins == ends:
        raise BadWorkload(f"{at}{second}: must differ from the start; a whole day is 00:00 to 24:00.")
    return begins, ends


def _clock(value: object, at: str) -> int:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise BadWorkload(f'{at}: must be a time of day like "09:30", up to "24:00".')
    return int(value[:2]) * 60 + int(value[3:])


def _date(value: str, at: str) -> date:
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadWorkload(f'{at}: {value[:40]!r} is not a date like "2027-03-14".')


def _zone(value: object, at: str) -> str:
    if not isinstance(value, str):
        raise BadWorkload(f'{at}: must be the name of a time zone like "Europe/Berlin".')
    try:
        get_zone(value)
    except UnknownZone as error:
        raise BadWorkload(f"{at}: {error}") from error
    return value


def _instant(value: object, at: str) -> int:
    return _whole(value, at, EARLIEST, LATEST, what="epoch seconds, a whole number")


def _whole(
    value: object, at: str, lowest: int = 0, highest: int = _MOST_SECONDS, *, what: str = "a whole number"
) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # some writers of JSON know no other numbers than 1.0
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadWorkload(f"{at}: must be {what}.")
    if not lowest <= value <= highest:
        raise BadWorkload(f"{at}: must be from {lowest} to {highest}.")
    return value


def _list(value: object, at: str, *, length: int | None = None) -> list[object]:
    if not isinstance(value, list):
        raise BadWorkload(f"{at}: must be a list.")
    if length is not None and len(value) != length:
        raise BadWorkload(f"{at}: must have {length} items.")
    return value


def _items(value: object, at: str, *, length: int | None = None) -> Iterator[tuple[str, object]]:
    return ((f"{at}[{i}]", each) for i, each in enumerate(_list(value, at, length=length)))


def _object(value: object, at: str, *, known: tuple[str, ...] = ()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadWorkload(f"{at}: must be an object.")
    # Where fields may be left out, a misspelt one would be taken for none.
    if known and (unknown := next((name for name in value if name not in known), None)):
        # Whatever it is called, the message is one line.
        name = unknown[:40] if unknown.isprintable() else repr(unknown[:40])
        raise BadWorkload(f"{at}.{name}: there is no such field; known are {', '.join(known)}.")
    return value


def _field(of: dict[str, Any], name: str, at: str = "", default: object = None) -> Any:
    value = of.get(name, default)
    if value is None:
        raise BadWorkload(f"{at}{name}: is missing.")
    return value
