"""What the panel shows of a ticket, put into words and lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import OPEN, list_requests_of_ticket, may_cancel, with_booked_time
from slotdesk.domain.catalog.queries import list_types
from slotdesk.domain.messages.words import say_time, say_zone
from slotdesk.domain.people.queries import list_schedulable_agents
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.ports.psa import Ticket, TicketRef
from slotdesk.web.panel.viewer import Viewer

_TONES = {"new": "is-new", "sent": "is-waiting", "scheduled": "is-good"}


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the ticket. booked is empty while no time is; link is empty once it books nothing any more."""

    request: SchedulingRequest
    people: str
    tone: str
    booked: str
    link: str
    can_cancel: bool


def ticket_box(viewer: Viewer, ticket: Ticket) -> dict[str, Any]:
    """Return the context of the whole panel."""
    agents, types = list(list_schedulable_agents()), list(list_types())
    return {
        "ticket": ticket,
        "kind": ticket.ref.kind,
        "ticket_id": ticket.ref.id,
        "agents": agents,
        "types": [(item, item.duration // timedelta(minutes=1)) for item in types],
        "viewer_agent": viewer.agent,
        "viewer_is_bookable": viewer.agent is not None and viewer.agent in agents,
        "can_create": viewer.may(Permission.REQUESTS_CREATE),
        "psa": viewer.connection.label,
    } | request_lines(viewer, ticket.ref)


def request_lines(viewer: Viewer, ref: TicketRef) -> dict[str, Any]:
    """Return the context of the ticket's requests, newest first."""
    return {
        "connection_id": viewer.connection.public_id,
        "kind": ref.kind,
        "ticket_id": ref.id,
        "lines": list(_lines(viewer, ref)),
    }


def client_link(request: SchedulingRequest) -> str:
    return f"{settings.PUBLIC_URL}/schedule/{request.token}/"


def _lines(viewer: Viewer, ref: TicketRef) -> Iterator[Line]:
    requests = list_requests_of_ticket(connection_id=viewer.connection.pk, ticket_kind=ref.kind, ticket_id=ref.id)
    for request in with_booked_time(requests):
        is_open = request.status in OPEN
        yield Line(
            request=request,
            people=", ".join(item.name for item in request.resources.all()),
            tone=_TONES.get(request.status, "is-off"),
            booked=_say(viewer, getattr(request, "booked_for", None)),
            link=client_link(request) if is_open else "",
            can_cancel=may_cancel(viewer.role, viewer.agent, request)
            and (is_open or request.status == SchedulingRequest.Status.SCHEDULED),
        )


def _say(viewer: Viewer, moment: datetime | None) -> str:
    if moment is None:
        return ""
    account = viewer.connection.account
    zone = viewer.agent.zone if viewer.agent else account.zone
    day = f"{moment.astimezone(ZoneInfo(zone)):%a %-d %b}"
    return f"{day}, {say_time(moment, zone=zone, country=account.country)} {say_zone(moment, zone=zone)}"
