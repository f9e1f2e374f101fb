"""Set-up tables: what an administrator of the PSA keeps, and what hardly changes."""

from __future__ import annotations

from datetime import date, timedelta

from sandbox.connectwise.store import Doc

# id, set-up name (free text), the vendor's zone name, hours from UTC in winter, summer time, IANA name
ZONES = (
    (1, "US Eastern", "(GMT-05:00) Eastern Time (US & Canada)", -5.0, True, "America/New_York"),
    (2, "US Central", "(GMT-06:00) Central Time (US & Canada)", -6.0, True, "America/Chicago"),
    (3, "US Mountain", "(GMT-07:00) Mountain Time (US & Canada)", -7.0, True, "America/Denver"),
    (4, "US Pacific", "(GMT-08:00) Pacific Time (US & Canada)", -8.0, True, "America/Los_Angeles"),
    (5, "Arizona", "(GMT-07:00) Arizona", -7.0, False, "America/Phoenix"),
    (6, "United Kingdom", "(GMT) Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London", 0.0, True, "Europe/London"),
    (7, "Newfoundland", "(GMT-03:30) Newfoundland", -3.5, True, "America/St_Johns"),
    (8, "India", "(GMT+05:30) Chennai, Kolkata, Mumbai, New Delhi", 5.5, False, "Asia/Kolkata"),
)
IANA = {record_id: iana for record_id, *_, iana in ZONES}

US_LIST, UK_LIST = 1, 2


def set_up_tables(today: date) -> dict[str, list[Doc]]:
    """Every table that does not depend on people or companies."""
    return {
        "timeZoneSetups": [
            {
                "id": record_id, "name": name, "timeZone": {"id": record_id, "name": vendor}, "offset": offset,
                "defaultFlag": record_id == 1, "daylightSavingsFlag": summer,
            }
            for record_id, name, vendor, offset, summer, _ in ZONES
        ],
        "cwTimeZones": [
            {"id": record_id, "name": vendor, "offset": offset, "daylightSavingsFlag": summer}
            for record_id, _, vendor, offset, summer, _ in ZONES
        ],
        "locations": [
            {"id": 2, "name": "Columbus", "structureLevel": {"id": 1, "name": "Location"}, "locationFlag": True},
            {"id": 3, "name": "Denver", "structureLevel": {"id": 1, "name": "Location"}, "locationFlag": True},
            {"id": 4, "name": "Leeds", "structureLevel": {"id": 1, "name": "Location"}, "locationFlag": True},
        ],
        "departments": [
            {"id": 10, "identifier": "Services", "name": "Professional Services"},
            {"id": 11, "identifier": "Managed", "name": "Managed Services"},
            {"id": 12, "identifier": "Sales", "name": "Sales"},
        ],
        "calendars": _calendars(),
        "holidayLists": [{"id": US_LIST, "name": "US Holidays"}, {"id": UK_LIST, "name": "UK Bank Holidays"}],
        "holidays": _holidays(today),
        "reminderTimes": [
            {"id": record_id, "time": minutes, "name": name, "defaultFlag": record_id == 4}
            for record_id, minutes, name in (
                (1, 0, "0 minutes"), (2, 5, "5 minutes"), (3, 10, "10 minutes"), (4, 15, "15 minutes"),
                (5, 30, "30 minutes"), (6, 60, "1 hour"), (7, 1440, "1 day"),
            )
        ],
        "scheduleStatuses": [
            {"id": 1, "name": "Tentative", "defaultFlag": False, "showAsTentativeFlag": True},
            {"id": 2, "name": "Firm", "defaultFlag": True, "showAsTentativeFlag": False},
            {"id": 3, "name": "Out of Office", "defaultFlag": False, "showAsTentativeFlag": False},
        ],
        "scheduleTypes": [
            {"id": 3, "name": "Sales Activity", "identifier": "C", "systemFlag": True},
            {"id": 4, "name": "Service", "identifier": "S", "systemFlag": True},
            {"id": 5, "name": "Meeting", "identifier": "M", "systemFlag": False},
            {"id": 6, "name": "Holiday", "identifier": "H", "systemFlag": False},
            {"id": 7, "name": "Vacation", "identifier": "V", "systemFlag": False},
            {"id": 8, "name": "Private", "identifier": "Private", "systemFlag": False},
        ],
        "scheduleSpans": [{"id": 1, "identifier": "F"}, {"id": 2, "identifier": "A"}],
        "serviceLocations": [
            {"id": 1, "name": "On-Site", "where": "OnSite", "defaultFlag": False},
            {"id": 2, "name": "Remote", "where": "Remote", "defaultFlag": True},
            {"id": 3, "name": "In-House", "where": "InHouse", "defaultFlag": False},
        ],
        "priorities": [
            {"id": record_id, "name": name, "color": color, "sortOrder": record_id,
             "defaultFlag": record_id == 4, "level": level}
            for record_id, name, color, level in (
                (1, "Priority 1 - Emergency", "Red", "Critical"), (2, "Priority 2 - Quick", "Orange", "High"),
                (4, "Priority 3 - Normal", "Yellow", "Medium"), (5, "Priority 4 - Scheduled", "Green", "Low"),
            )
        ],
        "sources": [
            {"id": record_id, "name": name, "defaultFlag": record_id == 2}
            for record_id, name in ((1, "Call"), (2, "Email Connector"), (3, "Portal"), (4, "Monitoring"))
        ],
        "communicationTypes": [
            {
                "id": record_id, "description": name, "phoneFlag": kind == "phone", "faxFlag": kind == "fax",
                "emailFlag": kind == "email", "defaultFlag": record_id in (1, 2),
            }
            for record_id, name, kind in ((1, "Email", "email"), (2, "Direct", "phone"), (3, "Fax", "fax"),
                                   (4, "Cell", "phone"), (5, "Email 2", "email"))
        ],
        "companyStatuses": [
            {"id": 1, "name": "Active", "defaultFlag": True, "inactiveFlag": False},
            {"id": 2, "name": "Inactive", "defaultFlag": False, "inactiveFlag": True},
            {"id": 13, "name": "Credit Hold", "defaultFlag": False, "inactiveFlag": False},
        ],
        "companyTypes": [
            {"id": 1, "name": "Client", "defaultFlag": True, "vendorFlag": False},
            {"id": 2, "name": "Prospect", "defaultFlag": False, "vendorFlag": False},
        ],
        "contactTypes": [{"id": 1, "description": "End User", "defaultFlag": True}],
        "projectRoles": [{"id": 1, "identifier": "Engineer"}, {"id": 2, "identifier": "Project Manager"}],
        "activityTypes": [
            {"id": record_id, "name": name, "points": 1, "defaultFlag": record_id == 1, "inactiveFlag": False,
             "emailFlag": False, "memoFlag": False, "historyFlag": False}
            for record_id, name in ((1, "Call"), (2, "Appointment"), (3, "Quarterly Review"))
        ],
        "activityStatuses": [
            {"id": 1, "name": "Open", "defaultFlag": True, "inactiveFlag": False, "spawnFollowupFlag": False,
             "closedFlag": False},
            {"id": 2, "name": "Closed", "defaultFlag": False, "inactiveFlag": False, "spawnFollowupFlag": False,
             "closedFlag": True},
        ],
        "hostedScreens": [
            {"id": record_id, "screenId": str(record_id), "name": name}
            for record_id, name in ((1, "Service Ticket"), (2, "Project Ticket"), (3, "Company"), (4, "Contact"),
                             (5, "Sales Order"))
        ],
        "links": [
            {"id": 1, "name": "Remote session", "url": "https://remote.summit.example/start?ticket=[srnumber]",
             "screenLink": "Service"},
        ],
    }  # fmt: skip


