"""Make the agents' calendars show the appointment as it stands: written, moved, or taken out."""

from __future__ import annotations

from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.connections.models import Calendar, ExternalLink
from slotdesk.domain.connections.operations import forget_entry, keep_link
from slotdesk.domain.connections.queries import find_link
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.people.models import Agent
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will
from slotdesk.domain.workflows.actions.written_buffers import has_buffers, write_buffers
from slotdesk.ports.psa import TicketRef

_KIND = "entry"


def prepare(context: Context) -> Will | Skipped:
    appointment = context.appointment()
    if appointment is None:
        return Skipped("There is no appointment to write.")
    if appointment.is_cancelled:
        return Will("Takes the entry out of the calendar.", lambda: _remove(appointment))
    ticket = context.ticket
    if ticket is None:
        return Skipped("The request has no ticket to write the entry on.")
    buffers = ", with buffers" if has_buffers(appointment) else ""
    return Will(
        f"Writes the entry into the calendar of {context.people()}{buffers}.",
        lambda: _write(context, appointment, ticket),
    )


def _write(context: Context, appointment: Appointment, ticket: TicketRef) -> Done | Skipped:
    written, result = [], {}
    title = f"{context.request.internal_name}: {context.request.ticket_summary or context.request.client_name}"
    _remove_from_others(appointment, {agent.public_id for agent in context.agents()})
    for agent in context.agents():
        calendar = _primary(agent)
        if calendar is None:
            continue
        subject = _subject(appointment, agent)
        known = find_link(calendar.connection, kind=_KIND, subject=subject)
        entry_id = open_psa(calendar.connection, seconds=PATIENT).ensure_entry(
            uid=subject,
            known_id=known.external_id if known else "",
            ticket=ticket,
            member_id=calendar.external_id,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            title=title,
        )
        keep_link(
            connection=calendar.connection,
            kind=_KIND,
            subject=subject,
            external_id=entry_id,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
        )
        write_buffers(appointment, calendar=calendar, subject=subject, kind=_KIND, ticket=ticket, title=title)
        written.append(agent.name)
        result[agent.public_id] = entry_id
    if not written:
        return Skipped("None of the people has a calendar to write to.")
    buffers = ", with buffers" if has_buffers(appointment) else ""
    return Done(f"Written to the calendar of {', '.join(written)}{buffers}.", result)


def _remove(appointment: Appointment) -> Done | Skipped:
    links = _links(appointment)
    if not links:
        return Skipped("Nothing was written that could be taken out.")
    for link in links:
        _take_out(link)
    return Done("Taken out of the calendar.")


def _remove_from_others(appointment: Appointment, holders: set[str]) -> None:
    """Whoever does not have the appointment any more keeps no entry of it."""
    for link in _links(appointment):
        if link.subject.split(":")[1] not in holders:
            _take_out(link)


def _links(appointment: Appointment) -> list[ExternalLink]:
    """The entry of each agent, "<appointment>:<agent>", and its buffers, with ":before" and ":after" behind."""
    ours = ExternalLink.objects.filter(kind=_KIND, subject__startswith=f"{appointment.public_id}:")
    return list(ours.select_related("connection__account").order_by("id"))


def _take_out(link: ExternalLink) -> None:
    open_psa(link.connection, seconds=PATIENT).remove_entry(link.external_id)
    forget_entry(link=link)


def _primary(agent: Agent) -> Calendar | None:
    return Calendar.objects.filter(agent=agent, is_primary=True).select_related("connection__account").first()


def _subject(appointment: Appointment, agent: Agent) -> str:
    return f"{appointment.public_id}:{agent.public_id}"
