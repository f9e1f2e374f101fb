"""Choosing a ticket of the PSA: by its number or words of its subject; drawn by staff/_ticket_search.html."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.queries import read_ticket, search_tickets
from slotdesk.ports import errors
from slotdesk.ports.psa import Ticket, TicketRef

SILENT_PSA = gettext_lazy("The PSA does not answer right now. Try again in a minute.")
_KINDS = ("service_ticket", "project_ticket")


class NotThisTicket(Exception):
    """The ticket that was chosen cannot be taken; the message says why and what to do."""


def chosen_ticket(request: HttpRequest, psa: Connection | None) -> Ticket | None:
    """
    Return the open ticket that the address names, as `?ticket=service_ticket:4711`; None where it names none.

    Raises NotThisTicket.
    """
    ref = _ref(request.GET.get("ticket", ""))
    if psa is None or ref is None:
        return None
    try:
        ticket = read_ticket(psa, ref)
    except errors.NotFound:
        raise NotThisTicket(gettext("The PSA has no such ticket any more. Choose another one.")) from None
    except errors.PortError:
        raise NotThisTicket(SILENT_PSA) from None
    if ticket.is_closed:
        raise NotThisTicket(
            gettext("Ticket #%(number)s is closed. Reopen it, or choose another one.") % {"number": ticket.number}
        )
    return ticket


def search_context(request: HttpRequest, psa: Connection | None, *, problem: str = "") -> dict[str, Any]:
    """What the search shows; `q` in the address is what is looked for."""
    text, tickets = request.GET.get("q", "").strip()[:100], list[Ticket]()
    if psa is not None and text:
        try:
            tickets = list(search_tickets(psa, text))
        except errors.PortError:
            problem = problem or str(SILENT_PSA)
    return {"psa": psa, "q": text, "tickets": tickets, "problem": problem}


def _ref(text: str) -> TicketRef | None:
    kind, _, ticket_id = text.partition(":")
    return TicketRef(kind, ticket_id) if kind in _KINDS and ticket_id.isascii() and ticket_id.isalnum() else None
