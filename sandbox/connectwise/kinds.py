"""What kind of JSON value each field holds; anything else cannot be read, and is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .clock import read_instant
from .errors import invalid
from .store import Doc

if TYPE_CHECKING:
    from .resource import Resource


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


_WHOLE = _words(
    "objectId screenId podHeight projectRoleId memberId duration parentTicketId toolbarButtonDialogHeight "
    "toolbarButtonDialogWidth"
)
_NUMBER = frozenset(("hours", "budgetHours", "actualHours"))
_INSTANT = _words("dateStart dateEnd requiredDate estimatedStartDate startDate endDate acknowledgedDate closeDate")
_BOOLEAN = _words(
    "startTimeSet endTimeSet notifyResource notificationSent processNotifications skipCallback hasChildTicket"
)
_OBJECTS = frozenset(("types", "communicationItems", "customFields"))
_NUMBERS = frozenset(("locationIds",))
_OBJECT = _words(
    "company site country stateReference territory mergedParentTicket opportunity sla relationship department location"
)


def check_kinds(resource: Resource, doc: Doc) -> None:
    """Raise ApiError (400) for the first field whose value is not of its kind. Unnamed fields are passed over."""
    for name in resource.fields & doc.keys():
        value = doc[name]
        if value is not None and not name.startswith("_") and not _fits(resource, name, value):
            raise invalid(resource.noun, name, f"The value of {name} could not be converted.", "InvalidValue")


def _fits(resource: Resource, name: str, value: Any) -> bool:
    if name in resource.refs or name in _OBJECT:
        return isinstance(value, dict)
    if name in _BOOLEAN or name.endswith("Flag"):
        return isinstance(value, bool)
    if name in _WHOLE or name in ("id", "ticketId"):
        return isinstance(value, int) and not isinstance(value, bool)
    if name in _NUMBER:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if name in _INSTANT:
        return _is_instant(value)
    if name in _OBJECTS:
        return isinstance(value, list) and all(isinstance(item, dict) for item in value)
    if name in _NUMBERS:
        return isinstance(value, list) and all(isinstance(item, int) for item in value)
    return isinstance(value, str)


def _is_instant(value: Any) -> bool:
    try:
        read_instant(str(value))
    except ValueError:
        return False
    return isinstance(value, str)
