"""Write to the client or to the agents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from pydantic import BaseModel, ConfigDict, Field

from slotdesk.domain.attributes.queries import template_values
from slotdesk.domain.booking.answers import spoken_answers
from slotdesk.domain.booking.calendar_file import invitation_of, say_place, say_place_for_guests
from slotdesk.domain.booking.changes import Allowed, may_client_change
from slotdesk.domain.booking.invitations import mark_sent
from slotdesk.domain.booking.links import appointment_link, cancellation_link, request_link, reschedule_link
from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.booking.queries import OPEN
from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.models import Email
from slotdesk.domain.messages.operations import send_email, write_email
from slotdesk.domain.messages.queries import find_email, find_template
from slotdesk.domain.messages.templates import Message, render
from slotdesk.domain.messages.words import country_read_in, say_moment
from slotdesk.domain.profile.queries import brand_of_mail, get_profile
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will
from slotdesk.domain.workflows.actions.recipients import CLIENT_SIDE, WITHOUT_LINK, Whom, addresses_of, say_nobody
from slotdesk.lib.marks import gettext_noop

_BEFORE_BOOKING = (Kind.INVITATION, Kind.REMINDER, Kind.OPENING)
_WITH_INVITATION = (
    Kind.CONFIRMATION,
    Kind.RESCHEDULED,
    Kind.REASSIGNED,
    Kind.CANCELLATION,
    Kind.GUEST_CONFIRMATION,
    Kind.GUEST_RESCHEDULED,
    Kind.GUEST_CANCELLATION,
)
_STANDING = (
    Kind.CONFIRMATION,
    Kind.APPOINTMENT_REMINDER,
    Kind.BOOKED_NOTICE,
    Kind.RESCHEDULED,
    Kind.RESCHEDULED_NOTICE,
    Kind.REASSIGNED,
    Kind.REASSIGNED_NOTICE,
    Kind.HANDED_OVER_NOTICE,
    Kind.GUEST_CONFIRMATION,
    Kind.GUEST_RESCHEDULED,
)


class Settings(BaseModel):
    """
    template   what kind of e-mail
    own        the account's template in its place, "" = the built-in one
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    template: Kind = Field(title=gettext_noop("E-mail"))
    own: str = Field(
        default="",
        title=gettext_noop("Template"),
        description=gettext_noop("One of your own, of the same kind."),
        json_schema_extra={"widget": "template"},
    )
    to: Whom = Field(default=Whom.CLIENT, title=gettext_noop("To"))
    addresses: str = Field(
        default="",
        title=gettext_noop("Addresses"),
        description=gettext_noop("Where it goes to fixed addresses: with commas between them."),
        max_length=1000,
    )


def find_again(context: Context) -> Done | None:
    """What the mail server took, whatever has happened since then."""
    email = find_email(context.run.account, key_of(context))
    if email is None or email.sent_at is None:
        return None
    if email.kind == Kind.INVITATION:
        mark_sent(request=context.request, now=context.now)
    return sent(email)


def key_of(context: Context) -> str:
    return f"step:{context.run.pk}"


def sent(email: Email, remark: str = "") -> Done:
    return Done(f"Sent to {', '.join(email.to)}. {remark}".strip(), {"email": str(email.pk)})


def prepare(context: Context) -> Will | Skipped:
    kind, request = Kind(context.settings["template"]), context.request
    whom = Whom(context.settings["to"])
    if request.is_silent and whom in CLIENT_SIDE:
        return Skipped("The client is to get no e-mail.")
    to = addresses_of(context, whom, context.settings.get("addresses", ""), kind=kind)
    if not to:
        return Skipped(say_nobody(context, whom, kind=kind))
    appointment = context.appointment()
    if kind in _BEFORE_BOOKING and request.status not in OPEN:
        return Skipped(f"The request is {request.status}.")
    if kind in _STANDING and (appointment is None or appointment.is_cancelled):
        return Skipped("The appointment has been cancelled.")
    with translation.override(reader_language(context)):
        message = _write(context, kind, values_for_reader(context))
        calendar = _invitation(context, appointment, kind)

    def do() -> Done:
        email = write_email(
            account=request.account,
            key=key_of(context),
            subject_id=request.public_id,
            kind=kind.value,
            to=to,
            message=message,
            calendar=calendar,
            now=context.now,
        )
        send_email(email, now=context.now)
        if kind == Kind.INVITATION:
            mark_sent(request=request, now=context.now)
        return sent(email, message.remark)

    return Will(f"Sends “{message.subject}” to {', '.join(to)}. {message.remark}".strip(), do, message)


