"""
Moving and cancelling an appointment, by the client who has it.

Only POSTs change anything, and csrf_exempt has the reason that it has in views.py: the link is the whole authority.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from slotdesk.domain.booking import choosing
from slotdesk.domain.booking.changes import (
    ChangeRefused,
    Refused,
    cancel_as_client,
    may_client_change,
    reschedule_as_client,
)
from slotdesk.domain.booking.client import choose_language
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import MovedMeanwhile
from slotdesk.domain.booking.queries import RequestClosed, find_latest_appointment
from slotdesk.web import framing
from slotdesk.web.access import by_request_link
from slotdesk.web.public import change_pages, pages
from slotdesk.web.public.clock import Clock
from slotdesk.web.public.done import Done, lead_on
from slotdesk.web.public.forms import (
    BadAddress,
    ReasonForm,
    read_first_date,
    read_sequence,
    read_start,
    read_zone,
    sent,
)
from slotdesk.web.public.times import is_offered, say_start
from slotdesk.web.public.visit import visit_to_move

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt
@by_request_link
@_GET_OR_POST
def cancellation(request: HttpRequest, asked: SchedulingRequest) -> HttpResponse:
    """GET: the question, with room for a reason. POST: cancel. What is cancelled already is shown as it is."""
    appointment = find_latest_appointment(asked)
    if appointment is None or appointment.is_cancelled:
        return _as_it_stands(asked)
    if request.method == "POST":
        return _cancel(request, asked, appointment)
    refused = _refusal(asked, appointment)
    if refused is not None:
        return change_pages.refused_page(request, asked, appointment, refused)
    return change_pages.cancel_page(request, asked, appointment, ReasonForm())


def _cancel(request: HttpRequest, asked: SchedulingRequest, appointment: Appointment) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return change_pages.cancel_page(request, asked, appointment, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    choose_language(request=asked, language=get_language() or "")
    try:
        cancel_as_client(
            request=asked,
            reason=form.cleaned_data["reason"],
            sequence=read_sequence(request.POST),
            now=timezone.now(),
        )
    except ChangeRefused as error:
        return change_pages.refused_page(request, asked, appointment, error.refused)
    except MovedMeanwhile:
        return change_pages.stale_page(request, asked, appointment)
    except BadAddress:
        return change_pages.cancel_page(request, asked, appointment, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except RequestClosed:
        return _as_it_stands(asked)
    return lead_on(request, asked, Done.CANCELLED)


@csrf_exempt
@by_request_link
@_GET_OR_POST
def reschedule(request: HttpRequest, asked: SchedulingRequest) -> HttpResponse:
    """GET: the times, and with `start` the question whether to move there. POST: move."""
    appointment = find_latest_appointment(asked)
    if appointment is None or appointment.is_cancelled:
        return _as_it_stands(asked)
    values = sent(request)
    try:
        clock = _clock(request, asked, appointment)
        if request.method == "POST":
            return _move(request, asked, appointment, read_start(values), clock)
        refused = _refusal(asked, appointment)
        if refused is not None:
            return change_pages.refused_page(request, asked, appointment, refused)
        if "start" in values:
            return _question(request, asked, appointment, read_start(values), clock)
        return change_pages.times_page(request, asked, appointment, clock=clock, first=read_first_date(values))
    except BadAddress:
        return _damaged(request, asked, appointment)


def _question(
    request: HttpRequest, asked: SchedulingRequest, appointment: Appointment, starts_at: datetime, clock: Clock
) -> HttpResponse:
    if starts_at == appointment.starts_at:
        first, banner = clock.date_of(starts_at), change_pages.SAME_TIME
        return change_pages.times_page(request, asked, appointment, clock=clock, first=first, banner=banner)
    visit = visit_to_move(asked, appointment)
    if not is_offered(visit, starts_at, clock=clock, now=timezone.now()):
        return _not_free(request, asked, appointment, starts_at, clock, status=HTTPStatus.CONFLICT)
    framing.tell(request, "slot-chosen", **visit.facts_of(starts_at, zone=clock.zone))
    return change_pages.move_page(request, asked, appointment, starts_at, clock=clock)


def _move(
    request: HttpRequest, asked: SchedulingRequest, appointment: Appointment, starts_at: datetime, clock: Clock
) -> HttpResponse:
    """Raises BadAddress."""
    sequence = read_sequence(request.POST)
    choose_language(request=asked, language=get_language() or "")
    try:
        reschedule_as_client(request=asked, starts_at=starts_at, zone=clock.zone, sequence=sequence, now=timezone.now())
    except choosing.SlotTaken:
        status = HTTPStatus.CONFLICT
        return _not_free(request, asked, appointment, starts_at, clock, status=status, was_taken=True)
    except choosing.SlotNotOffered:
        return _not_free(request, asked, appointment, starts_at, clock, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except choosing.AvailabilityUnknown:
        return change_pages.move_again_page(request, asked, appointment, starts_at, clock=clock)
    except ChangeRefused as error:
        return change_pages.refused_page(request, asked, appointment, error.refused)
    except MovedMeanwhile:
        return change_pages.stale_page(request, asked, appointment)
    except RequestClosed:
        return _as_it_stands(asked)
    return lead_on(request, asked, Done.RESCHEDULED)


@by_request_link
@require_safe
def reschedule_times(request: HttpRequest, asked: SchedulingRequest) -> HttpResponse:
    """The part of the page of times that changes with the month and the zone, for the page's script."""
    appointment = find_latest_appointment(asked)
    if appointment is None or _refusal(asked, appointment) is not None:
        return HttpResponse(status=HTTPStatus.CONFLICT)
    try:
        clock, first = _clock(request, asked, appointment), read_first_date(request.GET)
    except BadAddress:
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    context = change_pages.times_context(request, asked, appointment, clock=clock, first=first)
    return render(request, "public/times.html", context)


def _refusal(asked: SchedulingRequest, appointment: Appointment) -> Refused | None:
    answer = may_client_change(asked, appointment, timezone.now())
    return answer if isinstance(answer, Refused) else None


def _clock(request: HttpRequest, asked: SchedulingRequest, appointment: Appointment) -> Clock:
    """The clock that the client booked on, unless they choose another. Raises BadAddress."""
    return pages.clock_of(request, asked.account, zone=read_zone(sent(request)) or appointment.zone)


def _damaged(request: HttpRequest, asked: SchedulingRequest, appointment: Appointment) -> HttpResponse:
    refused = _refusal(asked, appointment)
    if refused is not None:
        return change_pages.refused_page(request, asked, appointment, refused)
    clock = pages.clock_of(request, asked.account, zone=appointment.zone)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return change_pages.times_page(request, asked, appointment, clock=clock, banner=pages.UNREADABLE, status=status)


def _not_free(
    request: HttpRequest,
    asked: SchedulingRequest,
    appointment: Appointment,
    starts_at: datetime,
    clock: Clock,
    *,
    status: int,
    was_taken: bool = False,
) -> HttpResponse:
    """Fresh times from the lost one's day on."""
    lost = say_start(int(starts_at.timestamp()), clock)
    banner, first = change_pages.lost_time(lost, was_taken=was_taken), clock.date_of(starts_at)
    return change_pages.times_page(request, asked, appointment, clock=clock, first=first, banner=banner, status=status)


def _as_it_stands(asked: SchedulingRequest) -> HttpResponse:
    """The appointment's page; without an appointment it leads on to the times."""
    return HttpResponseRedirect(reverse("public:appointment", args=[asked.token]), status=HTTPStatus.SEE_OTHER)
