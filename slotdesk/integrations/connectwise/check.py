"""The connect page's test: may we do everything that we will need to do?"""

from __future__ import annotations

import contextlib

from slotdesk.integrations.connectwise import client
from slotdesk.integrations.connectwise.session import Session
from slotdesk.integrations.connectwise.settings import Settings
from slotdesk.integrations.connectwise.teams import PROJECT_BOARD_TEAMS, SERVICE_BOARDS, list_missing_rights
from slotdesk.ports.errors import NotAuthorized, NotFound
from slotdesk.ports.psa import Check

# What the API member's security role must allow, in the words of its screen, with a call that fails without it.
# Additions and changes cannot be tried without making something, so only reading is proved.
RIGHTS: tuple[tuple[str, str], ...] = (
    ("Service Desk > Service Tickets: Add, Edit, Inquire All", "/service/tickets"),
    ("Service Desk > Resource Scheduling: Add, Edit, Delete, Inquire All", "/schedule/entries"),
    (
        "Project > Project Tickets: Edit, Inquire All; Project Scheduling: Add, Edit, Delete, Inquire All",
        "/project/tickets",
    ),
    ("Companies > Manage Contacts: Inquire All", "/company/contacts"),
    ("System > Member Maintenance: Inquire All", "/system/members"),
    (SERVICE_BOARDS, "/service/boards"),
    ("System > Table Setup > Schedule Status: Inquire All", "/schedule/statuses"),
    ("System > Table Setup > Schedule Types: Inquire All", "/schedule/types"),
    ("System > Table Setup > Calendars: Inquire All", "/schedule/calendars"),
    ("System > Table Setup > Holiday Lists: Inquire All", "/schedule/holidayLists"),
    ("System > Table Setup > Time Zones: Inquire All", "/system/timeZoneSetups"),
    ("System > Table Setup > Manage Hosted API: Add, Edit, Inquire All", "/system/connectwisehostedsetups"),
    ("System > API Callbacks: Add, Edit, Inquire All", "/system/callbacks"),
)

NEEDS = (*(right for right, _path in RIGHTS), PROJECT_BOARD_TEAMS)


def check_connection(session: Session, settings: Settings) -> Check:
    """
    Call every list we depend on once.

    What the role does not allow is named, and so is a schedule type that does not exist, since every booking would
    fail on it. Raises NotAuthorized when the keys themselves are refused.
    """
    company = session.company()
    session.call("GET", "/system/info")
    missing = []
    for right, path in RIGHTS:
        try:
            session.call("GET", path, params={"pageSize": "1"})
        except (NotAuthorized, NotFound):
            missing.append(right)
    with contextlib.suppress(NotAuthorized):  # boards cannot be read at all, and that right is in the list by now
        missing += [right for right in list_missing_rights(session) if right not in missing]
    try:
        if settings.entry_type not in {found.identifier for found in client.list_schedule_types(session)}:
            missing.append(f"A schedule type with the identifier “{settings.entry_type}”")
    except NotAuthorized:
        pass  # its right is in the list by now
    return Check(label=company.company_name or settings.company_id, version=company.version, missing=tuple(missing))
