"""Booking by a link: the request is made together with its appointment, when the client has picked a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import connection

from slotdesk.domain.booking.at_once import AtOnce, book_at_once, find_booked_at_once
from slotdesk.domain.booking.drafts import Client, draft_request
from slotdesk.domain.booking.invitations import TicketClosed
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answers
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.new_contacts import NewContacts
from slotdesk.domain.connections.matching import Known, Refused, match_client
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.queries import find_psa
from slotdesk.domain.connections.registry import PROMPT, open_psa
from slotdesk.domain.links.finding import Link
from slotdesk.domain.profile.queries import get_profile
from slotdesk.ports.psa import Ticket

Origin = SchedulingRequest.Origin
BY_LINK = (Origin.URL, Origin.SHAREABLE)


class NotOffered(Exception):
    """The type has no shareable links any more."""


class NoSuchTicket(Exception):
    """The PSA has no ticket of this number, or the account has no PSA."""


class ContactRefused(Exception):
    """The type lets in clients whom the PSA knows, and this one it does not know."""


class TooManyOpen(Exception):
    """The client has as many appointments to come, booked by links, as the account allows. most: how many."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What a visitor of a link wants.

    key        made by the form; the same form again, also at the same moment, returns the same appointment
    campaign   what the link's address said of where they came from
    """

    client: Client
    starts_at: datetime
    answers: Answers
    key: str
    now: datetime
    campaign: Mapping[str, str] = field(default_factory=dict)


def draft_of(link: Link, *, origin: Origin, now: datetime) -> SchedulingRequest:
    """
    A request as the link would make it now, stored nowhere: what its pages show, and free times are asked for.

    Raises BadTerms.
    """
    return _draft(link, origin, find_psa(), None, Client("", ""), now)


def book_shareable(link: Link, wish: Wish) -> Appointment:
    """
    Book without a ticket; the workflow makes one, or an activity, as the type says.

    Where the type lets only known clients in, the PSA is asked first. Raises NotOffered, ContactRefused, TooManyOpen,
    ports.errors.PortError, and what `book_at_once` raises.
    """
    earlier = find_booked_at_once(link.account, Origin.SHAREABLE, wish.key)
    if earlier is not None:
        return earlier
    if link.appointment_type.shareable == AppointmentType.Shareable.OFF:
        raise NotOffered
    psa = find_psa()
    client = wish.client if psa is None or wish.client.contact_id else let_in(link.appointment_type, psa, wish.client)
    return _book(link, wish, _draft(link, Origin.SHAREABLE, psa, None, client, wish.now), None)


def book_for_ticket(link: Link, wish: Wish, *, ticket_number: str) -> Appointment:
    """
    Book for the ticket of this number, which is read from the PSA now.

    Raises NoSuchTicket, TicketClosed, TooManyOpen, ports.errors.PortError, and what `book_at_once` raises.
    """
    earlier = find_booked_at_once(link.account, Origin.URL, wish.key)
    if earlier is not None:
        return earlier
    psa = find_psa()
    ticket = open_psa(psa, seconds=PROMPT).find_ticket(ticket_number) if psa else None
    if psa is None or ticket is None:
        raise NoSuchTicket(ticket_number)
    if ticket.is_closed:
        raise TicketClosed(ticket.number)
    client = replace(wish.client, company=ticket.company.name if ticket.company else wish.client.company)
    if not client.contact_id:
        client = replace(client, contact_id=_contact_id(psa, ticket, client.email))
    return _book(link, wish, _draft(link, Origin.URL, psa, ticket, client, wish.now), ticket)


def _contact_id(psa: Connection, ticket: Ticket, email: str) -> str:
    """Whose address it is: the ticket's own contact's or that of another one of its company; else nobody's."""
    if ticket.contact is not None and ticket.contact.email.lower() == email.lower():
        return ticket.contact.id
    if ticket.company is None:
        return ""
    found = open_psa(psa, seconds=PROMPT).find_contacts_by_email(email)
    return next((each.id for each in found if each.company and each.company.id == ticket.company.id), "")


def let_in(appointment_type: AppointmentType, psa: Connection, client: Client) -> Client:
    """
    The client, as the contact that they are in the PSA where the type lets only known ones in; otherwise as they are.

    Raises ContactRefused, ports.errors.PortError.
    """
    mode = NewContacts(appointment_type.new_contacts)
    if not mode.may_refuse:
        return client
    match = match_client(open_psa(psa, seconds=PROMPT), email=client.email, mode=mode)
    if isinstance(match, Refused):
        raise ContactRefused
    if isinstance(match, Known):
        company = match.contact.company.name if match.contact.company else client.company
        return replace(client, contact_id=match.contact.id, company=company)
    return client


def _book(link: Link, wish: Wish, request: SchedulingRequest, ticket: Ticket | None) -> Appointment:
    request.campaign = dict(wish.campaign)
    return book_at_once(
        AtOnce(
            request=request,
            resources=link.resources,
            starts_at=wish.starts_at,
            answers=wish.answers,
            key=wish.key,
            now=wish.now,
            ticket=ticket,
            guests=wish.answers.guests,
            check=_few_open(request, wish.now),
        )
    )


def _few_open(request: SchedulingRequest, now: datetime) -> Callable[[], None]:
    """The account's limit, looked at one booking of this client after the other."""
    most = get_profile(request.account).most_open_bookings

    def check() -> None:
        if not most:
            return
        name = f"links:{request.account.pk}:{request.client_email.lower()}"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        theirs = Appointment.objects.filter(
            request__client_email__iexact=request.client_email,
            request__origin__in=BY_LINK,
            cancellation=None,
            starts_at__gt=now,
        )
        if theirs.count() >= most:
            raise TooManyOpen(most)

    return check


def _draft(
    link: Link, origin: Origin, psa: Connection | None, ticket: Ticket | None, client: Client, now: datetime
) -> SchedulingRequest:
    return draft_request(
        account=link.account,
        psa=psa,
        ticket=ticket,
        appointment_type=link.appointment_type,
        resources=link.resources,
        origin=origin,
        client=client,
        actor="",
        now=now,
    )
