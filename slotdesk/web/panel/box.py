"""What the panel shows of a ticket, put into words and lists."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slotdesk.domain.booking.invitations import MOST_RESOURCES
from slotdesk.domain.booking.links import request_link
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import OPEN, list_requests_of_ticket, may_cancel, with_booked_time
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.queries import list_types
from slotdesk.domain.messages.words import say_time, say_zone
from slotdesk.domain.people.queries import list_schedulable_agents, list_schedulable_teams
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.domain.workflows.attention import is_moving
from slotdesk.ports.psa import Ticket, TicketRef
from slotdesk.web.panel.viewer import Viewer
from slotdesk.web.why_not import WhyNot, ask_why_not, may_be_asked

_TONES = {"new": "is-new", "sent": "is-waiting", "scheduled": "is-good"}


@dataclass(frozen=True, slots=True)
class Line:
    """
    One request of the ticket.

    booked   empty while no time is; link: empty once it books nothing any more
    why      the form that asks why a time is not offered, where one could be
    """

    request: SchedulingRequest
    people: str
    tone: str
    booked: str
    link: str
    can_cancel: bool
    why: WhyNot | None


def ticket_box(viewer: Viewer, ticket: Ticket, *, now: datetime) -> dict[str, Any]:
    """Return the context of the whole panel."""
    agents, types = (
        list(list_schedulable_agents()),
        list(list_types().prefetch_related("resources__agent", "resources__team")),
    )
    return {
        "ticket": ticket,
        "kind": ticket.ref.kind,
        "ticket_id": ticket.ref.id,
        "agents": agents,
        "teams": list(list_schedulable_teams()),
        "most": MOST_RESOURCES,
        "types": [(item, item.duration // timedelta(minutes=1), _only(item)) for item in types],
        "viewer_agent": viewer.agent,
        "viewer_is_bookable": viewer.agent is not None and viewer.agent in agents,
        "can_create": viewer.may(Permission.REQUESTS_CREATE),
        "can_enter": viewer.may(Permission.APPOINTMENTS_CREATE),
        "key": secrets.token_urlsafe(16),
        "today": f"{now.astimezone(ZoneInfo(viewer.zone)):%Y-%m-%d}",
        "clock": f"{viewer.zone.rpartition('/')[2].replace('_', ' ')} ({say_zone(now, zone=viewer.zone)})",
        "psa": viewer.connection.label,
    } | request_lines(viewer, ticket.ref, now=now)


def _only(kind: AppointmentType) -> str:
    """The ids of those whom the type may ask, empty for everybody."""
    return " ".join((each.agent or each.team).public_id for each in kind.resources.all())  # type: ignore[union-attr]


def request_lines(viewer: Viewer, ref: TicketRef, *, now: datetime) -> dict[str, Any]:
    """Return the context of the ticket's requests, newest first. is_moving: they will change by themselves soon."""
    requests = list_requests_of_ticket(connection_id=viewer.connection.pk, ticket_kind=ref.kind, ticket_id=ref.id)
    return {
        "connection_id": viewer.connection.public_id,
        "kind": ref.kind,
        "ticket_id": ref.id,
        "lines": [_line(viewer, request, now=now) for request in with_booked_time(requests)],
        "is_moving": is_moving(requests),
    }


def _line(viewer: Viewer, request: SchedulingRequest, *, now: datetime) -> Line:
    is_open = request.status in OPEN
    return Line(
        request=request,
        people=", ".join(item.name for item in request.resources.all()),
        tone=_TONES.get(request.status, "is-off"),
        booked=_say(viewer, getattr(request, "booked_for", None)),
        link=request_link(request) if is_open else "",
        can_cancel=may_cancel(viewer.role, viewer.agent, request)
        and (is_open or request.status == SchedulingRequest.Status.SCHEDULED),
        why=ask_why_not(request, {}, zone=viewer.zone, now=now) if may_be_asked(request) else None,
    )


def _say(viewer: Viewer, moment: datetime | None) -> str:
    if moment is None:
        return ""
    account, zone = viewer.connection.account, viewer.zone
    day = f"{moment.astimezone(ZoneInfo(zone)):%a %-d %b}"
    return f"{day}, {say_time(moment, zone=zone, country=account.country)} {say_zone(moment, zone=zone)}"
