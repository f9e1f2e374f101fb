"""What already stands in people's schedules: six weeks ahead, and the week before."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sandbox.connectwise.clock import write_instant
from sandbox.connectwise.store import Doc

from .boards import member_reference
from .tables import IANA

_MEETINGS = ("Team stand-up", "1:1 with Grace", "Vendor call", "Training: new firewall", "Client review call")
_SERVICE, _MEETING, _HOLIDAY, _VACATION, _PRIVATE = (
    {"id": 4, "identifier": "S"}, {"id": 5, "identifier": "M"}, {"id": 6, "identifier": "H"},
    {"id": 7, "identifier": "V"}, {"id": 8, "identifier": "Private"},
)  # fmt: skip
_FIRM, _TENTATIVE, _OUT = {"id": 2, "name": "Firm"}, {"id": 1, "name": "Tentative"}, {"id": 3, "name": "Out of Office"}


class Diary:
    """Entries as they are written in, on the wall clock of the member."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.entries: list[Doc] = []

    def add(
        self, member: Doc, day: date, start: time, minutes: int, kind: Doc, name: str, *, status: Doc = _FIRM,
        ticket: Doc | None = None,
    ) -> Doc:  # fmt: skip
        """One entry of the given length (real minutes) from that wall-clock time."""
        starts = datetime.combine(day, start, ZoneInfo(IANA[member["timeZone"]["id"]])).astimezone(UTC)
        is_past = day < self.today
        entry: Doc = {
            "id": 7001 + len(self.entries),
            "name": ticket["summary"] if ticket else name,
            "type": kind,
            "member": member_reference(member),
            "dateStart": write_instant(starts),
            "dateEnd": write_instant(starts + timedelta(minutes=minutes)),
            "hours": round(minutes / 60, 2),
            "status": status,
            "doneFlag": is_past,
            "acknowledgedFlag": is_past,
            "ownerFlag": False,
            "meetingFlag": kind is _MEETING,
            "allowScheduleConflictsFlag": False,
            "startTimeSet": True,
            "endTimeSet": True,
            "where": ticket["serviceLocation"] if ticket else {"id": 3, "name": "In-House"},
            "reminder": {"id": 4, "name": "15 minutes"},
        }
        if ticket:
            entry |= {"objectId": ticket["id"], "ticketType": ticket["recordType"]}
        self.entries.append(entry)
        return entry


def diary_entries(random: Random, today: date, weeks: int, tables: dict[str, list[Doc]]) -> list[Doc]:
    """Everybody's entries from a week ago until `weeks` from now, and the awkward ones by hand."""
    diary = Diary(today)
    able = [m for m in tables["members"] if m["licenseClass"] == "F" and not m["inactiveFlag"]]
    monday = today - timedelta(days=today.weekday() + 7)
    for member in able:
        for offset in range(7 * (weeks + 1)):
            day = monday + timedelta(days=offset)
            if _is_working_day(member, day, tables):
                _ordinary_day(random, diary, member, day, tables)
    for member in able:
        _awkward_entries(random, diary, member, monday + timedelta(days=7), weeks)
    return diary.entries


def _is_working_day(member: Doc, day: date, tables: dict[str, list[Doc]]) -> bool:
    """By the member's calendar; without one, Monday to Friday."""
    held = (member.get("calendar") or {}).get("id")
    calendar = next((calendar for calendar in tables["calendars"] if calendar["id"] == held), None)
    if calendar is None:
        return day.weekday() < 5
    holidays = {h["date"][:10] for h in tables["holidays"] if h["holidayList"] == calendar["holidayList"]}
    return f"{day:%A}".lower() + "StartTime" in calendar and str(day) not in holidays


def _ordinary_day(random: Random, diary: Diary, member: Doc, day: date, tables: dict[str, list[Doc]]) -> None:
    """A stand-up on Mondays and one to three jobs, with room between them."""
    at = random.choice((9, 9, 10)) * 60
    if day.weekday() == 0:
        diary.add(member, day, time(9), 30, _MEETING, _MEETINGS[0])
        at = 10 * 60
    for _ in range(random.choice((1, 1, 2, 2, 3))):
        at += random.choice((0, 30, 30, 60, 90))
        minutes = random.choice((30, 30, 45, 60, 60, 90))
        if at + minutes > 17 * 60:
            break
        ticket = _ticket_for(random, day, member, diary, tables)
        if ticket and random.random() < 0.75:
            diary.add(member, day, time(at // 60, at % 60), minutes, _SERVICE, "", ticket=ticket)
        else:
            diary.add(member, day, time(at // 60, at % 60), minutes, _MEETING, random.choice(_MEETINGS[1:]))
        at += minutes + random.choice((30, 60, 60, 90))
        at -= at % 15


def _ticket_for(random: Random, day: date, member: Doc, diary: Diary, tables: dict[str, list[Doc]]) -> Doc | None:
    """A ticket this member may be on; the past is made of closed ones, and the newest ones are left alone."""
    on_project = {t["projectId"] for t in tables["projectTeamMembers"] if t["member"]["id"] == member["id"]}
    wanted = [
        ticket
        for ticket in tables["tickets"][20:]
        if ticket["closedFlag"] is (day < diary.today)
        and (ticket["recordType"] == "ServiceTicket" or ticket["project"]["id"] in on_project)
    ]
    return random.choice(wanted) if wanted else None


def _awkward_entries(random: Random, diary: Diary, member: Doc, monday: date, weeks: int) -> None:
    """One of each kind that a reader of schedules gets wrong, for some of the members each."""
    n = member["id"] - 100
    week = monday + timedelta(days=7 * (n % weeks))
    wednesday, thursday, friday = (week + timedelta(days=days) for days in (2, 3, 4))
    if n % 2:
        diary.add(member, wednesday, time(14), 60, _MEETING, "Possible site visit", status=_TENTATIVE)
    if n % 3 == 0:
        diary.add(member, thursday, time(11), 60, _MEETING, "Escalation call")
        diary.add(member, thursday, time(11, 30), 60, _MEETING, "Interview")["allowScheduleConflictsFlag"] = True
    if n % 3 == 1:
        diary.add(member, wednesday, time(22), 240, _MEETING, "Maintenance window")
    if n % 4 == 1:
        diary.add(member, friday, time(10, 7), 34, _PRIVATE, "Dentist")
    if n % 4 == 2:
        diary.add(member, friday, time(0), 1440, _VACATION, "Vacation", status=_OUT)
    if n % 5 == 0:
        entry = diary.add(member, friday + timedelta(days=7), time(0), 1440, _HOLIDAY, "Day off", status=_OUT)
        # Written in as dates without times.
        day = friday + timedelta(days=7)
        entry |= {"dateStart": f"{day}T00:00:00Z", "dateEnd": f"{day + timedelta(days=1)}T00:00:00Z"}
        entry |= {"startTimeSet": False, "endTimeSet": False}
    if n % 6 == 0:
        diary.add(member, thursday, time(15), 0, _MEETING, "Reminder: send timesheet")
    if n % 7 == 0:
        diary.add(member, thursday, time(16), 30, _MEETING, "Called off")["doneFlag"] = True
