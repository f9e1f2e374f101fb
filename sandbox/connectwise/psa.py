"""The PSA's own rules, whoever asks: what a write checks, what it changes, and who is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .access import Caller
from .clock import Clock, write_instant
from .errors import ApiError, invalid, missing
from .kinds import check_kinds
from .patching import apply_patch
from .references import resolve
from .store import Doc, Store

if TYPE_CHECKING:
    from .callbacks import Outbox
    from .resource import Resource

_EFFECT_NAMES = {"scheduleEntry": "entry"}


class Psa:
    """Writes to the store, each with its checks before and its consequences after. Raises ApiError."""

    def __init__(self, store: Store, clock: Clock, outbox: Outbox) -> None:
        self.store = store
        self.clock = clock
        self.outbox = outbox

    def create(self, resource: Resource, parents: Mapping[str, Any], body: Any, caller: Caller) -> Doc:
        """Keep a new object; `parents` are the fields that its path says."""
        doc = self._checked(resource, {**_plain(resource, body), **parents}, None, caller)
        now = write_instant(self.clock())
        stamps = {
            "lastUpdated": now,
            "updatedBy": caller.identifier,
            "dateEntered": now,
            "enteredBy": caller.identifier,
        }
        new = self.store.add(resource.collection, {**doc, "_info": stamps})
        self._record("created", resource, new, None, caller)
        resource.settle(self, new, None, caller)
        return self.store.find(resource.collection, new["id"]) or new

    def patch(self, resource: Resource, old: Doc, operations: Any, caller: Caller) -> Doc:
        """Change the fields that the operations name."""
        fields = resource.fields | old.keys()
        return self._keep(resource, apply_patch(old, operations, noun=resource.noun, fields=fields), old, caller)

    def replace(self, resource: Resource, old: Doc, body: Any, caller: Caller) -> Doc:
        """Put the body in the object's place: what it leaves out is reset."""
        fixed = {"id", "_info", "recordType", *(path.split("/")[0] for path in resource.parents)}
        kept = {key: value for key, value in old.items() if key in fixed or key.startswith("~")}
        return self._keep(resource, {**_plain(resource, body), **kept}, old, caller)

    def delete(self, resource: Resource, old: Doc, caller: Caller) -> None:
        """Remove the object. Raises ApiError (409) when others need it."""
        resource.guard(self, old)
        self.store.remove(resource.collection, old["id"])
        self._record("deleted", resource, old, None, caller)
        resource.settle(self, None, old, caller)

    def announce(self, kind: str, action: str, doc: Doc, caller: Caller) -> None:
        """Tell every callback that asked about this kind of object."""
        self.outbox.publish(kind, action, doc, caller)

    def _keep(self, resource: Resource, changed: Doc, old: Doc, caller: Caller) -> Doc:
        doc = self._checked(resource, changed, old, caller)
        if doc == old:
            return old
        stamps = {"lastUpdated": write_instant(self.clock()), "updatedBy": caller.identifier}
        new = self.store.put(resource.collection, {**doc, "_info": {**old.get("_info", {}), **stamps}})
        self._record("changed", resource, new, old, caller)
        resource.settle(self, new, old, caller)
        return self.store.find(resource.collection, new["id"]) or new

    def _checked(self, resource: Resource, doc: Doc, old: Doc | None, caller: Caller) -> Doc:
        for name in resource.required:
            if doc.get(name) in (None, ""):
                raise missing(resource.noun, name)
        check_kinds(resource, doc)
        doc = resource.derive(self, doc, old, caller)
        for name, ref in resource.refs.items():
            if name in doc and (old is None or doc[name] != old.get(name) or ref.scope[0]):
                doc[name] = resolve(self.store, ref, doc[name], within=doc, noun=resource.noun, field=name)
        doc = resource.prepare(self, doc, old, caller)
        for name, most in resource.lengths.items():
            if len(str(doc.get(name, ""))) > most:
                raise invalid(resource.noun, name, f"The {name} field cannot exceed {most} characters.", "TooLong")
        return {key: value for key, value in doc.items() if value is not None}

    def _record(self, verb: str, resource: Resource, doc: Doc, old: Doc | None, caller: Caller) -> None:
        noun = _EFFECT_NAMES.get(resource.noun, resource.noun)
        entry: Doc = {"at": write_instant(self.clock()), "by": caller.identifier, "via": caller.kind}
        entry |= {"kind": f"{noun}.{verb}", "id": doc["id"], "object": present(resource, doc)}
        if resource.noun == "ticket":
            entry["ticketId"] = doc["id"]
            if old and old["status"] != doc["status"]:
                entry |= {"kind": "status.changed", "from": old["status"], "to": doc["status"]}
        elif resource.noun == "note":
            entry["ticketId"] = doc["ticketId"]
        elif resource.noun == "scheduleEntry" and doc["type"].get("identifier") == "S":
            entry["ticketId"] = doc.get("objectId")
        self.store.append("effects", entry)


def present(resource: Resource, doc: Doc) -> Doc:
    """The document as this path shows it."""
    return {
        key: value
        for key, value in doc.items()
        if value is not None and not key.startswith("~") and key not in resource.hidden
    }


def _plain(resource: Resource, body: Any) -> Doc:
    if not isinstance(body, dict):
        raise ApiError(400, "InvalidObject", f"{resource.noun} object is invalid")
    return {
        key: value
        for key, value in body.items()
        if value is not None and key not in ("id", "_info", "resources", "recordType") and not key.startswith("~")
    }
