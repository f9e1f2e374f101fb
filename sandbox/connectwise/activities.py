"""Sales activities; one with dates holds a schedule entry of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import references as ref
from .errors import invalid
from .schedule import ACTIVITY_TYPE, ENTRIES, checked_instant
from .store import Doc

if TYPE_CHECKING:
    from .access import Caller
    from .psa import Psa


def prepare(psa: Psa, doc: Doc, _old: Doc | None, _caller: Caller) -> Doc:
    """Defaults for type and status; times in the API's own form."""
    for name in ("dateStart", "dateEnd"):
        if doc.get(name):
            doc[name] = checked_instant(doc[name], "activity", name)
    if doc.get("dateStart", "") > doc.get("dateEnd", doc.get("dateStart", "")):
        raise invalid("activity", "dateEnd", "The dateEnd must not be before the dateStart.")
    for field, kind in (("type", ref.ACTIVITY_TYPE), ("status", ref.ACTIVITY_STATUS)):
        doc.setdefault(field, kind.to(next(d for d in psa.store.all(kind.collection) if d["defaultFlag"])))
    doc["closeFlag"] = bool(psa.store.get("activityStatuses", doc["status"]["id"])["closedFlag"])
    doc["notifyFlag"] = bool(doc.get("notifyFlag"))
    return doc


def settle(psa: Psa, new: Doc | None, old: Doc | None, caller: Caller) -> None:
    """Make the activity's schedule entry follow it, then tell the callbacks."""
    activity = new or old
    assert activity is not None
    held = next(
        (e for e in psa.store.all("entries") if _is_of(e, activity["id"])),
        None,
    )
    if new is None or not (new.get("dateStart") and new.get("dateEnd")):
        if held:
            psa.delete(ENTRIES, held, caller)
    else:
        wanted = {
            "member": new["assignTo"],
            "dateStart": new["dateStart"],
            "dateEnd": new["dateEnd"],
            "name": new["name"],
            "doneFlag": new["closeFlag"],
            "allowScheduleConflictsFlag": True,
        }
        if held:
            psa.patch(ENTRIES, held, [{"op": "replace", "path": k, "value": v} for k, v in wanted.items()], caller)
        else:
            body = {"type": {"identifier": ACTIVITY_TYPE}, "objectId": new["id"], **wanted}
            psa.create(ENTRIES, {}, body, caller)
    psa.announce("activity", "added" if old is None else "updated" if new else "deleted", activity, caller)


def _is_of(entry: Doc, activity_id: int) -> bool:
    return bool(entry["type"]["identifier"] == ACTIVITY_TYPE and entry.get("objectId") == activity_id)
