"""Tell the ticket what happened, as an internal note."""

from __future__ import annotations

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.messages.words import say_moment
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will


def prepare(context: Context) -> Will | Skipped:
    psa, ticket = context.psa, context.ticket
    if psa is None or ticket is None:
        return Skipped("The request has no ticket to note it on.")
    text = _text(context)

    def do() -> Done:
        uid = f"step-run-{context.run.pk}-of-{context.request.public_id}"
        note_id = open_psa(psa, seconds=PATIENT).ensure_note(uid=uid, ticket=ticket, text=text)
        return Done("Noted on the ticket.", {"note": note_id})

    return Will(f"Adds an internal note to the ticket: “{text}”", do)


def _text(context: Context) -> str:
    request, event = context.request, context.run.event
    what = f"{request.internal_name} with {context.people()}"
    client = f"{request.client_name} <{request.client_email}>" if request.client_email else request.client_name
    match event.kind:
        case "request.created":
            if request.origin == SchedulingRequest.Origin.LINK:
                return f"{event.actor} made a scheduling link for {what}."
            return f"{event.actor} asked {client} to schedule: {what}."
        case "appointment.booked":
            lines = [f"{request.client_name} booked {what}: {_when(context)}."]
            appointment = context.appointment()
            if request.client_phone:
                lines.append(f"Best contact number: {request.client_phone}")
            if appointment is not None:
                lines += [f"{answer['label']}: {answer['value']}" for answer in _for_ticket(appointment)]
            if appointment is not None and appointment.meeting_url:
                lines.append(f"Online meeting: {appointment.meeting_url}")
            if appointment is not None and appointment.note:
                lines.append(f"From the client: {appointment.note}")
            return "\n".join(lines)
        case "appointment.rescheduled":
            return f"{event.actor} moved {what} to {_when(context)}."
        case "appointment.reassigned":
            before, after = event.changes["agent"]
            return f"{event.actor} handed {request.internal_name} over from {before} to {after}: {_when(context)}."
        case "appointment.cancelled":
            reason = event.data.get("reason")
            return f"{event.actor} cancelled {what}: {_when(context)}." + (f"\nReason: {reason}" if reason else "")
        case "request.cancelled":
            return f"{event.actor} took the scheduling request back: {what}."
    return f"{event.kind}: {what}."


def _for_ticket(appointment: Appointment) -> list[dict[str, str]]:
    """The answers to questions that the request wants on its ticket."""
    questions = FrozenTerms.model_validate(appointment.request.terms).questions
    wanted = {question.key for question in questions if question.is_written_to_ticket}
    return [answer for answer in appointment.answers if answer["key"] in wanted]


def _when(context: Context) -> str:
    """The time on the first agent's clock, which is the one that readers of the ticket live by."""
    appointment, agents = context.appointment(), context.agents()
    if appointment is None:
        return ""
    account = context.request.account
    zone = agents[0].zone if agents else account.zone
    return say_moment(appointment.starts_at, zone=zone, country=account.country)