def _write(context: Context, kind: Kind, values: Mapping[str, Any]) -> Message:
    """The account's own e-mail, if the step names one that can be used; its remark says why it could not."""
    wanted = context.settings.get("own", "")
    own = find_template(wanted) if wanted else None
    if own is not None and own.kind == kind:
        return render(kind, values, own)
    reason = ""
    if wanted:
        reason = "was deleted" if own is None else f"is one of the kind {own.kind}"
    remark = f"The built-in e-mail, since the chosen template {reason}." if reason else ""
    return replace(render(kind, values), remark=remark)


def reader_language(context: Context) -> str:
    """The client's for them and their guests; all others read English."""
    if context.settings.get("to") in CLIENT_SIDE:
        return context.request.client_language
    return str(settings.LANGUAGE_CODE)


def values_for_reader(context: Context) -> dict[str, Any]:
    """
    The variables on the clock of whoever the step writes to, in the language that is spoken; the client's link only for
    those who may hold it.
    """
    values = variables(context, zone=_zone(context, context.appointment()))
    if context.settings.get("to") in WITHOUT_LINK:
        values["request"] = {**values["request"], "url": ""}
        values["appointment"] = {**values["appointment"], "url": ""}
    return values


def variables(context: Context, *, zone: str) -> dict[str, Any]:
    """What a template may use; every name is there in every e-mail, empty where it does not apply."""
    request, account, appointment = context.request, context.request.account, context.appointment()
    may_change = context.settings.get("to") == "client" and _may_change(context, appointment)
    place = say_place_for_guests if context.settings.get("to") in WITHOUT_LINK else say_place
    cancellation = appointment.cancellation if appointment and appointment.is_cancelled else None
    country = country_read_in(account)
    return {
        "account": {"name": account.name},
        "brand": brand_of_mail(account, get_profile(account), public_url=settings.PUBLIC_URL),
        "client": {
            "name": request.client_name,
            "email": request.client_email,
            "phone": request.client_phone,
            "company": request.company_name,
        },
        "ticket": {"number": request.ticket_number, "summary": request.ticket_summary, "url": request.ticket_url},
        "request": {"url": request_link(request), "attributes": template_values(request)},
        "appointment_type": {
            "name": request.spoken_name,
            "internal_name": request.internal_name,
            "duration_minutes": request.terms["duration_minutes"],
        },
        "appointment": {
            "agreed_time": say_moment(appointment.starts_at, zone=zone, country=country) if appointment else "",
            "previous_time": _previous_time(context, zone),
            "scheduled_member_name": context.people(for_client=context.settings.get("to") == "client"),
            "place": place(request, context.people(for_client=True), appointment.meeting_url if appointment else ""),
            "meeting_url": appointment.meeting_url if appointment else "",
            "note": appointment.note if appointment else "",
            "answers": spoken_answers(appointment) if appointment else [],
            "url": appointment_link(request),
            "reschedule_url": reschedule_link(request) if may_change else "",
            "cancel_url": cancellation_link(request) if may_change else "",
            "cancelled_by": ("client" if cancellation.by.endswith("(client)") else "technician")
            if cancellation
            else "",
            "cancelled_by_name": cancellation.by if cancellation else "",
            "cancellation_reason": cancellation.reason if cancellation else "",
        },
        # No step knows of an opening: it is told of by itself, see links/opening_mail.py.
        "opening": {"first_time": "", "is_earlier": False, "stop_url": ""},
    }


def _may_change(context: Context, appointment: Appointment | None) -> bool:
    return appointment is not None and isinstance(may_client_change(context.request, appointment, context.now), Allowed)


def _previous_time(context: Context, zone: str) -> str:
    before = context.run.event.data.get("from")
    if not before:
        return ""
    return say_moment(datetime.fromisoformat(before), zone=zone, country=country_read_in(context.request.account))


def _zone(context: Context, appointment: Appointment | None) -> str:
    """The reader's clock; of guests nothing is known but that they come with the client."""
    if context.settings.get("to") in CLIENT_SIDE and appointment is not None:
        return appointment.zone
    agents = context.agents()
    return agents[0].zone if agents else context.request.account.zone


def _invitation(context: Context, appointment: Appointment | None, kind: Kind) -> str:
    if appointment is None or kind not in _WITH_INVITATION:
        return ""
    is_for_guests = context.settings.get("to") in WITHOUT_LINK
    return invitation_of(appointment, now=context.now, for_guests=is_for_guests).decode()
