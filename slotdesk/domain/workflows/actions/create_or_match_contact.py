"""Find the client among the PSA's contacts by their address, or make them one."""

from __future__ import annotations

from typing import NoReturn, Self

from django.utils.translation import pgettext
from pydantic import BaseModel, ConfigDict, Field, model_validator

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.psa_records import attach_contact
from slotdesk.domain.catalog.new_contacts import NewContacts
from slotdesk.domain.connections.matching import Joining, Known, Newcomer, Refused, match_client
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.queries import find_psa
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will
from slotdesk.lib.marks import gettext_noop
from slotdesk.lib.phones import read_number
from slotdesk.ports.errors import Rejected
from slotdesk.ports.psa import Contact, Named


class Settings(BaseModel):
    """
    new_contacts           what is done for a client whose address no contact has
    company_type_id, company_status_id   of a company that is made; empty = the PSA's default
    catch_all_company_id   the one company for all new contacts, where the mode asks for one
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    new_contacts: NewContacts = Field(
        default=NewContacts.CREATE, title=gettext_noop("Clients whom the PSA does not know")
    )
    company_type_id: str = Field(
        default="", title=gettext_noop("Type of a new company"), json_schema_extra={"pick": "company_types"}
    )
    company_status_id: str = Field(
        default="", title=gettext_noop("Status of a new company"), json_schema_extra={"pick": "company_statuses"}
    )
    catch_all_company_id: str = Field(
        default="", title=gettext_noop("Company for all new contacts"), json_schema_extra={"pick": "companies"}
    )

    @model_validator(mode="after")
    def _names_the_catch_all(self) -> Self:
        if self.new_contacts == NewContacts.CATCH_ALL and not self.catch_all_company_id:
            raise ValueError(pgettext("staff", "Choose the company that all new contacts go to."))
        return self


def find_again(context: Context) -> Done | None:
    request, told = context.request, context.find_caused("request.contact_attached")
    if told is None:
        return None
    is_new = bool(told.data.get("is_new"))
    return _attached(request.contact_id, request.client_name, request.company_name, is_new=is_new)


def prepare(context: Context) -> Will | Skipped:
    request, psa = context.request, context.psa or find_psa()
    if psa is None:
        return Skipped("There is no PSA to look in.")
    if request.contact_id:
        return Skipped("The client’s contact is known already.")
    if not request.client_email:
        return Skipped("The client left no address to look for.")
    settings = Settings.model_validate(context.settings)
    match = match_client(
        open_psa(psa, seconds=PATIENT),
        email=request.client_email,
        mode=settings.new_contacts,
        catch_all_id=settings.catch_all_company_id,
        company_id=request.company_id,
    )
    match match:
        case Known(contact):
            of = f" of {contact.company.name}" if contact.company else ""
            return Will(
                f"Takes the client to be the contact {contact.name}{of}.",
                lambda: _attach(context, psa, contact, is_new=False),
            )
        case Joining(company):
            return Will(
                f"Creates the contact {request.client_name} of {company.name}.",
                lambda: _attach(context, psa, _create(request, psa, company), is_new=True),
            )
        case Newcomer():
            name = request.company_name or request.client_name
            return Will(
                f"Creates the company {name} with the contact {request.client_name}.",
                lambda: _attach(
                    context, psa, _create(request, psa, _create_company(request, psa, name, settings)), is_new=True
                ),
            )
        case Refused(reason):
            return Will(f"Stops here, for staff to decide: {reason}", lambda: _refuse(reason))


def _create_company(request: SchedulingRequest, psa: Connection, name: str, settings: Settings) -> Named:
    return open_psa(psa, seconds=PATIENT).ensure_company(
        uid=request.public_id,
        name=name,
        type_id=settings.company_type_id,
        status_id=settings.company_status_id,
    )


def _create(request: SchedulingRequest, psa: Connection, company: Named) -> Contact:
    return open_psa(psa, seconds=PATIENT).ensure_contact(
        name=request.client_name,
        email=request.client_email,
        company_id=company.id,
        phone=read_number(request.client_phone, country=request.account.country),
    )


def _attach(context: Context, psa: Connection, contact: Contact, *, is_new: bool) -> Done:
    attach_contact(request=context.request, psa=psa, contact=contact, is_new=is_new, now=context.now)
    return _attached(contact.id, contact.name, contact.company.name if contact.company else "", is_new=is_new)


def _attached(contact_id: str, name: str, company: str, *, is_new: bool) -> Done:
    of = f" of {company}" if company else ""
    return Done(f"{'Created' if is_new else 'Found'} {name}{of}.", {"contact": contact_id})


def _refuse(reason: str) -> NoReturn:
    """A failure, not a skip: somebody booked whom the workflow does not want to let in, and staff should look."""
    raise Rejected(reason)
