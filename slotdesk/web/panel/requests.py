"""
What can be done from a ticket. Each call reads the ticket with the account's own keys first.

Answers are fragments of HTML for the panel; what went wrong is said in them, in plain words. A changed ticket is told
by the header X-Panel-Changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from slotdesk.availability.terms import BadTerms
from slotdesk.domain.booking.guests import TooManyGuests
from slotdesk.domain.booking.invitations import (
    MOST_RESOURCES,
    NoAddress,
    NobodyToAsk,
    NotWithThisType,
    TicketClosed,
    TooMany,
    cancel_request,
    invite_from_ticket,
)
from slotdesk.domain.booking.links import request_link
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import cancel_appointment
from slotdesk.domain.booking.queries import RequestClosed, list_requests_of_ticket, may_cancel
from slotdesk.domain.connections.queries import read_ticket, read_ticket_by_id
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.ports import errors
from slotdesk.ports.psa import Ticket, TicketRef
from slotdesk.web.agreed_time import Warned
from slotdesk.web.panel.access import by_panel_token
from slotdesk.web.panel.box import request_lines, ticket_box
from slotdesk.web.panel.choices import BadChoice, chosen_client, chosen_options, chosen_resources, chosen_type
from slotdesk.web.panel.viewer import Viewer

_KINDS = frozenset({"service_ticket", "project_ticket"})


@dataclass(frozen=True, slots=True)
class Notice:
    """
    What came of it. tone: is-good or is-bad.

    link     to be copied, if there is one; title: what it says where links have a text
    warned   rules that speak against a time, which may be set aside
    """

    tone: str
    text: str
    link: str = ""
    title: str = ""
    warned: Warned | None = None


@require_GET
@by_panel_token(Permission.REQUESTS_VIEW_OWN)
def show_ticket(request: HttpRequest, viewer: Viewer, ticket_id: str) -> HttpResponse:
    try:
        ticket = read_ticket_by_id(viewer.connection, ticket_id)
    except errors.NotFound:
        text = gettext("This ticket is not in the PSA yet. Save it, and the panel appears.")
        return render(request, "panel/_problem.html", {"text": text, "can_retry": True}, status=404)
    except errors.PortError as error:
        return render(request, "panel/_problem.html", {"text": say_error(error), "can_retry": True}, status=503)
    return render(request, "panel/_ticket.html", ticket_box(viewer, ticket, now=timezone.now()))


@require_GET
@by_panel_token(Permission.REQUESTS_VIEW_OWN)
def list_all(request: HttpRequest, viewer: Viewer, kind: str, ticket_id: str) -> HttpResponse:
    """
    The ticket's requests as they stand, for a panel that looks again.

    The PSA is not asked: what is shown was written down here, from tickets that were read with the account's own keys.
    """
    context = request_lines(viewer, read_ref(kind, ticket_id), now=timezone.now())
    return render(request, "panel/_lines.html", context)


@require_GET
@by_panel_token(Permission.REQUESTS_VIEW_OWN)
def show_status(request: HttpRequest, viewer: Viewer, kind: str, ticket_id: str) -> HttpResponse:
    """The ticket's status as it is in the PSA now, for a panel that looks again."""
    ref = read_ref(kind, ticket_id)
    try:
        ticket = read_ticket(viewer.connection, ref)
    except errors.PortError:
        return HttpResponse(status=503)  # what is shown stays
    context = {"ticket": ticket, "connection_id": viewer.connection.public_id, "kind": kind, "ticket_id": ticket_id}
    return render(request, "panel/_status.html", context)


