"""Templates, and how things are written on the pages."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from sandbox.connectwise.clock import read_instant

HERE = Path(__file__).parent

_SHOWN = 200
_CLOSED = {"Closed", "Completed", "Cancelled"}
_STATUS_LOOKS = {
    "New": "new",
    "Scheduled": "good",
    "Schedule Sent": "sent",
    "Schedule Cancelled": "bad",
    "No Response": "bad",
}


def write_local(instant: str, zone: ZoneInfo) -> str:
    """ "Mon 5 Jan, 09:00" on the wall clock of the zone."""
    at = read_instant(instant).astimezone(zone)
    return f"{at:%a} {at.day} {at:%b}, {at:%H:%M}"


def write_period(entry: dict[str, Any], zone: ZoneInfo) -> str:
    """ "Mon 5 Jan, 09:00–09:30"; the second date only where it is another."""
    if not entry.get("dateStart") or not entry.get("dateEnd"):
        return "no time yet"
    starts, ends = (read_instant(entry[name]).astimezone(zone) for name in ("dateStart", "dateEnd"))
    until = f"{ends:%H:%M}" if starts.date() == ends.date() else write_local(entry["dateEnd"], zone)
    return f"{write_local(entry['dateStart'], zone)}–{until}"


def write_age(instant: str, now: datetime) -> str:
    """ "3 h", "12 d": how long ago."""
    minutes = max(0, int((now - read_instant(instant)).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def status_look(name: str) -> str:
    """Which of the few pill colours a status has."""
    return "closed" if name in _CLOSED else _STATUS_LOOKS.get(name, "plain")


def write_query(query: str) -> str:
    """A query string as a person reads it."""
    return unquote_plus(query)


def write_json(value: Any) -> str:
    """A body on one line, beginning only."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + " …"


def initials(name: str) -> str:
    return "".join(part[0] for part in name.split()[:2]).upper()


def environment() -> Environment:
    """The templates; a name that is not there is an error."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "local": write_local,
        "period": write_period,
        "age": write_age,
        "look": status_look,
        "initials": initials,
        "query": write_query,
        "json": write_json,
    }
    return templates
