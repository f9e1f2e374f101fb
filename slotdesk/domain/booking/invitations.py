"""Inviting a client, and taking an invitation back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from slotdesk.domain.booking.asked import is_bookable
from slotdesk.domain.booking.models import RequestResource, SchedulingRequest
from slotdesk.domain.booking.queries import OPEN, RequestClosed, lock_request
from slotdesk.domain.catalog.classic import compile_workflow
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.terms import freeze_terms
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.queries import read_ticket
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account
from slotdesk.ports.psa import Ticket, TicketRef

MOST_RESOURCES = 4


@dataclass(frozen=True, slots=True)
class Client:
    """The person who is to book."""

    name: str
    email: str
    phone: str = ""
    company: str = ""


class NobodyToAsk(Exception):
    """None of the people asked for can be booked."""


class TooMany(Exception):
    """More resources were named than one appointment may have."""


class NoAddress(Exception):
    """The client cannot be written to: there is no e-mail address."""


class TicketClosed(Exception):
    """The ticket is closed; reopen it before asking the client to schedule."""


def invite_from_ticket(
    *,
    psa: Connection,
    ticket: TicketRef,
    appointment_type: AppointmentType,
    resources: Sequence[Agent | Team],
    origin: SchedulingRequest.Origin,
    actor: str,
    now: datetime,
    client: Client | None = None,
    duration: timedelta | None = None,
) -> SchedulingRequest:
    """
    Ask the ticket's contact, or the client given instead, to book a time with these agents and teams together.

    The ticket is read with the account's own keys first; what a page says about it is not believed. With origin PANEL
    the client is sent an invitation. Raises TicketClosed, NobodyToAsk, TooMany, NoAddress, BadTerms, PortError.
    """
    read = read_ticket(psa, ticket)
    if read.is_closed:
        raise TicketClosed(read.number)
    asked = client or _client_of(read)
    if not asked.email and origin == SchedulingRequest.Origin.PANEL:
        raise NoAddress(read.number)
    return create_request(
        account=psa.account,
        psa=psa,
        ticket=read,
        appointment_type=appointment_type,
        resources=resources,
        origin=origin,
        client=asked,
        actor=actor,
        now=now,
        duration=duration,
    )


def _client_of(ticket: Ticket) -> Client:
    contact = ticket.contact
    company = ticket.company.name if ticket.company else ""
    if contact is None:
        return Client(name="", email="", company=company)
    return Client(name=contact.name, email=contact.email, phone=contact.phone, company=company)


def create_request(
    *,
    account: Account,
    psa: Connection | None,
    ticket: Ticket | None,
    appointment_type: AppointmentType,
    resources: Sequence[Agent | Team],
    origin: SchedulingRequest.Origin,
    client: Client,
    actor: str,
    now: datetime,
    duration: timedelta | None = None,
) -> SchedulingRequest:
    """Write down a request with its terms and workflow as they are now. Raises NobodyToAsk, TooMany, BadTerms."""
    if len(resources) > MOST_RESOURCES:
        raise TooMany(MOST_RESOURCES)
    if not resources or not all(_can_be_asked(resource) for resource in resources):
        raise NobodyToAsk
    with transaction.atomic(durable=True):
        request = SchedulingRequest.objects.create(
            account=account,
            appointment_type=appointment_type,
            origin=origin,
            internal_name=appointment_type.internal_name,
            external_name=appointment_type.client_name,
            description=appointment_type.description,
            place=appointment_type.place,
            phone_rule=appointment_type.phone_rule,
            is_silent=appointment_type.is_silent,
            terms=freeze_terms(appointment_type, duration=duration),
            workflow=compile_workflow(appointment_type).model_dump(mode="json"),
            client_name=client.name,
            client_email=client.email,
            client_phone=client.phone,
            company_name=client.company,
            connection=psa,
            created_by=actor,
            created_at=now,
            **(_ticket_fields(ticket) if ticket else {}),
        )
        RequestResource.objects.bulk_create(
            RequestResource(
                request=request,
                position=position,
                agent=resource if isinstance(resource, Agent) else None,
                team=resource if isinstance(resource, Team) else None,
            )
            for position, resource in enumerate(resources)
        )
        record(
            account=account,
            kind="request.created",
            subject=request.public_id,
            actor=actor,
            now=now,
            data={"origin": origin.value, "resources": [str(resource) for resource in resources]},
        )
    return request


def _can_be_asked(resource: Agent | Team) -> bool:
    return is_bookable(resource) if isinstance(resource, Agent) else resource.is_active


def _ticket_fields(ticket: Ticket) -> dict[str, str]:
    return {
        "ticket_kind": ticket.ref.kind,
        "ticket_id": ticket.ref.id,
        "ticket_number": ticket.number,
        "ticket_summary": ticket.summary[:255],
        "ticket_url": ticket.url,
        "company_id": ticket.company.id if ticket.company else "",
        "contact_id": ticket.contact.id if ticket.contact else "",
    }


def cancel_request(*, request: SchedulingRequest, actor: str, now: datetime) -> None:
    """
    Take an unbooked request back: its link books nothing any more and the client is not written to.

    Cancelling what is cancelled changes nothing. Raises RequestClosed for a booked or closed one.
    """
    with transaction.atomic(durable=True):
        locked = lock_request(request)
        if locked.status == SchedulingRequest.Status.CANCELLED:
            return
        if locked.status not in OPEN:
            raise RequestClosed(locked.status)
        locked.status = SchedulingRequest.Status.CANCELLED
        locked.save(update_fields=["status", "updated_at"])
        record(account=locked.account, kind="request.cancelled", subject=locked.public_id, actor=actor, now=now)


@transaction.atomic(durable=True)
def mark_sent(*, request_pk: int) -> None:
    """The client has been written to: a new request is a sent one; any other status stays."""
    SchedulingRequest.objects.filter(pk=request_pk, status=SchedulingRequest.Status.NEW).update(
        status=SchedulingRequest.Status.SENT
    )
