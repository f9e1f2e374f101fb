"""Tickets: found, made, and given to somebody."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from slotdesk.integrations.connectwise import client, models
from slotdesk.integrations.connectwise.conditions import number
from slotdesk.integrations.connectwise.session import Session
from slotdesk.integrations.connectwise.settings import Settings
from slotdesk.integrations.connectwise.translate import to_ticket
from slotdesk.ports.errors import NotFound, Rejected
from slotdesk.ports.psa import Ticket, TicketRef

KINDS = ("service_ticket", "project_ticket")


def get_ticket(session: Session, settings: Settings, ref: TicketRef) -> Ticket:
    """The ticket, with its contact's card where the ticket itself does not say enough. Raises NotFound."""
    found = client.get_ticket(session, ref)
    contact = None
    if found.contact and not (found.contact_email_address and found.contact_name):
        contact = _find_contact(session, found.contact.id)
    return _ticket(session, settings, ref.kind, found, contact)


def find_ticket(session: Session, settings: Settings, text: str) -> Ticket | None:
    """The ticket that people call by this number, with or without a leading "#"."""
    id_ = text.strip().removeprefix("#").strip()
    for kind in KINDS:
        try:
            return get_ticket(session, settings, TicketRef(kind, id_))
        except NotFound:
            continue
    return None


def search_tickets(session: Session, settings: Settings, text: str, *, limit: int) -> list[Ticket]:
    """The ticket of this number, then open ones with these words in their summary, newest first."""
    numbered = find_ticket(session, settings, text)
    found = [numbered] if numbered else []
    for kind in KINDS:
        rows = client.find_tickets(session, kind, text, limit=limit)
        found += [_ticket(session, settings, kind, row, None) for row in rows]
    first = {ticket.ref: ticket for ticket in found}
    ranked = sorted(first.values(), key=lambda ticket: (ticket != numbered, -int(ticket.ref.id)))
    return ranked[:limit]


def ensure_ticket(
    session: Session, settings: Settings, *, uid: str, summary: str, description: str, references: Mapping[str, str]
) -> Ticket:
    """
    Make a service ticket, unless the one that bears this uid is there.

    references   the vendor's field → id; empty ones are left to the vendor
    The mark lies in the ticket's external reference, which nothing else of the vendor's uses.
    """
    mark = f"slotdesk-{hashlib.sha256(uid.encode()).hexdigest()[:24]}"
    found = client.find_tickets_by_mark(session, mark)
    if not found:
        values = {name: {"id": number(id_)} for name, id_ in references.items() if id_}
        texts = {"summary": _cut(summary), "initialDescription": description, "externalXRef": mark}
        found = [client.create_ticket(session, values | {name: text for name, text in texts.items() if text})]
    return get_ticket(session, settings, TicketRef("service_ticket", str(min(ticket.id for ticket in found))))


def set_owner(session: Session, ref: TicketRef, member_id: str) -> None:
    """Make the member the ticket's owner. Raises Rejected when the vendor keeps another."""
    before = client.get_ticket(session, ref)
    if before.owner and str(before.owner.id) == member_id:
        return
    client.set_ticket_owner(session, ref, number(member_id))
    after = client.get_ticket(session, ref)
    if after.owner is None or str(after.owner.id) != member_id:
        raise Rejected("ConnectWise took the new owner, but keeps another.")


def _find_contact(session: Session, contact_id: int) -> models.Contact | None:
    """The contact's card; None when it was deleted while tickets still name it."""
    try:
        return client.get_contact(session, contact_id)
    except NotFound:
        return None


def _ticket(
    session: Session, settings: Settings, kind: str, found: models.Ticket, contact: models.Contact | None
) -> Ticket:
    return to_ticket(found, kind, contact=contact, codebase=session.company().codebase, settings=settings)


def _cut(summary: str) -> str:
    """On one line, and no longer than the vendor takes it."""
    line = " ".join(summary.split())
    return line if len(line) <= models.LONGEST_SUMMARY else line[: models.LONGEST_SUMMARY - 1].rstrip() + "…"
