"""Tell the ticket what happened, in our words or the account's own."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.workflow import TIMED, Trigger
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.messages.own_language import BadTemplate
from slotdesk.domain.messages.words import say_moment
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will
from slotdesk.domain.workflows.actions.said import answers_for_ticket
from slotdesk.domain.workflows.actions.wording import check_text, fill_in
from slotdesk.lib.marks import gettext_noop
from slotdesk.ports import errors


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(
        default="",
        title=gettext_noop("Text"),
        description=gettext_noop("With variables in {{ }}. Empty: what happened, in our words."),
        max_length=4000,
        json_schema_extra={"widget": "long liquid"},
    )
    kind: Literal["internal", "discussion"] = Field(
        default="internal",
        title=gettext_noop("Who reads it"),
        description=gettext_noop(
            "A note in the discussion is seen by the client as well, and the PSA may mail it to them."
        ),
    )

    @field_validator("text")
    @classmethod
    def _can_be_read(cls, text: str) -> str:
        return check_text(text)


def prepare(context: Context) -> Will | Skipped:
    psa, ticket = context.psa, context.ticket
    if psa is None or ticket is None:
        return Skipped("The request has no ticket to note it on.")
    told = Settings.model_validate(context.settings)
    try:
        text = fill_in(told.text, context) if told.text else _text(context)
    except BadTemplate as error:
        raise errors.Rejected(f"The note cannot be filled in: {error}") from error
    if not text:
        return Skipped("The note is empty.")
    is_internal = told.kind == "internal"

    def do() -> Done:
        uid = f"step-run-{context.run.pk}-of-{context.request.public_id}"
        note_id = open_psa(psa, seconds=PATIENT).ensure_note(uid=uid, ticket=ticket, text=text, is_internal=is_internal)
        return Done("Noted on the ticket.", {"note": note_id})

    return Will(f"Adds {'an internal note' if is_internal else 'a note'} to the ticket: “{text}”", do)


def _text(context: Context) -> str:
    request, event = context.request, context.run.event
    what = f"{request.internal_name} with {context.people()}"
    client = f"{request.client_name} <{request.client_email}>" if request.client_email else request.client_name
    if context.run.trigger in TIMED:
        return _timed_text(context, what, client)
    match event.kind:
        case "request.created":
            if request.origin == SchedulingRequest.Origin.LINK:
                return f"{event.actor} made a scheduling link for {what}."
            return f"{event.actor} asked {client} to schedule: {what}."
        case "appointment.booked":
            is_client = event.actor.endswith("(client)")
            booked = (
                f"{request.client_name} booked" if is_client else f"{event.actor} entered, as agreed with {client}:"
            )
            lines = [f"{booked} {what}: {_when(context)}."]
            appointment = context.appointment()
            if request.client_phone:
                lines.append(f"Best contact number: {request.client_phone}")
            if appointment is not None:
                lines += answers_for_ticket(appointment)
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
        case "request.closed":
            return f"{event.actor} closed the scheduling request: {what}."
        case "request.readdressed":
            return f"{event.actor} sent the scheduling request to {client}: {what}. The earlier link is dead."
        case "request.cancelled":
            return f"{event.actor} took the scheduling request back: {what}."
        case "request.sent":
            return f"The invitation was sent to {client}: {what}."
        case "request.guests_added":
            return f"{event.actor} named guests: {what}."
        case "ticket.closed":
            return f"The ticket was closed while this was open: {what}{_at_its_time(context)}."
        case "ticket.status_changed":
            moved = f"{event.data.get('from', '')} → {event.data.get('to', '')}"
            return f"The ticket’s status was changed ({moved}): {what}{_at_its_time(context)}."
    return f"{event.kind}: {what}."


def _timed_text(context: Context, what: str, client: str) -> str:
    """What a length of time has come to, rather than what it was counted from."""
    if context.run.trigger == Trigger.UNANSWERED:
        return f"{client} has not picked a time yet: {what}."
    coming = "is coming up" if context.run.trigger == Trigger.BEFORE else "is over"
    return f"The appointment {coming}: {what}{_at_its_time(context)}."


def _at_its_time(context: Context) -> str:
    when = _when(context)
    return f", {when}" if when else ""


def _when(context: Context) -> str:
    """The time on the first agent's clock, which is the one that readers of the ticket live by."""
    appointment, agents = context.appointment(), context.agents()
    if appointment is None:
        return ""
    account = context.request.account
    zone = agents[0].zone if agents else account.zone
    return say_moment(appointment.starts_at, zone=zone, country=account.country)
