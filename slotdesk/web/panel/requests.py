"""
What can be done from a ticket. Each call reads the ticket with the account's own keys first.

Answers are fragments of HTML for the panel; what went wrong is said in them, in plain words. A changed ticket is told
by the header X-Panel-Changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from slotdesk.availability.terms import BadTerms
from slotdesk.domain.booking.invitations import (
    MOST_RESOURCES,
    NoAddress,
    NobodyToAsk,
    NotWithThisType,
    Options,
    TicketClosed,
    TooMany,
    cancel_request,
    invite_from_ticket,
)
from slotdesk.domain.booking.links import request_link
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import cancel_appointment
from slotdesk.domain.booking.queries import RequestClosed, list_requests_of_ticket, may_cancel
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.queries import list_types
from slotdesk.domain.connections.queries import read_ticket, read_ticket_by_id
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.queries import list_schedulable_agents, list_schedulable_teams
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.ports import errors
from slotdesk.ports.psa import TicketRef
from slotdesk.web.panel.access import by_panel_token
from slotdesk.web.panel.box import request_lines, ticket_box
from slotdesk.web.panel.viewer import Viewer

_KINDS = frozenset({"service_ticket", "project_ticket"})
_LONGEST = 24 * 60


@dataclass(frozen=True, slots=True)
class Notice:
    """What came of it. tone: is-good or is-bad; link: to be copied, if there is one."""

    tone: str
    text: str
    link: str = ""


class BadChoice(Exception):
    """The form names somebody or something that cannot be chosen; the message says what to do."""


@require_GET
@by_panel_token(Permission.REQUESTS_VIEW_OWN)
def show_ticket(request: HttpRequest, viewer: Viewer, ticket_id: str) -> HttpResponse:
    try:
        ticket = read_ticket_by_id(viewer.connection, ticket_id)
    except errors.NotFound:
        text = "This ticket is not in the PSA yet. Save it, and the panel appears."
        return render(request, "panel/_problem.html", {"text": text, "can_retry": True}, status=404)
    except errors.PortError as error:
        return render(request, "panel/_problem.html", {"text": _say(error), "can_retry": True}, status=503)
    return render(request, "panel/_ticket.html", ticket_box(viewer, ticket, now=timezone.now()))


@require_GET
@by_panel_token(Permission.REQUESTS_VIEW_OWN)
def list_all(request: HttpRequest, viewer: Viewer, kind: str, ticket_id: str) -> HttpResponse:
    """
    The ticket's requests as they stand, for a panel that looks again.

    The PSA is not asked: what is shown was written down here, from tickets that were read with the account's own keys.
    """
    context = request_lines(viewer, _ref(kind, ticket_id), now=timezone.now())
    return render(request, "panel/_lines.html", context)


@require_POST
@by_panel_token(Permission.REQUESTS_CREATE)
def create(request: HttpRequest, viewer: Viewer, kind: str, ticket_id: str) -> HttpResponse:
    ref = _ref(kind, ticket_id)
    origin = SchedulingRequest.Origin.LINK if request.POST.get("origin") == "link" else SchedulingRequest.Origin.PANEL
    try:
        made = invite_from_ticket(
            psa=viewer.connection,
            ticket=ref,
            appointment_type=_chosen_type(request),
            resources=_chosen_resources(request),
            origin=origin,
            actor=viewer.name,
            now=timezone.now(),
            options=Options(duration=_chosen_duration(request)),
        )
    except TicketClosed:
        return _answer(request, viewer, ref, Notice("is-bad", "This ticket is closed. Reopen it, then ask again."), 409)
    except NoAddress:
        text = "The ticket’s contact has no e-mail address. Add one in the PSA, or copy the link instead."
        return _answer(request, viewer, ref, Notice("is-bad", text), 422)
    except NobodyToAsk:
        text = "One of those chosen cannot be booked just now. Choose somebody else."
        return _answer(request, viewer, ref, Notice("is-bad", text), 422)
    except NotWithThisType as error:
        return _answer(request, viewer, ref, Notice("is-bad", f"{error} Choose somebody else."), 422)
    except TooMany:
        text = f"At most {MOST_RESOURCES} people and teams can be asked together. Take somebody away."
        return _answer(request, viewer, ref, Notice("is-bad", text), 422)
    except BadChoice as error:
        return _answer(request, viewer, ref, Notice("is-bad", str(error)), 422)
    except BadTerms as error:
        text = f"The appointment type’s rules do not add up ({error}). Your administrator can correct them."
        return _answer(request, viewer, ref, Notice("is-bad", text), 422)
    except errors.PortError as error:
        return _answer(request, viewer, ref, Notice("is-bad", _say(error)), 503)
    if origin == SchedulingRequest.Origin.LINK:
        notice = Notice("is-good", "Here is the client’s link. Nothing was sent.", request_link(made))
    elif made.is_silent:
        text = "The request is made. This appointment type sends no e-mail; give the client the link."
        notice = Notice("is-good", text, request_link(made))
    else:
        notice = Notice("is-good", f"Asked. {made.client_name or made.client_email} gets an e-mail with the link.")
    return _answer(request, viewer, ref, notice, 201, is_changed=True)


@require_POST
@by_panel_token(Permission.REQUESTS_CANCEL_OWN)
def cancel(request: HttpRequest, viewer: Viewer, kind: str, ticket_id: str, public_id: str) -> HttpResponse:
    ref = _ref(kind, ticket_id)
    try:
        read = read_ticket(viewer.connection, ref)
    except errors.PortError as error:
        return _answer(request, viewer, ref, Notice("is-bad", _say(error)), 503)
    found = (
        list_requests_of_ticket(connection_id=viewer.connection.pk, ticket_kind=read.ref.kind, ticket_id=read.ref.id)
        .filter(public_id=public_id)
        .first()
    )
    if found is None or not may_cancel(viewer.role, viewer.agent, found):
        raise Http404
    now = timezone.now()
    try:
        if found.status == SchedulingRequest.Status.SCHEDULED:
            reason = request.POST.get("reason", "").strip()[:2000]
            cancel_appointment(request=found, actor=viewer.name, reason=reason, now=now)
        else:
            cancel_request(request=found, actor=viewer.name, now=now)
    except RequestClosed:
        text = "It changed while you were looking. See below how it stands, then decide again."
        return _answer(request, viewer, ref, Notice("is-bad", text), 409)
    return _answer(request, viewer, ref, Notice("is-good", "Cancelled. Everybody concerned is told."), is_changed=True)


def _answer(
    request: HttpRequest, viewer: Viewer, ref: TicketRef, notice: Notice, status: int = 200, *, is_changed: bool = False
) -> HttpResponse:
    context: dict[str, Any] = request_lines(viewer, ref, now=timezone.now()) | {"notice": notice}
    response = render(request, "panel/_requests.html", context, status=status)
    if is_changed:
        response.headers["X-Panel-Changed"] = "yes"
    return response


def _ref(kind: str, ticket_id: str) -> TicketRef:
    if kind not in _KINDS:
        raise Http404
    return TicketRef(kind, ticket_id)


def _chosen_type(request: HttpRequest) -> AppointmentType:
    found = list_types().filter(public_id=request.POST.get("type", "")).first()
    if found is None:
        raise BadChoice("This appointment type is no longer in use. Reload the ticket and choose another.")
    return found


def _chosen_resources(request: HttpRequest) -> list[Agent | Team]:
    """The people and teams that were chosen, in their order; places that were left empty do not count."""
    chosen = [public_id for public_id in request.POST.getlist("resource") if public_id]
    if not chosen:
        raise BadChoice("Choose who is to take the appointment.")
    if len(set(chosen)) < len(chosen):
        raise BadChoice("The same name is chosen twice. Choose somebody else, or take one away.")
    found: dict[str, Agent | Team] = {}
    for agent in list_schedulable_agents().filter(public_id__in=chosen):
        found[agent.public_id] = agent
    for team in list_schedulable_teams().filter(public_id__in=chosen):
        found[team.public_id] = team
    if len(found) < len(chosen):
        raise BadChoice("One of those chosen cannot be booked any more. Reload the ticket and choose again.")
    return [found[public_id] for public_id in chosen]


def _chosen_duration(request: HttpRequest) -> timedelta | None:
    """The length that was entered; None when it is the type's own."""
    text = request.POST.get("minutes", "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:5]) <= _LONGEST:
        raise BadChoice("Enter the length in whole minutes, such as 30.")
    return timedelta(minutes=int(text))


def _say(error: errors.PortError) -> str:
    match error:
        case errors.Unreachable() | errors.RateLimited():
            return "The PSA does not answer right now. Nothing is lost; try again in a minute."
        case errors.NotAuthorized():
            return "Slotdesk cannot sign in to the PSA any more. Tell your administrator: Integrations, PSA connection."
        case errors.Rejected() | errors.NotFound():
            return str(error)
    return "The PSA answered something unexpected. Try again; if it stays, tell your administrator."
