"""The MSP's own people."""

from __future__ import annotations

from sandbox.connectwise import constants
from sandbox.connectwise.store import Doc

from .tables import ZONES

# id, first name, last name, title, zone, calendar (0 = none), department, active
ROSTER = (
    (101, "Jordan", "Doe", "Service Desk Engineer", 1, 1, 11, True),
    (102, "Priya", "Raman", "Senior Engineer", 1, 1, 11, True),
    (103, "Marcus", "Lee", "Field Technician", 2, 1, 11, True),
    (104, "Aoife", "Byrne", "Service Desk Engineer", 6, 2, 11, True),
    (105, "Tom", "Whitfield", "Escalation Engineer", 6, 2, 11, True),
    (106, "Elena", "Petrova", "Project Engineer", 4, 1, 10, True),
    (107, "Sam", "Okafor", "Dispatcher", 1, 1, 11, True),
    (108, "Grace", "Kim", "Service Desk Manager", 1, 1, 11, True),
    (109, "Diego", "Alvarez", "Field Technician", 3, 4, 11, True),
    (110, "Hannah", "Schultz", "Project Manager", 2, 1, 10, True),
    (111, "Ravi", "Menon", "Network Engineer", 8, 0, 10, True),
    (112, "Nina", "Castellano", "Account Manager", 1, 1, 12, True),
    (113, "Ben", "Hartley", "Service Desk Engineer", 1, 3, 11, True),
    (114, "Chloe", "Martin", "Service Desk Engineer", 4, 1, 11, True),
    (115, "Victor", "Nguyen", "Security Analyst", 4, 1, 10, True),
    (116, "Olivia", "Grant", "Field Technician", 6, 2, 11, True),
    (117, "Pete", "Lindqvist", "Weekend Engineer", 5, 5, 11, True),
    (118, "Maya", "Robinson", "Virtual CIO", 1, 1, 12, True),
    (119, "Luke", "Sterling", "Service Desk Engineer", 2, 1, 11, False),
    (120, "Zoe", "Pearce", "Apprentice Engineer", 7, 1, 11, True),
)
_CALENDARS = {1: "US 8 to 5", 2: "UK 9 to 5:30", 3: "US early shift", 4: "US four-day week", 5: "Weekend cover"}
_DEPARTMENTS = {10: ("Services", "Professional Services"), 11: ("Managed", "Managed Services"), 12: ("Sales", "Sales")}
_OFFICES = {1: (2, "Columbus"), 2: (3, "Denver"), 3: (3, "Denver"), 4: (3, "Denver"), 5: (3, "Denver"),
            6: (4, "Leeds"), 7: (2, "Columbus"), 8: (4, "Leeds")}  # fmt: skip


def members(count: int) -> list[Doc]:
    """The technicians, and the API members behind the demo keys."""
    roster = list(ROSTER[: count - 2]) + [row for row in ROSTER if row[0] in (111, 119)] if count < 20 else ROSTER
    people = [_member(*row) for row in roster]
    return [*people, _api_member(190, constants.API_MEMBER), _api_member(191, constants.LIMITED_API_MEMBER)]


def _member(
    record_id: int, first: str, last: str, title: str, zone: int, calendar: int, department: int, is_active: bool
) -> Doc:
    identifier = (first[0] + last).lower()[:15]
    office, office_name = _OFFICES[zone]
    code, name = _DEPARTMENTS[department]
    member: Doc = {
        "id": record_id,
        "identifier": identifier,
        "licenseClass": "F",
        "firstName": first,
        "lastName": last,
        "title": title,
        "hireDate": f"{2012 + record_id % 12}-0{1 + record_id % 9}-01T00:00:00Z",
        "inactiveFlag": not is_active,
        "primaryEmail": f"{first}.{last}@{constants.EMAIL_DOMAIN}".lower(),
        "officeEmail": f"{first}.{last}@{constants.EMAIL_DOMAIN}".lower(),
        "defaultEmail": "Office",
        "officePhone": f"614555{record_id:04d}" if zone != 6 else f"+44113496{record_id:04d}",
        "defaultPhone": "Office",
        "securityRole": {"id": 63, "name": "Technician"},
        "adminFlag": title.endswith("Manager"),
        "timeZone": {"id": zone, "name": ZONES[zone - 1][1]},
        "defaultLocation": {"id": office, "name": office_name},
        "defaultDepartment": {"id": department, "identifier": code, "name": name},
        "dailyCapacity": 8.0,
        "minimumHours": 40.0,
        "restrictScheduleFlag": False,
        "hideMemberInDispatchPortalFlag": False,
        "serviceDefaultBoard": {"id": 1, "name": "Service Desk"},
    }
    if not is_active:
        member["inactiveDate"] = "2025-06-30T00:00:00Z"
    if calendar:
        member["calendar"] = {"id": calendar, "name": _CALENDARS[calendar]}
    return member


def _api_member(record_id: int, identifier: str) -> Doc:
    return {
        "id": record_id, "identifier": identifier, "licenseClass": "A", "firstName": "API", "lastName": identifier,
        "hireDate": "2024-01-01T00:00:00Z", "inactiveFlag": False, "defaultEmail": "Office",
        "primaryEmail": f"{identifier}@{constants.EMAIL_DOMAIN}".lower(), "defaultPhone": "Office",
        "securityRole": {"id": 70, "name": "API scheduling"}, "timeZone": {"id": 1, "name": "US Eastern"},
        "defaultLocation": {"id": 2, "name": "Columbus"},
        "defaultDepartment": {"id": 11, "identifier": "Managed", "name": "Managed Services"},
    }  # fmt: skip
