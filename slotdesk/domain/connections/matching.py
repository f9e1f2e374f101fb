"""Who a client is in the PSA, and what is to be done about somebody who is nobody there yet."""

from __future__ import annotations

from dataclasses import dataclass

from slotdesk.domain.catalog.new_contacts import NewContacts
from slotdesk.lib.free_mail import domain_of, is_free_mail
from slotdesk.ports.psa import Contact, Named, Psa


@dataclass(frozen=True, slots=True)
class Known:
    """The client is this contact."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class Joining:
    """A new contact, of this company."""

    company: Named


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A new contact of a new company."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not to be let in; `reason` is for staff, and names no one else."""

    reason: str


def match_client(
    psa: Psa, *, email: str, mode: NewContacts, catch_all_id: str = "", company_id: str = ""
) -> Known | Joining | Newcomer | Refused:
    """
    Look for the client in the PSA by their address, then by its domain, as the mode says; nothing is changed.

    company_id   the company that the client is known to be of, if any: its contact goes before those of others, and a
                 new contact is made in it
    Addresses at free providers never take part in the search by domain. Raises ports.errors: NotFound for a
    catch-all company that is gone.
    """
    found = psa.find_contacts_by_email(email)
    own = [contact for contact in found if contact.company and contact.company.id == company_id]
    if found:
        return Known((own or list(found))[0])
    domain = domain_of(email)
    match mode:
        case NewContacts.CATCH_ALL:
            return Joining(psa.get_company(catch_all_id))
        case NewContacts.REJECT_ADDRESS:
            return Refused("The PSA has no contact with this address.")
    company = None if is_free_mail(domain) else psa.find_company_by_domain(domain)
    if mode == NewContacts.REJECT_DOMAIN and company is None:
        return Refused("The PSA has no contact with an address at this domain.")
    if company_id:
        return Joining(psa.get_company(company_id))
    return Joining(company) if company else Newcomer()
