"""The calendar file of an appointment: one for mails and pages, so that whoever opens both has one entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext

from slotdesk.domain.booking.links import appointment_link
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import agents_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.messages.invitation import Person, build_invitation
from slotdesk.domain.people.models import Agent


def invitation_of(appointment: Appointment, *, now: datetime, for_guests: bool = False) -> bytes:
    """
    Return the file (iCalendar) that puts the appointment as it stands into the client's calendar, or the guests'.

    Once it was moved the same file moves the entry, and once it was cancelled it takes the entry out. The guests' has
    no link: whoever holds one may change the appointment.
    """
    request, agents = appointment.request, agents_of(appointment)
    names, url = say_names(agents), "" if for_guests else appointment_link(request)
    place = say_place_for_guests if for_guests else say_place
    return build_invitation(
        uid=f"{appointment.public_id}@slotdesk",
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        title=title_of(request, names),
        description=f"{place(request, names, appointment.meeting_url)}\n\n{url}".strip(),
        place=appointment.meeting_url,
        url=url,
        organizer=_organizer(request, agents),
        attendees=_guests(request) if for_guests else _client(request),
        is_cancelled=appointment.is_cancelled,
        now=now,
    )


def title_of(request: SchedulingRequest, names: str) -> str:
    """What the client's calendar calls the appointment. names: the people who do it."""
    text = gettext("%(what)s with %(people)s (%(account)s)")
    return text % {"what": request.spoken_name, "people": names, "account": request.account.name}


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
        return gettext("You meet %(people)s online: %(url)s") % {"people": who, "url": meeting_url}
    place = _say_place(request, who)
    return f"{place} {_say_meeting(meeting_url)}" if meeting_url else place


def say_place_for_guests(request: SchedulingRequest, who: str, meeting_url: str = "") -> str:
    """The same for guests: not whom we call on which number."""
    if meeting_url:
        return _say_meeting(meeting_url)
    if request.place == AppointmentType.Place.ONSITE:
        return gettext("%(people)s will be there in person.") % {"people": who}
    return ""


def _say_meeting(url: str) -> str:
    return gettext("The online meeting: %(url)s") % {"url": url}


def _client(request: SchedulingRequest) -> list[Person]:
    return [Person(request.client_name, request.client_email)] if request.client_email else []


def _guests(request: SchedulingRequest) -> list[Person]:
    return [Person(guest.email, guest.email) for guest in request.guests.order_by("id")]


def _say_place(request: SchedulingRequest, who: str) -> str:
    match request.place:
        case AppointmentType.Place.PHONE if request.client_phone:
            text = gettext("%(people)s will call you on %(phone)s.")
        case AppointmentType.Place.PHONE:
            text = gettext("%(people)s will call you.")
        case AppointmentType.Place.REMOTE:
            text = gettext("%(people)s will connect to your computer. Please be at it, switched on and online.")
        case AppointmentType.Place.ONSITE:
            text = gettext("%(people)s will come to you.")
        case _:
            return ""
    return text % {"people": who, "phone": request.client_phone}


def _organizer(request: SchedulingRequest, agents: Sequence[Agent]) -> Person:
    if agents:
        return Person(agents[0].name, agents[0].email)
    return Person(request.account.name, request.account.support_email)
