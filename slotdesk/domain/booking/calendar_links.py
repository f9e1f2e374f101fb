"""Links that open a filled-in entry in an online calendar; nothing is asked of it before the client follows one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from slotdesk.domain.booking.calendar_file import say_names, say_place, title_of
from slotdesk.domain.booking.links import appointment_link
from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.booking.queries import agents_of


@dataclass(frozen=True, slots=True)
class CalendarLink:
    """label: the calendar's name."""

    label: str
    address: str


def calendar_links_of(appointment: Appointment) -> list[CalendarLink]:
    """Return a link for each online calendar, with what the calendar file says. They hold the client's own link."""
    request, names = appointment.request, say_names(agents_of(appointment))
    title = title_of(request, names)
    about = f"{say_place(request, names, appointment.meeting_url)}\n\n{appointment_link(request)}"
    starts_at, ends_at, place = appointment.starts_at, appointment.ends_at, appointment.meeting_url
    return [
        CalendarLink("Google", _google(title, about, place, starts_at, ends_at)),
        CalendarLink("Outlook.com", _outlook("outlook.live.com", title, about, place, starts_at, ends_at)),
        CalendarLink("Microsoft 365", _outlook("outlook.office.com", title, about, place, starts_at, ends_at)),
    ]


# https://developers.google.com/workspace/calendar has no page for it; this form has been stable since 2011.
def _google(title: str, about: str, place: str, starts_at: datetime, ends_at: datetime) -> str:
    times = "/".join(f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for moment in (starts_at, ends_at))
    values = {"action": "TEMPLATE", "text": title, "dates": times, "details": about, "location": place}
    return f"https://calendar.google.com/calendar/render?{urlencode(values)}"


def _outlook(host: str, title: str, about: str, place: str, starts_at: datetime, ends_at: datetime) -> str:
    values = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": f"{starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{ends_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "body": about,
        "location": place,
    }
    return f"https://{host}/calendar/0/deeplink/compose?{urlencode(values)}"
