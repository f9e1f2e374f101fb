"""Make a ticket for a request that has none."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from slotdesk.domain.booking.psa_records import attach_ticket
from slotdesk.domain.connections.queries import find_psa
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will
from slotdesk.domain.workflows.actions.said import answers_for_ticket
from slotdesk.lib.marks import gettext_noop


class Settings(BaseModel):
    """
    board_id   where the ticket goes; type, status and priority: empty = the board's own default
    summary    the same for all, empty = the appointment type and the client
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    board_id: str = Field(min_length=1, title=gettext_noop("Board"), json_schema_extra={"pick": "boards"})
    type_id: str = Field(default="", title=gettext_noop("Type"), json_schema_extra={"pick": "ticket_types"})
    status_id: str = Field(default="", title=gettext_noop("Status"), json_schema_extra={"pick": "statuses"})
    priority_id: str = Field(default="", title=gettext_noop("Priority"), json_schema_extra={"pick": "priorities"})
    summary: str = Field(default="", max_length=100, title=gettext_noop("Summary"))


def find_again(context: Context) -> Done | None:
    request = context.request
    return (
        _created(request.ticket_number, request.ticket_id) if context.find_caused("request.ticket_attached") else None
    )


def _created(number: str, ticket_id: str) -> Done:
    return Done(f"Created the ticket #{number}.", {"ticket": ticket_id})


def prepare(context: Context) -> Will | Skipped:
    request, psa = context.request, context.psa or find_psa()
    if psa is None:
        return Skipped("There is no PSA to make a ticket in.")
    if request.ticket_id:
        return Skipped(f"The request has the ticket #{request.ticket_number} already.")
    if not request.company_id:
        return Skipped("It is not known which of the PSA’s companies the client is of: no ticket without one.")
    settings = Settings.model_validate(context.settings)
    summary = settings.summary or f"{request.internal_name}: {request.client_name}"

    def do() -> Done:
        ticket = open_psa(psa, seconds=PATIENT).ensure_ticket(
            uid=request.public_id,
            board_id=settings.board_id,
            summary=summary,
            description=_description(context),
            company_id=request.company_id,
            contact_id=request.contact_id,
            type_id=settings.type_id,
            status_id=settings.status_id,
            priority_id=settings.priority_id,
        )
        attach_ticket(request=request, psa=psa, ticket=ticket, now=context.now)
        return _created(ticket.number, ticket.ref.id)

    return Will(f"Creates the ticket “{summary}”.", do)


def _description(context: Context) -> str:
    """What the client said, in their words. They read it too, so nothing else stands there."""
    appointment = context.appointment()
    lines = [context.request.external_name]
    if context.request.client_phone:
        lines.append(f"Best contact number: {context.request.client_phone}")
    if appointment is not None:
        lines += answers_for_ticket(appointment)
        lines += [appointment.note] if appointment.note else []
    return "\n".join(lines)
