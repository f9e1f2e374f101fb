"""Make whoever takes the appointment responsible for the ticket."""

from __future__ import annotations

from slotdesk.domain.connections.queries import find_member_id
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will


def prepare(context: Context) -> Will | Skipped:
    psa, ticket, appointment = context.psa, context.ticket, context.appointment()
    if psa is None or ticket is None:
        return Skipped("The request has no ticket that could be given to somebody.")
    if appointment is None or appointment.is_cancelled:
        return Skipped("Nobody has an appointment: there is no one to give the ticket to.")
    agent = context.agents()[0]
    member_id = find_member_id(psa, agent)
    if not member_id:
        return Skipped(f"{agent.name} is nobody in the PSA who could have the ticket.")

    def do() -> Done:
        open_psa(psa, seconds=PATIENT).set_owner(ticket, member_id)
        return Done(f"The ticket is {agent.name}’s.")

    return Will(f"Gives the ticket to {agent.name}.", do)
