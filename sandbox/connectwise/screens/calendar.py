"""A week of a member's schedule, laid out on the member's own wall clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.connectwise.clock import read_instant
from sandbox.connectwise.data.tables import IANA
from sandbox.connectwise.store import Doc, Store

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = 24 * 60


@dataclass(slots=True)
class Block:
    """An entry, or the part of it that lies on one day. Positions are minutes and columns; texts are for people."""

    entry: Doc
    start: int
    end: int
    hours: str
    look: str
    column: int = 0
    columns: int = 1


@dataclass(slots=True)
class Day:
    """One column of the week. work   minutes since midnight, None on days off"""

    date: date
    blocks: list[Block] = field(default_factory=list)
    all_day: list[Block] = field(default_factory=list)
    work: tuple[int, int] | None = None
    holiday: str = ""


@dataclass(slots=True)
class Week:
    """Seven days from a Monday, and the hours that have to be shown."""

    days: list[Day]
    first_hour: int
    last_hour: int

    def top(self, minute: int) -> float:
        """How far down the shown hours a minute lies, in percent, kept within them."""
        whole = (self.last_hour - self.first_hour) * 60
        return max(0.0, min(100.0, (minute - self.first_hour * 60) / whole * 100))

    def height(self, start: int, end: int) -> float:
        return self.top(end) - self.top(start)


def zone_of(member: Doc) -> ZoneInfo:
    """The member's time zone."""
    return ZoneInfo(IANA[member["timeZone"]["id"]])


def week_of(store: Store, member: Doc, monday: date) -> Week:
    """The member's entries in the week that begins on `monday`."""
    zone = zone_of(member)
    days = [Day(monday + timedelta(days=n)) for n in range(7)]
    calendar = store.find("calendars", (member.get("calendar") or {}).get("id"))
    for day, name in zip(days, _WEEKDAYS, strict=True):
        if calendar and calendar.get(f"{name}StartTime"):
            day.work = (_minutes(calendar[f"{name}StartTime"]), _minutes(calendar[f"{name}EndTime"]))
            day.holiday = _holiday(store, calendar, day.date)
    for entry in store.all("entries"):
        if entry["member"]["id"] == member["id"] and entry.get("dateStart") and entry.get("dateEnd"):
            _place(entry, days, zone)
    for day in days:
        _share_columns(day)
    timed = [block for day in days for block in day.blocks]
    first = min([7, *(block.start // 60 for block in timed)])
    last = max([19, *(-(-block.end // 60) for block in timed)])
    return Week(days, first, last)


def _minutes(text: str) -> int:
    at = time.fromisoformat(text)
    return at.hour * 60 + at.minute


def _holiday(store: Store, calendar: Doc, day: date) -> str:
    list_id = (calendar.get("holidayList") or {}).get("id")
    for holiday in store.all("holidays"):
        if holiday["holidayList"]["id"] == list_id and holiday["date"].startswith(day.isoformat()):
            return str(holiday["name"])
    return ""


def _place(entry: Doc, days: list[Day], zone: ZoneInfo) -> None:
    starts, ends = read_instant(entry["dateStart"]), read_instant(entry["dateEnd"])
    if entry.get("startTimeSet") is False:
        # Dates without times: the date part is meant, whatever the zone.
        starts, ends = (at.replace(tzinfo=zone) for at in (starts, ends))
    begin, finish = starts.astimezone(zone), ends.astimezone(zone)
    for day in days:
        start, end = _minute_on(begin, day.date), _minute_on(finish, day.date)
        if end <= 0 or start >= _DAY or (start == end and begin != finish):
            continue
        block = Block(entry, max(start, 0), min(end, _DAY), f"{begin:%H:%M}–{finish:%H:%M}", _look(entry))
        if block.start == 0 and block.end == _DAY:
            day.all_day.append(block)
        else:
            day.blocks.append(block)


def _minute_on(at: datetime, day: date) -> int:
    return (at.date() - day).days * _DAY + at.hour * 60 + at.minute


def _look(entry: Doc) -> str:
    if entry.get("doneFlag"):
        return "done"
    if entry["status"]["name"] == "Tentative":
        return "tentative"
    kinds = {"S": "service", "C": "service", "H": "away", "V": "away", "Private": "private"}
    return kinds.get(entry["type"]["identifier"], "meeting")


def _share_columns(day: Day) -> None:
    """Entries that overlap stand side by side."""
    day.blocks.sort(key=lambda block: (block.start, -block.end))
    group: list[Block] = []
    reach = -1
    for block in day.blocks:
        if block.start >= reach:
            _close(group)
            group, reach = [], -1
        taken = {other.column for other in group if other.end > block.start}
        block.column = next(n for n in range(len(group) + 1) if n not in taken)
        group.append(block)
        reach = max(reach, block.end, block.start + 20)
    _close(group)


def _close(group: list[Block]) -> None:
    for block in group:
        block.columns = max(other.column for other in group) + 1
