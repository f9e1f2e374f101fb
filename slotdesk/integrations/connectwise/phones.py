"""A contact's phone numbers."""

from __future__ import annotations

import phonenumbers

from slotdesk.integrations.connectwise import crm, models
from slotdesk.integrations.connectwise.session import Session
from slotdesk.ports.errors import Rejected

_SAME = (phonenumbers.MatchType.EXACT_MATCH, phonenumbers.MatchType.NSN_MATCH)


def update_phone(session: Session, contact_id: str, number: str) -> str:
    """
    Make this the contact's first number, and return which one that was.

    The vendor has one item for each way to call somebody, so the first one is given the new number, in the way it had.
    A number that is anywhere among the contact's is left there, which also is how an interrupted run is found again.
    """
    contact = crm.get_contact(session, contact_id)
    items = [item for item in contact.communication_items if item.communication_type == "Phone" and item.value]
    for item in items:
        if phonenumbers.is_number_match(item.value, number) in _SAME:
            return item.value
    first = _first(contact, items)
    if first is not None:
        crm.change_communication(session, contact.id, first.id, value=as_written(number))
        return first.value
    types = [found for found in crm.list_communication_types(session) if found.phone_flag]
    if not types:
        raise Rejected("ConnectWise has no communication type for phone numbers.")
    chosen = next((found for found in types if found.default_flag), types[0])
    crm.create_communication(session, contact.id, type_id=chosen.id, value=as_written(number), is_default=True)
    return ""


def _first(contact: models.Contact, items: list[models.CommunicationItem]) -> models.CommunicationItem | None:
    """The one that the contact's card shows, else the first default one, else the first."""
    ranked = sorted(items, key=lambda item: (item.value != contact.default_phone_nbr, not item.default_flag))
    return ranked[0] if ranked else None


def as_written(number: str) -> str:
    """As the vendor's screens keep numbers: ten digits in North America, with + and country code elsewhere."""
    return number[2:] if number.startswith("+1") and len(number) == 12 else number