@require_POST
@by_panel_token(Permission.REQUESTS_CREATE)
def create(request: HttpRequest, viewer: Viewer, kind: str, ticket_id: str) -> HttpResponse:
    ref = read_ref(kind, ticket_id)
    origin = SchedulingRequest.Origin.LINK if request.POST.get("origin") == "link" else SchedulingRequest.Origin.PANEL
    try:
        ticket = read_ticket(viewer.connection, ref)
        made = invite_from_ticket(
            psa=viewer.connection,
            ticket=ref,
            appointment_type=chosen_type(request.POST),
            resources=chosen_resources(request.POST),
            origin=origin,
            actor=viewer.name,
            now=timezone.now(),
            client=chosen_client(request.POST, viewer, ticket),
            options=chosen_options(request.POST, zone=viewer.zone),
        )
    except TicketClosed:
        return answer(
            request, viewer, ref, Notice("is-bad", gettext("This ticket is closed. Reopen it, then ask again.")), 409
        )
    except NoAddress:
        text = gettext(
            "The client has no e-mail address. Name another client, add one in the PSA, or copy the link instead."
        )
        return answer(request, viewer, ref, Notice("is-bad", text), 422)
    except NobodyToAsk:
        text = gettext("One of those chosen cannot be booked just now. Choose somebody else.")
        return answer(request, viewer, ref, Notice("is-bad", text), 422)
    except TooManyGuests as error:
        return answer(
            request, viewer, ref, Notice("is-bad", gettext("%(error)s Take somebody away.") % {"error": error}), 422
        )
    except NotWithThisType as error:
        return answer(
            request, viewer, ref, Notice("is-bad", gettext("%(error)s Choose somebody else.") % {"error": error}), 422
        )
    except TooMany:
        text = gettext("At most %(most)s people and teams can be asked together. Take somebody away.") % {
            "most": MOST_RESOURCES
        }
        return answer(request, viewer, ref, Notice("is-bad", text), 422)
    except BadChoice as error:
        return answer(request, viewer, ref, Notice("is-bad", str(error)), 422)
    except BadTerms as error:
        text = gettext(
            "The appointment type’s rules do not add up (%(error)s). Your administrator can correct them."
        ) % {"error": error}
        return answer(request, viewer, ref, Notice("is-bad", text), 422)
    except errors.PortError as error:
        return answer(request, viewer, ref, Notice("is-bad", say_error(error)), 503)
    if origin == SchedulingRequest.Origin.LINK:
        notice = Notice(
            "is-good", gettext("Here is the client’s link. Nothing was sent."), request_link(made), made.external_name
        )
    elif made.is_silent:
        text = gettext("The request is made, and no e-mail is sent; give the client the link.")
        notice = Notice("is-good", f"{text} {edited_ticket(request, ticket)}", request_link(made), made.external_name)
    else:
        text = gettext("Asked. %(client)s gets an e-mail with the link.") % {
            "client": made.client_name or made.client_email
        }
        notice = Notice("is-good", f"{text} {edited_ticket(request, ticket)}")
    return answer(request, viewer, ref, notice, 201, is_changed=True)


@require_POST
@by_panel_token(Permission.REQUESTS_CANCEL_OWN)
def cancel(request: HttpRequest, viewer: Viewer, kind: str, ticket_id: str, public_id: str) -> HttpResponse:
    ref = read_ref(kind, ticket_id)
    try:
        read = read_ticket(viewer.connection, ref)
    except errors.PortError as error:
        return answer(request, viewer, ref, Notice("is-bad", say_error(error)), 503)
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
        text = gettext("It changed while you were looking. See below how it stands, then decide again.")
        return answer(request, viewer, ref, Notice("is-bad", text), 409)
    text = gettext("Cancelled. Everybody concerned is told.")
    return answer(request, viewer, ref, Notice("is-good", f"{text} {edited_ticket(request, read)}"), is_changed=True)


def answer(
    request: HttpRequest, viewer: Viewer, ref: TicketRef, notice: Notice, status: int = 200, *, is_changed: bool = False
) -> HttpResponse:
    context: dict[str, Any] = request_lines(viewer, ref, now=timezone.now()) | {"notice": notice}
    response = render(request, "panel/_requests.html", context, status=status)
    if is_changed:
        response.headers["X-Panel-Changed"] = "yes"
    return response


def read_ref(kind: str, ticket_id: str) -> TicketRef:
    if kind not in _KINDS:
        raise Http404
    return TicketRef(kind, ticket_id)


def edited_ticket(request: HttpRequest, ticket: Ticket) -> str:
    """
    What whoever has the ticket open for editing must know: saving it would put back the status that they see.

    The status has just been read; that it is another one than the panel showed is told.
    """
    seen, now = request.POST.get("status_seen", ""), ticket.status.name
    refresh = gettext("If you are editing this ticket, refresh it before you save, or its new status is lost.")
    if not seen or seen == now:
        return refresh
    changed = gettext("The ticket’s status had changed meanwhile, from %(seen)s to %(now)s.")
    return f"{changed % {'seen': seen, 'now': now}} {refresh}"


def say_error(error: errors.PortError) -> str:
    match error:
        case errors.Unreachable() | errors.RateLimited():
            return gettext("The PSA does not answer right now. Nothing is lost; try again in a minute.")
        case errors.NotAuthorized():
            return gettext(
                "Slotdesk cannot sign in to the PSA any more. Tell your administrator: Integrations, PSA connection."
            )
        case errors.Rejected() | errors.NotFound():
            return str(error)
    return gettext("The PSA answered something unexpected. Try again; if it stays, tell your administrator.")
