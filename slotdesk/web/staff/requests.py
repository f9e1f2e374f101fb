"""The requests: list, one with its history, and what staff do with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from slotdesk.domain.attributes.queries import list_filled
from slotdesk.domain.booking.guests import MOST_GUESTS
from slotdesk.domain.booking.invitations import cancel_request
from slotdesk.domain.booking.links import request_link
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import cancel_appointment
from slotdesk.domain.booking.queries import (
    OPEN,
    RequestClosed,
    find_appointment,
    list_requests,
    may_act_on,
    with_booked_time,
)
from slotdesk.domain.connections.queries import find_psa
from slotdesk.domain.links.openings import find_waiting
from slotdesk.domain.links.waiting import list_waiting
from slotdesk.domain.messages.models import Email
from slotdesk.domain.messages.queries import get_email
from slotdesk.domain.messages.words import say_time, say_zone
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.domain.workflows.attention import mark_attention
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import NotSkippable, retry_step_run, skip_step_run
from slotdesk.web.access import staff
from slotdesk.web.middleware import allow_framing
from slotdesk.web.staff.pages import actor_of, clock_of, render_page
from slotdesk.web.staff.request_changes import access
from slotdesk.web.staff.request_facts import say_clock_change, say_limits
from slotdesk.web.staff.request_filter import RequestFilter
from slotdesk.web.staff.request_table import RequestTable
from slotdesk.web.staff.timeline import build_timeline
from slotdesk.web.why_not import ask_why_not, may_be_asked

_PAGE = 25
# A mail's own look, and nothing that it could load, run, send or open.
EMAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"


@require_GET
@staff(Permission.REQUESTS_VIEW_OWN)
def list_all(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    member = request.member  # type: ignore[attr-defined]
    shown = mark_attention(with_booked_time(list_requests(member)), now=now)
    agent = Agent.objects.filter(membership=member).first()
    narrowed = RequestFilter(request.GET, queryset=shown, zone=clock_of(member, now=now).zone, agent=agent)
    table = RequestTable(narrowed.qs)
    RequestConfig(request, paginate={"per_page": _PAGE}).configure(table)
    is_fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    template = "staff/requests/_results.html" if is_fragment else "staff/requests/list.html"
    context = {
        "table": table,
        "filter": narrowed,
        "has_psa": find_psa() is not None,
        "sees_others": may(member.role, Permission.REQUESTS_VIEW_ALL),
        "query": request.GET.urlencode(),
        "waiting": 0 if is_fragment else list_waiting(member).count(),
    }
    response = render_page(request, template, context, now=now)
    response.headers["Vary"] = "HX-Request"
    return response


@require_GET
@staff(Permission.REQUESTS_VIEW_OWN)
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    found, now = access(request, public_id), timezone.now()
    member = request.member  # type: ignore[attr-defined]
    zone, agent = clock_of(member, now=now).zone, Agent.objects.filter(membership=member).first()
    is_booked = found.status == SchedulingRequest.Status.SCHEDULED
    is_alive = is_booked or found.status in OPEN
    context = {
        "req": found,
        "link": request_link(found),
        "attributes": list_filled(found),
        "can_cancel": is_alive and may_act_on(member.role, agent, found, Permission.REQUESTS_CANCEL_OWN),
        "can_move": is_alive and may_act_on(member.role, agent, found, Permission.CALENDARS_EDIT_OWN),
        "can_hand_over": is_booked or any(each.agent_id for each in found.resources.all()),
        "may_correct": found.status in OPEN and may(member.role, Permission.REQUESTS_CREATE),
        "may_invite": is_alive and may(member.role, Permission.REQUESTS_CREATE),
        "guests": found.guests.order_by("id"),
        "most_guests": MOST_GUESTS,
        "limits": say_limits(found),
        "emails": Email.objects.filter(subject_id=found.public_id).order_by("-created_at", "-id"),
        "why": ask_why_not(found, {}, zone=zone, now=now) if may_be_asked(found) else None,
    }
    state = _state(found)
    if state["appointment"]:
        context |= {"clock_change": say_clock_change(found, state["appointment"], now=now)}
    return render_page(request, "staff/requests/show.html", context | state, now=now)


@require_GET
@staff(Permission.REQUESTS_VIEW_OWN)
def show_timeline(request: HttpRequest, public_id: str) -> HttpResponse:
    """The part of the page that moves; it asks for itself again while something is under way."""
    found = access(request, public_id)
    return render_page(request, "staff/requests/_timeline.html", {"req": found} | _state(found), now=timezone.now())


@require_POST
@staff(Permission.REQUESTS_CANCEL_OWN)
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    found = access(request, public_id, Permission.REQUESTS_CANCEL_OWN)
    now, actor = timezone.now(), actor_of(request)
    try:
        if found.status == SchedulingRequest.Status.SCHEDULED:
            reason = request.POST.get("reason", "").strip()[:2000]
            cancel_appointment(request=found, actor=actor, reason=reason, now=now)
        else:
            cancel_request(request=found, actor=actor, now=now)
    except RequestClosed:
        messages.error(
            request, gettext("It changed while you were looking: see below how it stands, then decide again.")
        )
    else:
        messages.success(request, gettext("Cancelled. The ticket and everybody concerned are being told."))
    return redirect("staff:request", public_id)


@require_POST
@staff(Permission.REQUESTS_CANCEL_OWN)
def retry(request: HttpRequest, public_id: str, step_run_id: int) -> HttpResponse:
    found = access(request, public_id)
    run = StepRun.objects.select_related("account", "request").filter(request=found, pk=step_run_id).first()
    if run is None:
        raise Http404
    now = timezone.now()
    retry_step_run(run=run, actor=actor_of(request), now=now)
    if request.htmx:  # type: ignore[attr-defined]
        return render_page(request, "staff/requests/_timeline.html", {"req": found} | _state(found), now=now)
    return redirect(reverse("staff:request", args=[public_id]) + "#history")


@require_POST
@staff(Permission.REQUESTS_CANCEL_OWN)
def skip(request: HttpRequest, public_id: str, step_run_id: int) -> HttpResponse:
    """Have a step not be done; the ones after it go on."""
    found, now = access(request, public_id), timezone.now()
    run = StepRun.objects.select_related("account", "request").filter(request=found, pk=step_run_id).first()
    if run is None:
        raise Http404
    try:
        skip_step_run(run=run, actor=actor_of(request), now=now)
    except NotSkippable:
        if not request.htmx:  # type: ignore[attr-defined]  # the timeline that it gets shows how it stands
            messages.error(request, gettext("It was done or is being done this moment: see below how it stands."))
    if request.htmx:  # type: ignore[attr-defined]
        return render_page(request, "staff/requests/_timeline.html", {"req": found} | _state(found), now=now)
    return redirect(reverse("staff:request", args=[public_id]) + "#history")


@require_GET
@staff(Permission.REQUESTS_VIEW_OWN)
def show_email(request: HttpRequest, public_id: str, email_id: int) -> HttpResponse:
    """The mail as it was sent, for a frame in the request's page."""
    found = access(request, public_id)
    try:
        email = get_email(subject_id=found.public_id, email_id=email_id)
    except Email.DoesNotExist:
        raise Http404 from None
    response = HttpResponse(email.html)
    response.headers["Content-Security-Policy"] = EMAIL_POLICY
    return allow_framing(response, ("'self'",))


def _state(found: SchedulingRequest) -> dict[str, Any]:
    appointment = find_appointment(found)
    return {
        "appointment": appointment,
        "client_time": _client_time(found, appointment) if appointment else "",
        "opening": find_waiting(found),
        "timeline": build_timeline(found),
    }


def _client_time(found: SchedulingRequest, appointment: Appointment) -> str:
    """The start on the client's clock."""
    moment, zone = appointment.starts_at, appointment.zone
    return f"{say_time(moment, zone=zone, country=found.account.country)} {say_zone(moment, zone=zone)}"
