"""What a ticket must be, and what follows when it changes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from . import references as ref
from .clock import write_instant
from .errors import ApiError, missing
from .references import shown_name
from .store import Doc, Store

if TYPE_CHECKING:
    from .access import Caller
    from .psa import Psa

PROJECT_TYPES = ("ProjectTicket", "ProjectIssue")


def derive_from_phase(psa: Psa, doc: Doc, _old: Doc | None, _caller: Caller) -> Doc:
    """A project ticket's project, board and company are those of its phase."""
    phase_id = (doc.get("phase") or {}).get("id")
    phase = psa.store.find("phases", phase_id)
    if phase is None:
        return doc
    project = psa.store.get("projects", phase["projectId"])
    return {
        "recordType": "ProjectTicket",
        "company": project["company"],
        **doc,
        "project": ref.PROJECT.to(project),
        "board": {"id": project["board"]["id"], "name": project["board"]["name"]},
    }


def prepare(psa: Psa, doc: Doc, old: Doc | None, _caller: Caller) -> Doc:
    """Board and status agree, the contact's details are filled in, and closed is what the status says."""
    if doc.get("board") is None:
        doc["board"] = ref.BOARD.to(next(b for b in psa.store.all("boards") if not b["projectFlag"]))
    if doc.get("status") is None:
        doc["status"] = ref.STATUS.to(_default_status(psa.store, doc["board"]["id"]))
    doc.setdefault("recordType", "ServiceTicket")
    doc.setdefault("priority", ref.PRIORITY.to(next(p for p in psa.store.all("priorities") if p.get("defaultFlag"))))
    if doc.get("contact") and doc["contact"] != (old or {}).get("contact"):
        doc |= contact_details(psa.store.get("contacts", doc["contact"]["id"]))
    doc["closedFlag"] = bool(psa.store.get("boardStatuses", doc["status"]["id"])["closedStatus"])
    if not doc["closedFlag"]:
        doc["closedDate"] = None
    elif not (old or {}).get("closedFlag"):
        doc["closedDate"] = write_instant(psa.clock())
    for name in ("processNotifications", "initialDescription", "initialInternalAnalysis", "initialResolution"):
        if name in doc:
            doc[f"~{name}"] = doc.pop(name)
    doc["~skipCallback"] = True if doc.pop("skipCallback", False) else None
    return doc


def _default_status(store: Store, board_id: int) -> Doc:
    statuses = [s for s in store.all("boardStatuses") if s["board"]["id"] == board_id]
    if not statuses:
        raise missing("ticket", "status")
    return next((s for s in statuses if s.get("defaultFlag")), statuses[0])


def contact_details(contact: Doc) -> Doc:
    """The ticket's own copy of who the contact is."""
    items = contact.get("communicationItems", ())
    email = next((i["value"] for i in items if i["communicationType"] == "Email" and i.get("defaultFlag")), None)
    return {
        "contactName": shown_name(contact),
        "contactEmailAddress": email,
        "contactPhoneNumber": contact.get("defaultPhoneNbr"),
    }


def settle(psa: Psa, new: Doc | None, old: Doc | None, caller: Caller) -> None:
    """First notes of a new ticket are kept, entries of a deleted one go, and the callbacks are told."""
    if new is None:
        assert old is not None
        for note in [n for n in psa.store.all("notes") if n["ticketId"] == old["id"]]:
            psa.store.remove("notes", note["id"])
        psa.announce("ticket", "deleted", old, caller)
        return
    first_notes = {
        "~initialDescription": "detailDescriptionFlag",
        "~initialInternalAnalysis": "internalAnalysisFlag",
        "~initialResolution": "resolutionFlag",
    }
    if old is None:
        for field, flag in first_notes.items():
            if new.get(field):
                psa.store.add("notes", first_note(new["id"], new[field], flag, caller.identifier, psa.clock()))
    if not new.get("~skipCallback"):
        psa.announce("ticket", "added" if old is None else "updated", new, caller)


def first_note(ticket_id: int, text: str, flag: str, author: str, at: datetime) -> Doc:
    """A note that came with the ticket."""
    flags = {name: name == flag for name in ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag")}
    return {
        "ticketId": ticket_id, "text": text, **flags, "dateCreated": write_instant(at), "createdBy": author,
        "internalFlag": flags["internalAnalysisFlag"], "externalFlag": not flags["internalAnalysisFlag"],
    }  # fmt: skip


def guard(psa: Psa, ticket: Doc) -> None:
    """A ticket on somebody's schedule cannot be deleted."""
    if any(e.get("objectId") == ticket["id"] and e["type"]["identifier"] == "S" for e in psa.store.all("entries")):
        raise ApiError(409, "ObjectInUse", f"ticket {ticket['id']} has schedule entries and cannot be deleted.")


def refresh_resources(psa: Psa, ticket_id: int, caller: Caller) -> None:
    """Write who is on the ticket, from its open schedule entries; when that changes, ticket callbacks are told."""
    ticket = psa.store.find("tickets", ticket_id)
    if ticket is None:
        return
    names = resources_of(psa.store, ticket_id)
    if names != ticket.get("resources", ""):
        stamps = {"lastUpdated": write_instant(psa.clock()), "updatedBy": caller.identifier}
        changed = {**ticket, "resources": names or None, "_info": {**ticket["_info"], **stamps}}
        psa.announce("ticket", "updated", psa.store.put("tickets", changed), caller)


def resources_of(store: Store, ticket_id: int) -> str:
    """The identifiers of the members with an open entry on the ticket, in the order they came."""
    on_it = [
        entry["member"]["identifier"]
        for entry in store.all("entries")
        if entry["type"]["identifier"] == "S" and entry.get("objectId") == ticket_id and not entry.get("doneFlag")
    ]
    return ", ".join(dict.fromkeys(on_it))
