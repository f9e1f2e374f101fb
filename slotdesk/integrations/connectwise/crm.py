"""
The vendor's REST API for companies, contacts and sales activities, one function per call, as client.py has the rest.

Every function raises ports.errors only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from slotdesk.integrations.connectwise import models
from slotdesk.integrations.connectwise.conditions import number, plain, quoted
from slotdesk.integrations.connectwise.session import Session


def get_contact(session: Session, contact_id: str) -> models.Contact:
    """REST: company/Contacts."""
    return session.get(f"/company/contacts/{number(contact_id)}", models.Contact)


def find_contacts_by_address(session: Session, part: str, *, company_id: str = "") -> Iterator[models.Contact]:
    """REST: company/Contacts: active ones, of one company or any, who have an address that contains `part`."""
    own = f" and company/id={number(company_id)}" if company_id else ""
    params = {
        "conditions": f"inactiveFlag=false{own}",
        "childConditions": f"communicationItems/value contains {quoted(part)} "
        'and communicationItems/communicationType="Email"',
    }
    return session.get_all("/company/contacts", models.Contact, params)


def create_contact(session: Session, values: Mapping[str, Any]) -> models.Contact:
    """REST: company/Contacts, POST."""
    return session.post("/company/contacts", values, models.Contact)


def get_company(session: Session, company_id: str) -> models.Company:
    """REST: company/Companies, deleted ones too."""
    return session.get(f"/company/companies/{number(company_id)}", models.Company)


def find_companies_by_name(session: Session, words: str, *, limit: int) -> list[models.Company]:
    """REST: company/Companies: those whose name contains every word, by name."""
    wanted = [f"name contains {quoted(word)}" for word in words.split() if plain(word)]
    if not wanted:
        return []
    params = {"conditions": " and ".join(["deletedFlag=false", *wanted]), "orderBy": "name asc"}
    return session.get_some("/company/companies", models.Company, params, limit=limit)


def find_companies_by_mark(session: Session, mark: str) -> list[models.Company]:
    """REST: company/Companies: those whose identifier ends in this mark, the oldest first."""
    params = {"conditions": f'identifier like "*-{plain(mark)}" and deletedFlag=false', "orderBy": "id asc"}
    return session.get_some("/company/companies", models.Company, params, limit=2)


def create_company(session: Session, values: Mapping[str, Any]) -> models.Company:
    """REST: company/Companies, POST."""
    return session.post("/company/companies", values, models.Company)


def list_company_types(session: Session) -> Iterator[models.CompanyType]:
    """REST: company/CompanyTypes."""
    return session.get_all("/company/companies/types", models.CompanyType)


def list_company_statuses(session: Session) -> Iterator[models.CompanyStatus]:
    """REST: company/CompanyStatuses, inactive ones too."""
    return session.get_all("/company/companies/statuses", models.CompanyStatus)


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


def list_activity_types(session: Session) -> Iterator[models.ActivityType]:
    """REST: sales/ActivityTypes, inactive ones too."""
    return session.get_all("/sales/activities/types", models.ActivityType)


def list_activities(session: Session, field: str, id_: str) -> Iterator[models.Activity]:
    """REST: sales/Activities: those of a contact, company or assignTo."""
    return session.get_all("/sales/activities", models.Activity, {"conditions": f"{field}/id={number(id_)}"})


def get_activity(session: Session, activity_id: str) -> models.Activity:
    """REST: sales/Activities."""
    return session.get(f"/sales/activities/{number(activity_id)}", models.Activity)


def create_activity(session: Session, values: Mapping[str, Any]) -> models.Activity:
    """REST: sales/Activities, POST. With dates, the vendor makes a schedule entry for it."""
    return session.post("/sales/activities", values, models.Activity)


def change_activity(session: Session, activity_id: int, values: Mapping[str, Any]) -> models.Activity:
    """REST: sales/Activities, PATCH. The schedule entry follows."""
    return session.replace(f"/sales/activities/{activity_id}", values, models.Activity)


def delete_activity(session: Session, activity_id: str) -> None:
    """REST: sales/Activities, DELETE."""
    session.delete(f"/sales/activities/{number(activity_id)}")
