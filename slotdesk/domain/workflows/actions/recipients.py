"""To whom a step writes."""

from __future__ import annotations

from enum import StrEnum

from slotdesk.domain.booking.guests import NotAnAddress, read_addresses
from slotdesk.domain.people.models import Agent
from slotdesk.domain.workflows.actions.base import Context


class Whom(StrEnum):
    CLIENT = "client"
    AGENTS = "agents"
    FORMER_AGENTS = "former_agents"
    GUESTS = "guests"
    ADDRESSES = "addresses"


# Those whom a silent request leaves alone.
CLIENT_SIDE = frozenset({Whom.CLIENT, Whom.GUESTS})
# Those who must not hold the client's link: it books, moves and cancels.
WITHOUT_LINK = frozenset({Whom.GUESTS, Whom.ADDRESSES})


def addresses_of(context: Context, whom: Whom, fixed: str = "", *, kind: str = "") -> list[str]:
    """
    Return their addresses, nobody twice, and none of a technician who has switched e-mails of this kind off.

    fixed   the addresses meant by ADDRESSES, as they were typed
    """
    match whom:
        case Whom.CLIENT:
            found = [context.request.client_email]
        case Whom.AGENTS | Whom.FORMER_AGENTS:
            found = [agent.email for agent in _technicians(context, whom) if kind not in agent.muted_notices]
        case Whom.GUESTS:
            # Those who were named just now, where that is what happened; otherwise everybody.
            named, guests = context.run.event.data.get("guests"), context.request.guests.order_by("id")
            found = list((guests if named is None else guests.filter(pk__in=named)).values_list("email", flat=True))
        case Whom.ADDRESSES:
            try:
                found = read_addresses(fixed)
            except NotAnAddress:
                found = []
    return list(dict.fromkeys(address for address in found if address))


def say_nobody(context: Context, whom: Whom, *, kind: str) -> str:
    """Why there is no address, for staff."""
    if whom in (Whom.AGENTS, Whom.FORMER_AGENTS):
        muted = [agent.name for agent in _technicians(context, whom) if kind in agent.muted_notices]
        if muted:
            return f"Switched off for {', '.join(muted)}, under Notifications."
    return "There is no address to write to."


def _technicians(context: Context, whom: Whom) -> list[Agent]:
    if whom == Whom.AGENTS:
        return context.agents()
    return list(Agent.objects.filter(public_id__in=context.run.event.data.get("former", [])).order_by("id"))
