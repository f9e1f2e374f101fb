"""Inviting a client, and taking an invitation back or giving it up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from slotdesk.domain.booking.drafts import (
    AS_THE_TYPE_SAYS,
    MOST_RESOURCES,
    Client,
    NobodyToAsk,
    NotWithThisType,
    Options,
    TooMany,
    draft_request,
    save_request,
)
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import lock_request
from slotdesk.domain.booking.states import Act, is_due
from slotdesk.domain.booking.ticket_changes import watch_ticket
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.queries import read_ticket
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account
from slotdesk.ports.psa import Ticket, TicketRef

__all__ = ["MOST_RESOURCES", "Client", "NobodyToAsk", "NotWithThisType", "Options", "TooMany"]


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
    options: Options = AS_THE_TYPE_SAYS,
) -> SchedulingRequest:
    """
    Ask the ticket's contact, or the client given instead, to book a time with these agents and teams together.

    The ticket is read with the account's own keys first; what a page says about it is not believed. With origin PANEL
    the client is sent an invitation. Raises TicketClosed, NoAddress, PortError, and what `create_request` raises.
    """
    read = read_ticket(psa, ticket)
    if read.is_closed:
        raise TicketClosed(read.number)
    asked = client or client_of(read)
    is_silent = appointment_type.is_silent or options.is_silent
    if not asked.email and not is_silent and origin == SchedulingRequest.Origin.PANEL:
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
        options=options,
    )


def client_of(ticket: Ticket) -> Client:
    """The ticket's contact; its name and address are empty where there is none."""
    contact = ticket.contact
    company = ticket.company.name if ticket.company else ""
    if contact is None:
        return Client(name="", email="", company=company)
    return Client(name=contact.name, email=contact.email, phone=contact.phone, company=company, contact_id=contact.id)


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
    options: Options = AS_THE_TYPE_SAYS,
) -> SchedulingRequest:
    """
    Write down a request with its terms and workflow as they are now.

    Raises NobodyToAsk, TooMany, NotWithThisType, TooManyGuests, NotAnAddress, BadTerms.
    """
    request = draft_request(
        account=account,
        psa=psa,
        ticket=ticket,
        appointment_type=appointment_type,
        resources=resources,
        origin=origin,
        client=client,
        actor=actor,
        now=now,
        options=options,
    )
    with transaction.atomic(durable=True):
        if psa is not None and ticket is not None:
            watch_ticket(connection=psa, ticket=ticket, now=now)
        save_request(request, resources, guests=options.guests, actor=actor, now=now)
    return request


def cancel_request(*, request: SchedulingRequest, actor: str, now: datetime) -> None:
    """
    Take an unbooked request back: its link books nothing any more and the client is not written to.

    Cancelling what is cancelled changes nothing. Raises RequestClosed for a booked or closed one.
    """
    with transaction.atomic(durable=True):
        if _end(lock_request(request), Act.CANCEL_REQUEST, SchedulingRequest.Status.CANCELLED):
            record(account=request.account, kind="request.cancelled", subject=request.public_id, actor=actor, now=now)


def close_request(*, request: SchedulingRequest, actor: str, now: datetime) -> None:
    """
    Give an unbooked request up: its link says so and books nothing any more; nobody is written to.

    Closing what is closed changes nothing. Raises RequestClosed for a booked or cancelled one.
    """
    with transaction.atomic(durable=True):
        if _end(lock_request(request), Act.CLOSE, SchedulingRequest.Status.CLOSED):
            record(account=request.account, kind="request.closed", subject=request.public_id, actor=actor, now=now)


def _end(locked: SchedulingRequest, act: Act, status: SchedulingRequest.Status) -> bool:
    if not is_due(locked.status, act):
        return False
    locked.status = status
    locked.save(update_fields=["status", "updated_at"])
    return True


@transaction.atomic(durable=True)
def mark_sent(*, request: SchedulingRequest, now: datetime) -> None:
    """The client has been written to: a new request is a sent one, told once; any other status stays."""
    changed = SchedulingRequest.objects.filter(pk=request.pk, status=SchedulingRequest.Status.NEW).update(
        status=SchedulingRequest.Status.SENT
    )
    if changed:
        record(account=request.account, kind="request.sent", subject=request.public_id, now=now)
