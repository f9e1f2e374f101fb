"""
What clients can open in the demo, one of each kind: two shareable types, a person's and a team's page, a link that
names a ticket, in an e-mail as the PSA would send it, and a link for one client.

What somebody who tries the product has changed stays as it is. Imported once Django is set up.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.mail import send_mail
from django.utils import timezone

from slotdesk.domain.booking.invitations import client_of
from slotdesk.domain.catalog.editing import list_resources, save_type
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.models import Board, Connection
from slotdesk.domain.connections.queries import read_ticket
from slotdesk.domain.links.addresses import page_link, shareable_link
from slotdesk.domain.links.finding import find_link
from slotdesk.domain.links.making import LASTS, Purpose, make_signed_link
from slotdesk.domain.links.models import PublicPage, SignedLink
from slotdesk.domain.links.pages import Offer, get_page, save_page
from slotdesk.domain.links.signed import State, address_of, links_of, state_of
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account
from slotdesk.ports.psa import TicketRef

_ACTOR = "demo"
_CALL, _SESSION = "15-minute-call", "30-minute-remote"
# What the stand-in calls them; the help desk is its own name for clients.
_BOARD, _TEAM = "Service Desk", "Tier 1"
_HELP_DESK = ("help-desk", "Help desk")


def make_links(connection: Connection, agents: Sequence[Agent], tickets: Sequence[str]) -> list[tuple[str, str, str]]:
    """
    Make what is not there, and return what can be opened: what it is, where, and what to know.

    agents   who can be booked; tickets: ids of open ones whose contacts have an address
    """
    account, now = connection.account, timezone.now()
    if not PublicPage.objects.exists():
        _share(account, now)
        _publish(agents[0], now)
        _write_to(connection, tickets[-1])
    return list(_rows(connection, agents[0], tickets, now))


def _share(account: Account, now: datetime) -> None:
    """One type books at once, the other after a code, which arrives in the mailbox."""
    board = Board.objects.filter(name=_BOARD).first()
    makes = AppointmentType.Shareable
    _save_type(_CALL, now, shareable=makes.TICKET, checks_email=False, board_id=board.external_id if board else "")
    _save_type(_SESSION, now, shareable=makes.ACTIVITY, checks_email=True)


def _save_type(slug: str, now: datetime, **settings: Any) -> None:
    kind = AppointmentType.objects.select_related("account").filter(slug=slug).first()
    if kind is None:
        return
    for name, value in settings.items():
        setattr(kind, name, value)
    questions, resources = list(kind.questions.order_by("position")), list_resources(kind)
    save_type(appointment_type=kind, questions=questions, resources=resources, actor=_ACTOR, now=now)


def _publish(agent: Agent, now: datetime) -> None:
    words = {
        _CALL: "For anything that a few minutes settle.",
        _SESSION: "We connect to your computer while you watch.",
    }
    offers = [Offer(kind, words[kind.slug]) for kind in AppointmentType.objects.filter(slug__in=words)]
    own = get_page(agent)
    own.is_on, own.text = True, f"{agent.name.split()[0]} looks after your people, computers and printers."
    save_page(page=own, slug=agent.slug, offers=offers, actor=_ACTOR, now=now)
    team = Team.objects.filter(internal_name=_TEAM, is_active=True).first()
    if team is not None:
        slug, name = _HELP_DESK
        Team.objects.filter(pk=team.pk).update(external_name=name)
        theirs = get_page(team)
        theirs.is_on, theirs.text = True, "Whoever is free first takes your call."
        save_page(page=theirs, slug=slug, offers=offers, actor=_ACTOR, now=now)


def _write_to(connection: Connection, ticket_id: str) -> None:
    """The e-mail that a PSA's own rule sends for a new ticket, with its number in the link."""
    ticket, link = read_ticket(connection, TicketRef("service_ticket", ticket_id)), _link_for_tickets(connection)
    account, client = connection.account, client_of(ticket)
    if link and client.email:
        words = {"name": client.name.split()[0], "link": f"{link}/ticket/{ticket.number}", "account": account}
        with suppress(OSError, smtplib.SMTPException):  # without a mailbox there is no one to read it
            send_mail(
                subject=f"Ticket #{ticket.number}: {ticket.summary}",
                message=_MAIL.format(**words),
                from_email=f"{account} tickets <tickets@summit.example>",
                recipient_list=[client.email],
            )


_MAIL = """Hello {name},

we have your ticket and will look into it. Would you rather talk to us at a time that suits you? Pick one here:

{link}

{account}

(In the demo this stands for an e-mail that the PSA sends by a rule of its own. Open the link, enter the address that
this mail came to, and the code arrives here.)
"""


def _rows(
    connection: Connection, agent: Agent, tickets: Sequence[str], now: datetime
) -> Iterator[tuple[str, str, str]]:
    account = connection.account
    pages = PublicPage.objects.filter(is_on=True).select_related("agent", "team").order_by("pk")
    for page in pages[:2]:
        title = "Team page" if page.team else "Personal page"
        yield title, page_link(account, page.resource), "what can be booked there"
    call = AppointmentType.objects.exclude(shareable=AppointmentType.Shareable.OFF).filter(slug=_CALL).first()
    if call:
        yield "Shareable link", shareable_link(account, [agent], call), "without a ticket"
    plain = _link_for_tickets(connection)
    if plain:
        ticket = read_ticket(connection, TicketRef("service_ticket", tickets[-1]))
        email = ticket.contact.email if ticket.contact else ""
        yield "Link with a ticket", f"{plain}/ticket/{ticket.number}", f"as {email}; the code is in the mailbox"
        signed = _signed(connection, agent, tickets[-2], now)
        if signed:
            yield "Link for one client", signed, "without a code"


def _link_for_tickets(connection: Connection) -> str:
    """Where a time with the help desk is booked, without what names the ticket; empty where nobody can be asked so."""
    slug, _name = _HELP_DESK
    link = find_link(connection.account, [slug], _CALL)
    return shareable_link(link.account, link.resources, link.appointment_type) if link else ""


def _signed(connection: Connection, agent: Agent, ticket_id: str, now: datetime) -> str:
    """The link for the contact of that ticket; a new one where there is none, or it has run out."""
    links = SignedLink.objects.select_related("account", "appointment_type").filter(made_by=_ACTOR)
    made = links.order_by("-pk").first()
    link = find_link(connection.account, [agent.slug], _CALL)
    if link is None or link.appointment_type.shareable == AppointmentType.Shareable.OFF:
        return ""
    if made is None or state_of(made, now=now) != State.OPEN:
        ticket = read_ticket(connection, TicketRef("service_ticket", ticket_id))
        made = make_signed_link(
            link=link,
            purpose=Purpose(client_of(ticket)),
            opens_at=None,
            expires_at=now + LASTS,
            maker=None,
            actor=_ACTOR,
            now=now,
        )
    leads = links_of([made]).get(made.pk)
    return address_of(made, leads) if leads else ""
