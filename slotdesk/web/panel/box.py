"""What the panel shows of a ticket, put into words and lists."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from slotdesk.domain.booking.invitations import MOST_RESOURCES
from slotdesk.domain.booking.links import request_link
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import OPEN, list_requests_of_ticket, may_cancel, with_booked_time
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.queries import list_types
from slotdesk.domain.links.making import LASTS, LONGEST
from slotdesk.domain.links.models import SignedLink
from slotdesk.domain.links.signed import address_of, links_of, list_signed_of_ticket, may_revoke
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


@dataclass(frozen=True, slots=True)
class TicketLink:
    """
    A link by which the ticket can be booked more than once.

    people, url   empty while it leads nowhere, such as to somebody who cannot be booked now
    """

    signed: SignedLink
    people: str
    url: str
    last_day: str
    can_revoke: bool


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
        "link_until": _date_in(LASTS, viewer, now),
        "link_until_most": _date_in(LONGEST - timedelta(days=1), viewer, now),
        "today": f"{now.astimezone(ZoneInfo(viewer.zone)):%Y-%m-%d}",
        "clock": f"{viewer.zone.rpartition('/')[2].replace('_', ' ')} ({say_zone(now, zone=viewer.zone)})",
        "psa": viewer.connection.label,
        "languages": settings.LANGUAGES,
    } | request_lines(viewer, ticket.ref, now=now)


def _date_in(length: timedelta, viewer: Viewer, now: datetime) -> str:
    return f"{(now + length).astimezone(ZoneInfo(viewer.zone)):%Y-%m-%d}"


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
        "links": list(_links(viewer, ref, now=now)),
    }


def _links(viewer: Viewer, ref: TicketRef, *, now: datetime) -> Iterator[TicketLink]:
    signed_links = list_signed_of_ticket(ref, now=now)
    leads = links_of(signed_links)
    for signed in signed_links:
        link = leads.get(signed.pk)
        yield TicketLink(
            signed=signed,
            people=", ".join(str(each) for each in link.resources) if link else "",
            url=address_of(signed, link) if link else "",
            last_day=say_day(signed.last_day, zone=viewer.zone),
            can_revoke=may_revoke(viewer.role, signed, member=viewer.membership),
        )


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


def say_day(moment: datetime, *, zone: str) -> str:
    """Return "Tue 24 Nov"."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %-d %b}"


def _say(viewer: Viewer, moment: datetime | None) -> str:
    if moment is None:
        return ""
    zone, country = viewer.zone, viewer.connection.account.country
    time = f"{say_time(moment, zone=zone, country=country)} {say_zone(moment, zone=zone)}"
    return f"{say_day(moment, zone=zone)}, {time}"