def _calendars() -> list[Doc]:
    week = ("monday", "tuesday", "wednesday", "thursday", "friday")

    def calendar(record_id: int, name: str, holidays: int, start: str, end: str, days: tuple[str, ...] = week) -> Doc:
        hours = {f"{day}{edge}Time": time for day in days for edge, time in (("Start", start), ("End", end))}
        list_name = {US_LIST: "US Holidays", UK_LIST: "UK Bank Holidays"}[holidays]
        return {"id": record_id, "name": name, "holidayList": {"id": holidays, "name": list_name}, **hours}

    return [
        calendar(1, "US 8 to 5", US_LIST, "08:00:00", "17:00:00"),
        calendar(2, "UK 9 to 5:30", UK_LIST, "09:00:00", "17:30:00"),
        calendar(3, "US early shift", US_LIST, "06:00:00", "14:30:00"),
        calendar(4, "US four-day week", US_LIST, "07:00:00", "17:30:00", week[:4]),
        calendar(5, "Weekend cover", US_LIST, "09:00:00", "18:00:00", ("thursday", "friday", "saturday", "sunday")),
    ]


def _holidays(today: date) -> list[Doc]:
    rows: list[tuple[int, str, date, str, str]] = []
    for year in (today.year, today.year + 1):
        thanksgiving = _nth(year, 11, 3, 4)
        rows += [
            (US_LIST, "New Year's Day", date(year, 1, 1), "", ""),
            (US_LIST, "Memorial Day", _last(year, 5, 0), "", ""),
            (US_LIST, "Independence Day", date(year, 7, 4), "", ""),
            (US_LIST, "Labor Day", _nth(year, 9, 0, 1), "", ""),
            (US_LIST, "Thanksgiving", thanksgiving, "", ""),
            (US_LIST, "Day after Thanksgiving", thanksgiving + timedelta(days=1), "", ""),
            (US_LIST, "Christmas Eve (afternoon)", date(year, 12, 24), "12:00:00", "17:00:00"),
            (US_LIST, "Christmas Day", date(year, 12, 25), "", ""),
            (UK_LIST, "New Year's Day", date(year, 1, 1), "", ""),
            (UK_LIST, "Early May bank holiday", _nth(year, 5, 0, 1), "", ""),
            (UK_LIST, "Spring bank holiday", _last(year, 5, 0), "", ""),
            (UK_LIST, "Summer bank holiday", _last(year, 8, 0), "", ""),
            (UK_LIST, "Christmas Day", date(year, 12, 25), "", ""),
            (UK_LIST, "Boxing Day", date(year, 12, 26), "", ""),
        ]
    # One that anybody trying the product will meet: a Friday in the third week from now.
    friday = today + timedelta(days=(4 - today.weekday()) % 7 + 14)
    rows += [(US_LIST, "Company day", friday, "", ""), (UK_LIST, "Company day", friday, "", "")]
    names = {US_LIST: "US Holidays", UK_LIST: "UK Bank Holidays"}
    return [
        {
            "id": number, "name": name, "date": f"{day}T00:00:00Z", "allDayFlag": not start,
            "timeStart": start or None, "timeEnd": end or None, "holidayList": {"id": list_id, "name": names[list_id]},
        }
        for number, (list_id, name, day, start, end) in enumerate(rows, start=1)
    ]  # fmt: skip


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _last(year: int, month: int, weekday: int) -> date:
    end = date(year, month + 1, 1) - timedelta(days=1)
    return end - timedelta(days=(end.weekday() - weekday) % 7)
