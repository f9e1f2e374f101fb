"""References: how one object names another, `{"id": 5, "name": "Scheduled"}`, and how a caller may name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .conditions import read_path
from .errors import invalid
from .store import Doc, Store


@dataclass(frozen=True, slots=True)
class Ref:
    """
    A kind of reference.

    shows   the fields that an answer carries beside the id
    keys    the natural keys by which a caller may name the object instead of its id
    scope   a path in the object referred to and one in the referring object that must agree: a status and its board
    """

    collection: str
    shows: tuple[str, ...] = ("name",)
    keys: tuple[str, ...] = ("name",)
    scope: tuple[str, str] = ("", "")

    def to(self, doc: Doc) -> Doc:
        """The reference to this object."""
        return {"id": doc["id"], **{name: shown_name(doc) if name == "name" else doc[name] for name in self.shows}}


def shown_name(doc: Doc) -> str:
    """The name that references show: of a person, first and last name."""
    if "name" in doc:
        return str(doc["name"])
    return " ".join(str(doc[key]) for key in ("firstName", "lastName") if doc.get(key)) or str(doc.get("description"))


BOARD = Ref("boards")
STATUS = Ref("boardStatuses", scope=("board/id", "board/id"))
TYPE = Ref("boardTypes", scope=("board/id", "board/id"))
SUBTYPE = Ref("boardSubtypes", scope=("board/id", "board/id"))
ITEM = Ref("boardItems", scope=("board/id", "board/id"))
TEAM = Ref("boardTeams", scope=("boardId", "board/id"))
PRIORITY = Ref("priorities")
SOURCE = Ref("sources")
SERVICE_LOCATION = Ref("serviceLocations")
COMPANY = Ref("companies", shows=("identifier", "name"), keys=("identifier", "name"))
COMPANY_STATUS = Ref("companyStatuses")
COMPANY_TYPE = Ref("companyTypes")
SITE = Ref("sites", scope=("company/id", "company/id"))
CONTACT = Ref("contacts", keys=())
MEMBER = Ref("members", shows=("identifier", "name"), keys=("identifier",))
CALENDAR = Ref("calendars")
HOLIDAY_LIST = Ref("holidayLists")
TIME_ZONE = Ref("timeZoneSetups")
LOCATION = Ref("locations")
DEPARTMENT = Ref("departments", shows=("identifier", "name"), keys=("identifier", "name"))
PROJECT = Ref("projects")
PHASE = Ref("phases", scope=("projectId", "project/id"))
PROJECT_ROLE = Ref("projectRoles", shows=("identifier",), keys=("identifier",))
SCHEDULE_TYPE = Ref("scheduleTypes", shows=("identifier",), keys=("identifier", "name"))
SCHEDULE_STATUS = Ref("scheduleStatuses")
SPAN = Ref("scheduleSpans", shows=("identifier",), keys=("identifier",))
REMINDER = Ref("reminderTimes")
ACTIVITY_TYPE = Ref("activityTypes")
ACTIVITY_STATUS = Ref("activityStatuses")
TICKET = Ref("tickets", shows=("summary",), keys=())
COMMUNICATION_TYPE = Ref("communicationTypes")


def resolve(store: Store, ref: Ref, value: Any, *, within: Doc, noun: str, field: str) -> Doc | None:
    """
    What the caller's reference means, in full.

    value   {"id": …} or a natural key, or None. within   the referring object, for the scope
    Raises ApiError (400) when nothing, or nothing in scope, is so called.
    """
    if value is None:
        return None
    if not isinstance(value, dict):
        raise invalid(noun, field, f"The {field} field must be a reference.")
    for doc in _candidates(store, ref, value):
        theirs, ours = ref.scope
        if not theirs or read_path(doc, theirs)[0] == read_path(within, ours)[0]:
            return ref.to(doc)
    raise invalid(noun, field, f"The {field} is not valid.", "InvalidReference")


def _candidates(store: Store, ref: Ref, value: Doc) -> list[Doc]:
    if value.get("id") is not None:
        found = store.find(ref.collection, value["id"])
        return [found] if found else []
    for key in ref.keys:
        if wanted := value.get(key):
            return [doc for doc in store.all(ref.collection) if _natural(doc, key) == str(wanted).casefold()]
    return []


def _natural(doc: Doc, key: str) -> str:
    return (shown_name(doc) if key == "name" else str(doc.get(key, ""))).casefold()
