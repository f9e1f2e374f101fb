"""Companies and their contacts: found by address or domain, and made once."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from itertools import islice
from typing import Any

from slotdesk.integrations.connectwise import crm, models
from slotdesk.integrations.connectwise.conditions import number
from slotdesk.integrations.connectwise.phones import as_written
from slotdesk.integrations.connectwise.session import Session
from slotdesk.integrations.connectwise.translate import to_contact, to_named
from slotdesk.ports.errors import NotFound, Rejected
from slotdesk.ports.psa import Contact, Named

_MOST_CONTACTS = 250
_LONGEST_COMPANY, _LONGEST_NAME = 50, 30
# The vendor's identifiers are unique and short, so that ours can be looked for: a beginning to read, and a mark.
_READABLE = 16


def find_contacts(session: Session, email: str, *, company_id: str = "") -> list[Contact]:
    """Active contacts with exactly this address, the oldest first; of one company, or of any."""
    wanted = email.strip().casefold()
    found = crm.find_contacts_by_address(session, wanted, company_id=company_id) if wanted else ()
    return [to_contact(contact) for contact in found if wanted in _addresses(contact)]


def find_company_by_domain(session: Session, domain: str) -> Named | None:
    """The company that most of the contacts with addresses at this domain are of."""
    ending = "@" + domain.strip().casefold()
    found = islice(crm.find_contacts_by_address(session, ending), _MOST_CONTACTS) if len(ending) > 1 else ()
    companies = [
        to_named(contact.company)
        for contact in found
        if contact.company and any(address.endswith(ending) for address in _addresses(contact))
    ]
    counted = Counter(companies)
    return min(counted, key=lambda company: (-counted[company], int(company.id)), default=None)


def get_company(session: Session, company_id: str) -> Named:
    """Raises NotFound."""
    company = crm.get_company(session, company_id)
    if company.deleted_flag:
        raise NotFound("The company was deleted in ConnectWise.")
    return to_named(company)


def ensure_company(session: Session, *, uid: str, name: str, type_id: str, status_id: str) -> Named:
    """Make a company, unless the one that bears this uid in its identifier is there."""
    readable = re.sub(r"[^A-Za-z0-9]", "", name)[:_READABLE] or "Company"
    # Only the uid goes into the mark; the name may be corrected between two tries, and then both must lead to one.
    mark = hashlib.sha256(uid.encode()).hexdigest()[:8]
    found = crm.find_companies_by_mark(session, mark)
    if found:
        return to_named(found[0])
    values: dict[str, Any] = {
        "identifier": f"{readable}-{mark}",
        "name": " ".join(name.split())[:_LONGEST_COMPANY],
        "site": {"name": "Main"},
        **({"types": [{"id": number(type_id)}]} if type_id else {}),
        **({"status": {"id": number(status_id)}} if status_id else {}),
    }
    return get_company(session, str(crm.create_company(session, values).id))


def ensure_contact(session: Session, *, name: str, email: str, company_id: str, phone: str) -> Contact:
    """Return the company's oldest contact with this address, after making one if there is none."""
    found = find_contacts(session, email, company_id=company_id)
    if not found:
        first, last = _split(name.strip() or email.partition("@")[0])
        types = list(crm.list_communication_types(session))
        items = [_item(types, "email_flag", email)]
        if phone:
            items.append(_item(types, "phone_flag", as_written(phone)))
        values: dict[str, Any] = {"firstName": first, "company": {"id": number(company_id)}}
        crm.create_contact(session, values | ({"lastName": last} if last else {}) | {"communicationItems": items})
        # Read back by the same key: of two callers who made one at the same moment, both go on with the older.
        found = find_contacts(session, email, company_id=company_id)
    if not found:
        raise Rejected("ConnectWise took the new contact, but does not keep its address.")
    return found[0]


def _addresses(contact: models.Contact) -> set[str]:
    items = contact.communication_items
    return {item.value.strip().casefold() for item in items if item.communication_type == "Email"}


def _item(types: list[models.CommunicationType], flag: str, value: str) -> dict[str, Any]:
    fitting = [each for each in types if getattr(each, flag)]
    if not fitting:
        raise Rejected("ConnectWise has no communication type for e-mail addresses or phone numbers.")
    chosen = next((each for each in fitting if each.default_flag), fitting[0])
    return {"type": {"id": chosen.id}, "value": value, "defaultFlag": True}


def _split(name: str) -> tuple[str, str]:
    """The last word is the last name; the vendor wants a first one."""
    words = name.split()
    first, last = (" ".join(words[:-1]), words[-1]) if len(words) > 1 else (name.strip(), "")
    return first[:_LONGEST_NAME], last[:_LONGEST_NAME]
