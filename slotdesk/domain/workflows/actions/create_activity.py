"""Keep an activity in the PSA for an appointment that has no ticket: made, moved, handed over, or taken out."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.connections.models import Connection, ExternalLink
from slotdesk.domain.connections.operations import forget_link, keep_link
from slotdesk.domain.connections.queries import find_link, find_member_id, find_psa
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will
from slotdesk.domain.workflows.actions.said import answers_for_ticket
from slotdesk.lib.marks import gettext_noop

_KIND = "activity"


class Settings(BaseModel):
    """
    activity_type_id   empty = the PSA's default
    title              the same for all, empty = the appointment type and the client
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    activity_type_id: str = Field(default="", title=gettext_noop("Type"), json_schema_extra={"pick": "activity_types"})
    title: str = Field(default="", max_length=100, title=gettext_noop("Title"))


def prepare(context: Context) -> Will | Skipped:
    psa, appointment = context.psa or find_psa(), context.appointment()
    if psa is None:
        return Skipped("There is no PSA to make an activity in.")
    if appointment is None:
        return Skipped("There is no appointment to make an activity of.")
    if appointment.is_cancelled:
        links = _links(appointment)
        if not links:
            return Skipped("There is no activity that could be taken out.")
        return Will("Takes the activity out of the PSA.", lambda: _remove(psa, links))
    members = {agent.public_id: find_member_id(psa, agent) for agent in context.agents()}
    if not any(members.values()):
        return Skipped(f"{context.people()}: nobody in the PSA who could have an activity.")
    return Will(
        f"Keeps an activity in the PSA for {context.people()}.", lambda: _write(context, psa, appointment, members)
    )


def _write(context: Context, psa: Connection, appointment: Appointment, members: dict[str, str]) -> Done:
    request = context.request
    settings = Settings.model_validate(context.settings)
    # Whoever does not have the appointment any more keeps no activity of it.
    _remove(psa, [link for link in _links(appointment) if not members.get(link.subject.partition(":")[2])])
    result = {}
    for agent_id, member_id in members.items():
        if not member_id:
            continue
        subject = f"{appointment.public_id}:{agent_id}"
        known = find_link(psa, kind=_KIND, subject=subject)
        result[agent_id] = open_psa(psa, seconds=PATIENT).ensure_activity(
            uid=subject,
            known_id=known.external_id if known else "",
            member_id=member_id,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            title=settings.title or f"{request.internal_name}: {request.client_name}",
            notes=_notes(context, appointment),
            company_id=request.company_id,
            contact_id=request.contact_id,
            type_id=settings.activity_type_id,
        )
        keep_link(
            connection=psa,
            kind=_KIND,
            subject=subject,
            external_id=result[agent_id],
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
        )
    return Done(f"The activity is in the PSA, for {context.people()}.", result)


def _links(appointment: Appointment) -> list[ExternalLink]:
    return list(ExternalLink.objects.filter(kind=_KIND, subject__startswith=f"{appointment.public_id}:"))


def _remove(psa: Connection, links: list[ExternalLink]) -> Done:
    for link in links:
        open_psa(psa, seconds=PATIENT).remove_activity(link.external_id)
        forget_link(connection=psa, kind=_KIND, subject=link.subject)
    return Done("Taken out of the PSA.")


def _notes(context: Context, appointment: Appointment) -> str:
    phone = context.request.client_phone
    lines = [f"Best contact number: {phone}"] if phone else []
    lines += answers_for_ticket(appointment)
    lines += [f"From the client: {appointment.note}"] if appointment.note else []
    return "\n".join(lines)
