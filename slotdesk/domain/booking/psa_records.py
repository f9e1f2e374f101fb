"""What the PSA has of a request that began without it: the client's contact, and a ticket."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import lock_request
from slotdesk.domain.booking.ticket_changes import watch_ticket
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.events.operations import record
from slotdesk.ports.psa import Contact, Ticket


def attach_contact(
    *, request: SchedulingRequest, psa: Connection, contact: Contact, is_new: bool, now: datetime
) -> None:
    """Remember which of the PSA's contacts the client is. Attaching the same one again changes nothing."""
    with transaction.atomic(durable=True):
        lock_request(request).refresh_from_db()
        if request.contact_id == contact.id:
            return
        request.connection = psa
        request.contact_id = contact.id
        if contact.company is not None:
            request.company_id, request.company_name = contact.company.id, contact.company.name[:160]
        request.save(update_fields=["connection", "contact_id", "company_id", "company_name", "updated_at"])
        record(
            account=request.account,
            kind="request.contact_attached",
            subject=request.public_id,
            now=now,
            data={"contact": contact.id, "company": request.company_id, "is_new": is_new},
        )


def attach_ticket(*, request: SchedulingRequest, psa: Connection, ticket: Ticket, now: datetime) -> None:
    """
    Make this the request's ticket. Attaching the same one again changes nothing, and a request that has another one
    by now keeps it.
    """
    with transaction.atomic(durable=True):
        lock_request(request).refresh_from_db()
        if request.ticket_id:
            return
        watch_ticket(connection=psa, ticket=ticket, now=now)
        request.connection = psa
        request.ticket_kind, request.ticket_id = ticket.ref.kind, ticket.ref.id
        request.ticket_number, request.ticket_summary = ticket.number, ticket.summary[:255]
        request.ticket_url = ticket.url
        request.save(
            update_fields=[
                "connection",
                "ticket_kind",
                "ticket_id",
                "ticket_number",
                "ticket_summary",
                "ticket_url",
                "updated_at",
            ]
        )
        record(
            account=request.account,
            kind="request.ticket_attached",
            subject=request.public_id,
            now=now,
            data={"ticket": ticket.number},
        )
