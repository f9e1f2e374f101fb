"""PATCH bodies: an array of operations on top-level fields."""

from __future__ import annotations

from typing import Any

from .errors import ApiError, invalid
from .store import Doc

# What a caller may send and the API keeps to itself.
_READ_ONLY = ("id", "_info", "resources", "recordType", "closedFlag", "closedDate", "closedBy", "ticketId")


def apply_patch(doc: Doc, operations: Any, *, noun: str, fields: frozenset[str]) -> Doc:
    """
    The document after the operations; the one given is left alone.

    A nested path ("company/identifier") is answered as a success and changes nothing, as the vendor does.
    Read-only fields are passed over in the same way. Raises ApiError (400) for a body that is not an array of
    operations and for a field that does not exist.
    """
    if not isinstance(operations, list) or not all(isinstance(operation, dict) for operation in operations):
        raise ApiError(400, "InvalidObject", "The request body must be an array of patch operations.")
    changed = dict(doc)
    for operation in operations:
        op, path = str(operation.get("op", "")).lower(), str(operation.get("path", "")).removeprefix("/")
        if op not in ("add", "replace", "remove"):
            raise invalid(noun, path, f"The operation {op!r} is not supported.", "InvalidOperation")
        if "/" in path or path in _READ_ONLY:
            continue
        if path not in fields:
            raise invalid(noun, path, f"The path {path!r} does not exist.", "InvalidPath")
        if op == "remove" or operation.get("value") is None:
            changed.pop(path, None)
        else:
            changed[path] = operation["value"]
    return changed
