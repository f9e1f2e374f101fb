"""Schedule entries: what they need, whom they may not meet, and what they change on their ticket."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from . import references as ref
from .clock import read_instant, write_instant
from .errors import invalid, missing
from .resource import Resource, names
from .store import Doc
from .tickets import PROJECT_TYPES, refresh_resources

if TYPE_CHECKING:
    from .access import Caller
    from .psa import Psa

TICKET_TYPE = "S"
ACTIVITY_TYPE = "C"


def prepare(psa: Psa, doc: Doc, old: Doc | None, _caller: Caller) -> Doc:
    """Check object, member, times and conflicts; fill in what the caller left to the PSA."""
    if old and (doc["type"] != old["type"] or doc.get("objectId") != old.get("objectId")):
        raise invalid("scheduleEntry", "type", "The type and objectId of a schedule entry cannot be changed.")
    _normalise_times(doc)
    _fill_from_object(psa, doc)
    _check_member(psa, doc)
    _check_conflicts(psa, doc)
    statuses = psa.store.all("scheduleStatuses")
    doc.setdefault("status", ref.SCHEDULE_STATUS.to(next(s for s in statuses if s["defaultFlag"])))
    if doc.get("doneFlag") and not (old or {}).get("doneFlag"):
        doc["closeDate"] = write_instant(psa.clock())
    flags = ("doneFlag", "acknowledgedFlag", "ownerFlag", "meetingFlag", "allowScheduleConflictsFlag")
    return {**dict.fromkeys(flags, False), **doc}


def _normalise_times(doc: Doc) -> None:
    for name in ("dateStart", "dateEnd"):
        if doc.get(name):
            doc[name] = checked_instant(doc[name], "scheduleEntry", name)
    starts, ends = doc.get("dateStart"), doc.get("dateEnd")
    if starts and ends:
        length = read_instant(ends) - read_instant(starts)
        if length.total_seconds() < 0:
            raise invalid("scheduleEntry", "dateEnd", "The dateEnd must not be before the dateStart.")
        doc["hours"] = round(length.total_seconds() / 3600, 2)
        doc.setdefault("startTimeSet", True)
        doc.setdefault("endTimeSet", True)


def checked_instant(value: object, noun: str, field: str) -> str:
    """The instant in the API's own form. Raises ApiError (400)."""
    try:
        return write_instant(read_instant(str(value)))
    except ValueError:
        raise invalid(noun, field, f"The {field} is not a valid date.") from None


def _fill_from_object(psa: Psa, doc: Doc) -> None:
    kind = doc["type"]["identifier"]
    if kind not in (TICKET_TYPE, ACTIVITY_TYPE):
        return
    if not doc.get("objectId"):
        raise missing("scheduleEntry", "objectId")
    found = psa.store.find("tickets" if kind == TICKET_TYPE else "activities", doc["objectId"])
    if found is None:
        raise invalid("scheduleEntry", "objectId", f"The objectId {doc['objectId']} does not exist.")
    if kind == TICKET_TYPE:
        doc["ticketType"] = found["recordType"]
        doc.setdefault("name", found["summary"])
        if found.get("serviceLocation"):
            doc.setdefault("where", found["serviceLocation"])
    else:
        doc.setdefault("name", found["name"])


def _check_member(psa: Psa, doc: Doc) -> None:
    member = psa.store.get("members", doc["member"]["id"])
    if member.get("inactiveFlag") or member["licenseClass"] == "A":
        raise invalid("scheduleEntry", "member", f"The member {member['identifier']} cannot be scheduled.")
    join, role_id = doc.pop("addMemberToProjectFlag", False), doc.pop("projectRoleId", None)
    if doc.get("ticketType") not in PROJECT_TYPES:
        return
    project = psa.store.get("tickets", doc["objectId"])["project"]
    team = [m for m in psa.store.all("projectTeamMembers") if m["projectId"] == project["id"]]
    if any(m["member"]["id"] == member["id"] for m in team):
        return
    if not join:
        raise invalid("scheduleEntry", "member", f"{member['identifier']} is not a member of the project team.")
    role = psa.store.find("projectRoles", role_id) or psa.store.all("projectRoles")[0]
    psa.store.add(
        "projectTeamMembers",
        {"projectId": project["id"], "member": ref.MEMBER.to(member), "projectRole": ref.PROJECT_ROLE.to(role)},
    )


def _check_conflicts(psa: Psa, doc: Doc) -> None:
    if doc.get("allowScheduleConflictsFlag") or doc.get("doneFlag") or not _period(doc):
        return
    starts, ends = _period(doc) or (None, None)
    for other in psa.store.all("entries"):
        if other["member"]["id"] != doc["member"]["id"] or other["id"] == doc.get("id") or other.get("doneFlag"):
            continue
        theirs = _period(other)
        if theirs and starts and ends and theirs[0] < ends and theirs[1] > starts:
            raise invalid(
                "scheduleEntry", "dateStart",
                f"{doc['member']['identifier']} already has a schedule entry at this time.", "ScheduleConflict",
            )  # fmt: skip


def _period(doc: Doc) -> tuple[datetime, datetime] | None:
    if doc.get("dateStart") and doc.get("dateEnd"):
        return read_instant(doc["dateStart"]), read_instant(doc["dateEnd"])
    return None


def settle(psa: Psa, new: Doc | None, old: Doc | None, caller: Caller) -> None:
    """Schedule callbacks first, then the ticket's list of resources, which tells the ticket callbacks."""
    entry = new or old
    assert entry is not None
    action = "added" if old is None else "updated" if new else "deleted"
    psa.announce("schedule", action, entry, caller)
    if entry["type"]["identifier"] == TICKET_TYPE:
        refresh_resources(psa, entry["objectId"], caller)


ENTRIES = Resource(
    "/schedule/entries", "entries", "scheduleEntry", "LRCUD", required=("type", "member"),
    refs={"type": ref.SCHEDULE_TYPE, "member": ref.MEMBER, "where": ref.SERVICE_LOCATION,
          "status": ref.SCHEDULE_STATUS, "reminder": ref.REMINDER, "span": ref.SPAN},
    fields=names("objectId name member where dateStart dateEnd reminder status type span doneFlag ticketType "
                "acknowledgedFlag acknowledgedDate ownerFlag meetingFlag allowScheduleConflictsFlag "
                "addMemberToProjectFlag projectRoleId closeDate notifyResource notificationSent hours "
                "notificationResponse startTimeSet endTimeSet mobileGuid"),
    lengths={"name": 250}, prepare=prepare, settle=settle,
)  # fmt: skip
