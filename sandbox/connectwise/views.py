"""Lists and objects that are drawn from others rather than kept: thin members, notes of all kinds, references."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import constants
from .errors import not_found
from .notes import as_any_note
from .references import shown_name
from .store import Doc
from .tickets import PROJECT_TYPES

if TYPE_CHECKING:
    from .access import Caller
    from .psa import Psa

View = Callable[["Psa", "Caller", dict[str, int]], Any]

_THIN = ("id", "identifier", "firstName", "middleInitial", "lastName", "inactiveFlag")
_MINE = ("timeZone", "defaultLocation", "defaultDepartment", "workRole", "workType", "dailyCapacity",
         "serviceDefaultBoard", "serviceLocation")  # fmt: skip


def _some(doc: Doc, names: tuple[str, ...]) -> Doc:
    return {name: doc[name] for name in names if doc.get(name) is not None}


def _member_info(member: Doc) -> Doc:
    thin = _some(member, (*_THIN, "licenseClass", "_info"))
    return thin | {"fullName": shown_name(member), "defaultEmail": member["primaryEmail"]}


def list_member_info(psa: Psa, _caller: Caller, _ids: dict[str, int]) -> list[Doc]:
    return [_member_info(member) for member in psa.store.all("members")]


def get_member_info(psa: Psa, _caller: Caller, ids: dict[str, int]) -> Doc:
    member = psa.store.find("members", ids["id"])
    if member is None:
        raise not_found("member", ids["id"])
    return _member_info(member)


def list_schedulable(psa: Psa, _caller: Caller, _ids: dict[str, int]) -> list[Doc]:
    able = [m for m in psa.store.all("members") if m["licenseClass"] != "A" and not m["inactiveFlag"]]
    return [{k: v for k, v in _member_info(member).items() if k != "licenseClass"} for member in able]


def _me(psa: Psa, caller: Caller) -> Doc:
    return next(m for m in psa.store.all("members") if m["identifier"] == caller.identifier)


def get_my_info(psa: Psa, caller: Caller, _ids: dict[str, int]) -> Doc:
    member = _me(psa, caller)
    return _member_info(member) | _some(member, _MINE)


def get_my_member(psa: Psa, caller: Caller, _ids: dict[str, int]) -> Doc:
    names = (*_THIN, *_MINE, "title", "licenseClass", "officeEmail", "officePhone", "mobilePhone", "defaultEmail",
             "securityRole", "calendar", "_info")  # fmt: skip
    return _some(_me(psa, caller), names)


def list_zone_info(psa: Psa, _caller: Caller, _ids: dict[str, int]) -> list[Doc]:
    return [_some(zone, ("id", "name", "offset")) for zone in psa.store.all("timeZoneSetups")]


def list_calendar_info(psa: Psa, _caller: Caller, _ids: dict[str, int]) -> list[Doc]:
    return psa.store.all("calendars")


def get_system_info(_psa: Psa, _caller: Caller, _ids: dict[str, int]) -> Doc:
    return {
        "version": constants.VERSION_NUMBER,
        "isCloud": True,
        "serverTimeZone": "Eastern Standard Time",
        "cloudRegion": "NA",
        "licenseBits": [{"name": "DispatchPortal", "activeFlag": True}],
    }


def _ticket(psa: Psa, ids: dict[str, int], *, project: bool) -> Doc:
    ticket = psa.store.find("tickets", ids["ticketId"])
    if ticket is None or (ticket["recordType"] in PROJECT_TYPES) is not project:
        raise not_found("ticket", ids["ticketId"])
    return ticket


def _all_notes(project: bool) -> View:
    def view(psa: Psa, _caller: Caller, ids: dict[str, int]) -> list[Doc]:
        ticket = _ticket(psa, ids, project=project)
        notes = [as_any_note(n, ticket) for n in psa.store.all("notes") if n["ticketId"] == ticket["id"]]
        return notes if project else [{**note, "isMarkdownFlag": False} for note in notes]

    return view


def _ticket_entries(project: bool) -> View:
    def view(psa: Psa, _caller: Caller, ids: dict[str, int]) -> list[Doc]:
        ticket = _ticket(psa, ids, project=project)
        return [
            {"id": entry["id"], "description": entry["name"]}
            for entry in psa.store.all("entries")
            if entry["type"]["identifier"] == "S" and entry.get("objectId") == ticket["id"]
        ]

    return view


def list_ticket_activities(psa: Psa, _caller: Caller, ids: dict[str, int]) -> list[Doc]:
    ticket = _ticket(psa, ids, project=False)
    held = [a for a in psa.store.all("activities") if (a.get("ticket") or {}).get("id") == ticket["id"]]
    return [{"id": activity["id"], "name": activity["name"]} for activity in held]


def list_entry_details(psa: Psa, _caller: Caller, ids: dict[str, int]) -> list[Doc]:
    entry = psa.store.find("entries", ids["id"])
    if entry is None:
        raise not_found("scheduleEntry", ids["id"])
    if not (entry.get("dateStart") and entry.get("dateEnd")):
        return []
    times = {"dateStart": entry["dateStart"], "dateEnd": entry["dateEnd"], "member": entry["member"]}
    return [{"id": entry["id"], "scheduleEntry": {"id": entry["id"], "description": entry["name"]}, **times}]


# A path ending in /count or in an id is found from the list's own path.
LIST_VIEWS: dict[str, View] = {
    "/system/info/members": list_member_info,
    "/system/timeZoneSetups/info": list_zone_info,
    "/schedule/calendars/info": list_calendar_info,
    "/schedule/entries/{id}/details": list_entry_details,
    "/service/scheduling/members/info": list_schedulable,
    "/service/tickets/{ticketId}/allNotes": _all_notes(project=False),
    "/project/tickets/{ticketId}/allNotes": _all_notes(project=True),
    "/service/tickets/{ticketId}/scheduleentries": _ticket_entries(project=False),
    "/project/tickets/{ticketId}/scheduleentries": _ticket_entries(project=True),
    "/service/tickets/{ticketId}/activities": list_ticket_activities,
}
OBJECT_VIEWS: dict[str, View] = {
    "/system/info": get_system_info,
    "/system/info/members/{id}": get_member_info,
    "/system/myMembers": get_my_member,
    "/system/myMembers/info": get_my_info,
}
