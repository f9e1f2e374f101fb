"""Notes on tickets, and the list that shows every kind of note together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .clock import write_instant
from .errors import invalid, missing
from .store import Doc

if TYPE_CHECKING:
    from .access import Caller
    from .psa import Psa

FLAGS = ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag")


def prepare(psa: Psa, doc: Doc, old: Doc | None, caller: Caller) -> Doc:
    """A note has a text and at least one place to be shown; who wrote it and when is the API's to say."""
    if not str(doc.get("text") or "").strip():
        raise missing("note", "text")
    flags = {name: bool(doc.get(name)) for name in FLAGS}
    if not any(flags.values()):
        raise invalid("note", "detailDescriptionFlag", "At least one note flag must be true.", "MissingRequiredField")
    doc.pop("processNotifications", None)
    internal = flags["internalAnalysisFlag"] and not flags["detailDescriptionFlag"] and not flags["resolutionFlag"]
    written = {"dateCreated": write_instant(psa.clock()), "createdBy": caller.identifier}
    if old:
        written = {name: old[name] for name in written}
    return {**doc, **flags, **written, "internalFlag": internal, "externalFlag": not internal}


def settle(psa: Psa, new: Doc | None, old: Doc | None, caller: Caller) -> None:
    """A note changes its ticket, and the ticket's callbacks are told."""
    ticket_id = (new or old or {})["ticketId"]
    ticket = psa.store.get("tickets", ticket_id)
    stamps = {"lastUpdated": write_instant(psa.clock()), "updatedBy": caller.identifier}
    changed = psa.store.put("tickets", {**ticket, "_info": {**ticket["_info"], **stamps}})
    psa.announce("ticket", "updated", changed, caller)


def as_any_note(note: Doc, ticket: Doc) -> Doc:
    """A note in the shape of the `allNotes` list."""
    kept = ("id", "text", *FLAGS, "member", "contact", "_info")
    return {
        "noteType": "TicketNote",
        "ticket": {"id": ticket["id"], "summary": ticket["summary"]},
        **{name: note[name] for name in kept if note.get(name) is not None},
        "issueFlag": False,
        "bundledFlag": False,
        "mergedFlag": False,
        "originalAuthor": note["createdBy"],
    }
