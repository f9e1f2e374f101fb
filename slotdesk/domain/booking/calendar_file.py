"""The calendar file of an appointment: one for mails and pages, so that whoever opens both has one entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from slotdesk.domain.booking.links import appointment_link
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import agents_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.messages.invitation import Person, build_invitation
from slotdesk.domain.people.models import Agent


def invitation_of(appointment: Appointment, *, now: datetime) -> bytes:
    """
    Return the file (iCalendar) that puts the appointment as it stands into the client's calendar.

    Once it was moved the same file moves the entry, and once it was cancelled it takes the entry out.
    """
    request, agents = appointment.request, agents_of(appointment)
    names, url = say_names(agents), appointment_link(request)
    return build_invitation(
        uid=f"{appointment.public_id}@slotdesk",
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        title=f"{request.external_name} with {names} ({request.account.name})",
        description=f"{say_place(request, names, appointment.meeting_url)}\n\n{url}".strip(),
        place=appointment.meeting_url,
        url=url,
        organizer=_organizer(request, agents),
        attendees=[Person(request.client_name, request.client_email)] if request.client_email else [],
        is_cancelled=appointment.is_cancelled,
        now=now,
    )


def say_names(agents: Sequence[Agent]) -> str:
    """Return "Maria Schmidt, Jordan Doe"."""
    return ", ".join(agent.name for agent in agents)


def say_place(request: SchedulingRequest, who: str, meeting_url: str = "") -> str:
    """
    Return where it takes place, in words for the client.

    who           the people who do it
    meeting_url   where the online meeting is held, "" = there is none
    """
    if meeting_url and request.place == AppointmentType.Place.REMOTE:
        return f"You meet {who} online: {meeting_url}"
    place = _say_place(request, who)
    return f"{place} The online meeting: {meeting_url}" if meeting_url else place


def _say_place(request: SchedulingRequest, who: str) -> str:
    match request.place:
        case AppointmentType.Place.PHONE:
            number = f" on {request.client_phone}" if request.client_phone else ""
            return f"{who} will call you{number}."
        case AppointmentType.Place.REMOTE:
            return f"{who} will connect to your computer. Please be at it, switched on and online."
        case AppointmentType.Place.ONSITE:
            return f"{who} will come to you."
    return ""


def _organizer(request: SchedulingRequest, agents: Sequence[Agent]) -> Person:
    if agents:
        return Person(agents[0].name, agents[0].email)
    return Person(request.account.name, request.account.support_email)
