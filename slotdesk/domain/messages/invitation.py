"""Calendar invitations as iCalendar (RFC 5545, RFC 5546)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

_ALARM = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str


def build_invitation(
    *,
    uid: str,
    sequence: int,
    starts_at: datetime,
    ends_at: datetime,
    title: str,
    description: str,
    place: str,
    url: str,
    organizer: Person,
    attendees: Sequence[Person],
    is_cancelled: bool,
    now: datetime,
) -> bytes:
    """
    Return the file that puts an appointment into a calendar, moves it there, or takes it out.

    uid stays the same for an appointment's whole life and sequence grows with each change, so that calendars replace
    what they have. url may be empty. Instants are written in UTC. A standing appointment rings ten minutes before.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Slotdesk//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_cancelled else "REQUEST")
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", now)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", title)
    event.add("description", description)
    event.add("location", place)
    if url:
        event.add("url", url)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("organizer", _address(organizer), encode=False)
    for person in attendees:
        event.add("attendee", _attendee(person), encode=False)
    if not is_cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", -_ALARM)
        event.add_component(alarm)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    address.params["cn"] = vText(person.name)
    return address


def _attendee(person: Person) -> vCalAddress:
    address = _address(person)
    address.params["role"] = vText("REQ-PARTICIPANT")
    address.params["partstat"] = vText("ACCEPTED")
    address.params["rsvp"] = vText("FALSE")
    return address
