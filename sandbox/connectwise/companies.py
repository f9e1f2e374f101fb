"""Client companies, their contacts, and the ways to reach a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import references as ref
from .errors import ApiError
from .references import resolve
from .store import Doc, Store

if TYPE_CHECKING:
    from .access import Caller
    from .psa import Psa


def prepare_company(psa: Psa, doc: Doc, old: Doc | None, _caller: Caller) -> Doc:
    """No two companies share an identifier (409); types are named. Raises ApiError."""
    wanted = str(doc["identifier"]).casefold()
    for other in psa.store.all("companies"):
        if other["identifier"].casefold() == wanted and other["id"] != (old or {}).get("id"):
            raise ApiError(409, "ObjectExists", f"The company identifier {doc['identifier']} is already in use.")
    statuses = psa.store.all("companyStatuses")
    doc.setdefault("status", ref.COMPANY_STATUS.to(next(s for s in statuses if s["defaultFlag"])))
    if doc.get("types"):
        doc["types"] = [
            resolve(psa.store, ref.COMPANY_TYPE, value, within={}, noun="company", field="types")
            for value in doc["types"]
        ]
    return {"deletedFlag": False, **doc}


def settle_company(psa: Psa, new: Doc | None, old: Doc | None, caller: Caller) -> None:
    """A new company has a main site."""
    if new and not old:
        site = {"name": "Main", "company": ref.COMPANY.to(new), "primaryAddressFlag": True, "inactiveFlag": False}
        kept = psa.store.add("sites", site)
        psa.store.put("companies", {**new, "site": {"id": kept["id"], "name": kept["name"]}})
    psa.announce("company", "added" if old is None else "updated" if new else "deleted", new or old or {}, caller)


def guard_company(psa: Psa, company: Doc) -> None:
    """A company with tickets cannot be deleted."""
    if any(ticket["company"]["id"] == company["id"] for ticket in psa.store.all("tickets")):
        raise ApiError(409, "ObjectInUse", f"company {company['id']} has tickets and cannot be deleted.")


def guard_contact(psa: Psa, contact: Doc) -> None:
    """A contact on a ticket cannot be deleted."""
    if any((ticket.get("contact") or {}).get("id") == contact["id"] for ticket in psa.store.all("tickets")):
        raise ApiError(409, "ObjectInUse", f"contact {contact['id']} is on tickets and cannot be deleted.")


def prepare_contact(psa: Psa, doc: Doc, _old: Doc | None, _caller: Caller) -> Doc:
    """Every communication item in full, with a known type."""
    items = doc.get("communicationItems") or []
    doc["communicationItems"] = [complete_item(psa.store, dict(item)) for item in items]
    return {"inactiveFlag": False, "defaultFlag": False, **doc}


def settle_contact(psa: Psa, new: Doc | None, old: Doc | None, caller: Caller) -> None:
    """The contact's items are objects of their own as well; a change to the list is a change to them."""
    contact_id = (new or old or {})["id"]
    kept = {item.get("id") for item in (new or {}).get("communicationItems", ())}
    for item in psa.store.all("communications"):
        if item["contactId"] == contact_id and item["id"] not in kept:
            psa.store.remove("communications", item["id"])
    for item in (new or {}).get("communicationItems", ()):
        held = psa.store.find("communications", item.get("id"))
        row = {**item, "contactId": contact_id}
        if held and held["contactId"] == contact_id:
            psa.store.put("communications", row)
        else:
            psa.store.add("communications", row)
    if new:
        _refresh_contact(psa.store, contact_id)
    psa.announce("contact", "added" if old is None else "updated" if new else "deleted", new or old or {}, caller)


def prepare_communication(psa: Psa, doc: Doc, _old: Doc | None, _caller: Caller) -> Doc:
    """One communication item in full."""
    return complete_item(psa.store, doc)


def settle_communication(psa: Psa, new: Doc | None, old: Doc | None, _caller: Caller) -> None:
    """The contact shows its items as they now are."""
    _refresh_contact(psa.store, (new or old or {})["contactId"])


def complete_item(store: Store, item: Doc) -> Doc:
    """The item with its type named, what kind of thing it is, and the domain of an address. Raises ApiError."""
    kind = resolve(store, ref.COMMUNICATION_TYPE, item.get("type"), within={}, noun="communication", field="type")
    if kind is None or not item.get("value"):
        raise ApiError(400, "InvalidObject", "communication object is invalid")
    flags = store.get("communicationTypes", kind["id"])
    item["type"] = kind
    item["communicationType"] = "Email" if flags["emailFlag"] else "Phone" if flags["phoneFlag"] else "Fax"
    if item["communicationType"] == "Email":
        item["domain"] = "@" + str(item["value"]).rpartition("@")[2]
    item["defaultFlag"] = bool(item.get("defaultFlag"))
    return item


def _refresh_contact(store: Store, contact_id: int) -> None:
    contact = store.get("contacts", contact_id)
    rows = [row for row in store.all("communications") if row["contactId"] == contact_id]
    items = [{key: value for key, value in row.items() if key not in ("contactId", "_info")} for row in rows]
    phones = [item for item in items if item["communicationType"] == "Phone"]
    phone = next((item for item in phones if item["defaultFlag"]), phones[0] if phones else None)
    shown = {"defaultPhoneNbr": phone["value"], "defaultPhoneType": phone["type"]["name"]} if phone else {}
    dropped = ("defaultPhoneNbr", "defaultPhoneType")
    rest = {key: value for key, value in contact.items() if key not in dropped}
    store.put("contacts", {**rest, **shown, "communicationItems": items})
