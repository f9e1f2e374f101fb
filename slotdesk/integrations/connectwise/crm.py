"""
The vendor's REST API for companies, contacts and sales activities, one function per call, as client.py has the rest.

Every function raises ports.errors only.
"""

from __future__ import annotations

from collections.abc import Iterator

from slotdesk.integrations.connectwise import models
from slotdesk.integrations.connectwise.conditions import number
from slotdesk.integrations.connectwise.session import Session


def get_contact(session: Session, contact_id: str) -> models.Contact:
    """REST: company/Contacts."""
    return session.get(f"/company/contacts/{number(contact_id)}", models.Contact)


def list_communication_types(session: Session) -> Iterator[models.CommunicationType]:
    """REST: company/CommunicationTypes: how somebody can be reached."""
    return session.get_all("/company/communicationTypes", models.CommunicationType)


def create_communication(
    session: Session, contact_id: int, *, type_id: int, value: str, is_default: bool
) -> models.Communication:
    """REST: company/ContactCommunications, POST."""
    body = {"type": {"id": type_id}, "value": value, "defaultFlag": is_default}
    return session.post(f"/company/contacts/{contact_id}/communications", body, models.Communication)


def change_communication(session: Session, contact_id: int, item_id: int, *, value: str) -> models.Communication:
    """REST: company/ContactCommunications, PATCH."""
    path = f"/company/contacts/{contact_id}/communications/{item_id}"
    return session.replace(path, {"value": value}, models.Communication)
