"""Callback registrations: which kinds and levels exist, and which of them a change concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .conditions import read_path
from .errors import ApiError, invalid
from .store import Doc

if TYPE_CHECKING:
    from .access import Caller
    from .psa import Psa

# type → level → the path whose value must equal the registration's objectId. Level `owner` means every object.
LEVELS: dict[str, dict[str, str]] = {
    "ticket": {"owner": "", "board": "board/id", "project": "project/id", "status": "status/id", "ticket": "id"},
    "schedule": {
        "owner": "", "status": "status/id", "type": "type/id", "location": "where/id", "member": "member/id",
        "schedule": "id",
    },
    "activity": {"owner": "", "status": "status/id", "type": "type/id", "activity": "id"},
    "company": {"owner": "", "status": "status/id", "company": "id"},
    "contact": {"owner": "", "company": "company/id", "contact": "id"},
}  # fmt: skip


def prepare(psa: Psa, doc: Doc, old: Doc | None, caller: Caller) -> Doc:
    """Check kind, level and address; no two registrations may be alike."""
    doc["type"], doc["level"] = str(doc["type"]).lower(), str(doc["level"]).lower()
    if doc["type"] not in LEVELS:
        raise invalid("callback", "type", f"The type {doc['type']!r} is not valid.")
    if doc["level"] not in LEVELS[doc["type"]]:
        raise invalid("callback", "level", f"The level {doc['level']!r} is not valid for {doc['type']}.")
    if not isinstance(doc["objectId"], int):
        raise invalid("callback", "objectId", "The objectId must be a number.")
    if urlsplit(str(doc["url"])).scheme not in ("http", "https"):
        raise invalid("callback", "url", "The url must be a web address.")
    alike = ("url", "type", "level", "objectId")
    for other in psa.store.all("callbacks"):
        if other["id"] != (old or {}).get("id") and all(other[key] == doc[key] for key in alike):
            raise ApiError(409, "ObjectExists", "A callback with this url, type, level and objectId already exists.")
    if old and old["inactiveFlag"] and not doc.get("inactiveFlag"):
        doc["~failedDays"] = []
    return {"inactiveFlag": False, "isSelfSuppressedFlag": False, "~owner": caller.identifier, **doc}


def concerns(callback: Doc, kind: str, doc: Doc) -> bool:
    """Whether a change of this object is what the registration asked for."""
    if callback["type"] != kind or callback["inactiveFlag"]:
        return False
    path = LEVELS[kind][callback["level"]]
    value: Any = read_path(doc, path)[0] if path else callback["objectId"]
    return bool(value == callback["objectId"])
