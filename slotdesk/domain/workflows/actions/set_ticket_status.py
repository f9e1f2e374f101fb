"""Give the ticket the status that its board has for this moment."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import pgettext
from pydantic import BaseModel, ConfigDict, Field, model_validator

from slotdesk.domain.booking.queries import OPEN
from slotdesk.domain.connections.models import Moment, PresetStatus
from slotdesk.domain.connections.queries import find_board, find_preset
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.connections.ticket_watch import set_own_status
from slotdesk.domain.events.plain_words import in_plain_words
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will
from slotdesk.lib.marks import gettext_noop

# That somebody does not come is no work to be done.
_NO_REASON_TO_REOPEN = (Moment.CANCELLED, Moment.NO_RESPONSE)


class Settings(BaseModel):
    """
    moment     whose preset status the ticket gets, "" = none
    statuses   board's id at the vendor → status's id there, which go before the preset
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    moment: Moment | Literal[""] = Field(
        default="",
        title=gettext_noop("Status of the moment"),
        description=gettext_noop("As it is chosen for each board on the PSA’s page."),
    )
    statuses: dict[str, str] = Field(
        default={},
        title=gettext_noop("Status by board"),
        json_schema_extra={"widget": "statuses"},
    )

    @model_validator(mode="after")
    def _sets_something(self) -> Settings:
        if not self.moment and not any(self.statuses.values()):
            raise ValueError(pgettext("staff", "Choose a moment, or a status for at least one board."))
        return self


def prepare(context: Context) -> Will | Skipped:
    psa, ref = context.psa, context.ticket
    if psa is None or ref is None:
        return Skipped("The request has no ticket whose status could be set.")
    told = Settings.model_validate(context.settings)
    moment = told.moment
    if moment == Moment.NO_RESPONSE and context.request.status not in OPEN:
        return Skipped(f"The request is {context.request.status}.")
    adapter = open_psa(psa, seconds=PATIENT)
    ticket = adapter.get_ticket(ref)
    if ticket.is_closed and moment in _NO_REASON_TO_REOPEN:
        return Skipped("The ticket is closed, and stays so.")
    board = find_board(psa, ticket.board.id)
    if board is None:
        return Skipped(f"The board {ticket.board.name} is not known yet; synchronise the PSA.")
    status_id = told.statuses.get(board.external_id, "") or (find_preset(board, moment) if moment else "")
    if not status_id:
        where = (
            f"“{in_plain_words(Moment(moment).label)}” on the board {board.name}"
            if moment
            else f"the board {board.name}"
        )
        # A moment that no board has a status for is left alone on purpose; one board alone was forgotten.
        is_used = bool(moment) and PresetStatus.objects.filter(board__connection=psa, moment=moment).exists()
        return Skipped(f"No status is chosen for {where}.", {"lacks": "status"} if is_used else {})
    name = next((status["name"] for status in board.statuses if status["id"] == status_id), "")
    if not name:
        lost = f"The board {board.name} does not have the chosen status any more; choose another one."
        return Skipped(lost, {"lacks": "status"})

    def do() -> Done:
        if ticket.status.id == status_id:
            return Done(f"The ticket has the status {name} already.")
        set_own_status(psa, adapter, ref, next(each for each in board.statuses if each["id"] == status_id))
        return Done(f"{ticket.status.name} → {name}.")

    return Will(f"Gives the ticket the status {name}; it has {ticket.status.name} now.", do)
