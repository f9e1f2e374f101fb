"""Give the ticket the status that its board has for this moment."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from slotdesk.domain.booking.queries import OPEN
from slotdesk.domain.connections.models import Moment
from slotdesk.domain.connections.queries import find_board, find_preset
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will


class Settings(BaseModel):
    """moment: whose preset status the ticket gets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    moment: Moment


def prepare(context: Context) -> Will | Skipped:
    psa, ref = context.psa, context.ticket
    if psa is None or ref is None:
        return Skipped("The request has no ticket whose status could be set.")
    moment = Moment(context.settings["moment"])
    if moment == Moment.NO_RESPONSE and context.request.status not in OPEN:
        return Skipped(f"The request is {context.request.status}.")
    adapter = open_psa(psa, seconds=PATIENT)
    ticket = adapter.get_ticket(ref)
    board = find_board(psa, ticket.board.id)
    if board is None:
        return Skipped(f"The board {ticket.board.name} is not known yet; synchronise the PSA.")
    status_id = find_preset(board, moment)
    if not status_id:
        return Skipped(f"No status is chosen for “{moment.label}” on the board {board.name}.")
    name = next(status["name"] for status in board.statuses if status["id"] == status_id)

    def do() -> Done:
        if ticket.status.id == status_id:
            return Done(f"The ticket has the status {name} already.")
        adapter.set_status(ref, status_id)
        return Done(f"{ticket.status.name} → {name}.")

    return Will(f"Gives the ticket the status {name}; it has {ticket.status.name} now.", do)
