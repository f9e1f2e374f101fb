"""
What a client sees: times, details, the appointment.

Only the POST to `appointment/` changes anything here, so a mail scanner that follows every link does no harm; at most
an address that names a language has it remembered. The link's token is the whole authority: no cookie is read or set
but the one for the language, hence nothing for a forged request to borrow, and csrf_exempt keeps the pages working
where cookies are blocked. Moving and cancelling are in changes.py.
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from slotdesk.domain.booking import choosing, operations
from slotdesk.domain.booking.calendar_file import invitation_of
from slotdesk.domain.booking.guests import TooManyGuests
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import OPEN, RequestClosed, find_latest_appointment
from slotdesk.domain.booking.times import is_past
from slotdesk.domain.tenants.models import Account
from slotdesk.web.access import by_request_link, public
from slotdesk.web.public import outcomes, pages, steps
from slotdesk.web.public.brand import style_sheet
from slotdesk.web.public.done import Done, go_on, lead_on
from slotdesk.web.public.forms import AnswersForm, BadAddress
from slotdesk.web.public.visit import visit_of

_GET_OR_CARRY = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt
@by_request_link
@_GET_OR_CARRY
def choose_time(request: HttpRequest, asked: SchedulingRequest) -> HttpResponse:
    """The page of times."""
    return _over(request, asked) or steps.show_times(request, visit_of(asked))


@csrf_exempt
@by_request_link
@_GET_OR_CARRY
def times(request: HttpRequest, asked: SchedulingRequest) -> HttpResponse:
    """The part of the page that changes with the month and the zone, for the page's script."""
    if _over(request, asked) is not None:
        return HttpResponse(status=HTTPStatus.CONFLICT)
    return steps.show_part(request, visit_of(asked))


@csrf_exempt
@by_request_link
@_GET_OR_CARRY
def details(request: HttpRequest, asked: SchedulingRequest) -> HttpResponse:
    """The picked time, and what we ask before booking it."""
    about = {"name": asked.client_name, "phone": asked.client_phone}
    return _over(request, asked) or steps.show_form(request, visit_of(asked), about=about)


@csrf_exempt
@by_request_link
@_GET_OR_CARRY
def appointment(request: HttpRequest, asked: SchedulingRequest) -> HttpResponse:
    """GET: the appointment as it stands. POST: book it."""
    if request.method == "POST":
        return _book(request, asked)
    latest = find_latest_appointment(asked)
    if latest is None:
        return HttpResponseRedirect(reverse("public:choose_time", args=[asked.token]))
    onward = go_on(request, asked, latest)
    return onward or render(request, "public/appointment.html", pages.appointment_context(request, asked, latest))


def _book(request: HttpRequest, asked: SchedulingRequest) -> HttpResponse:
    visit = visit_of(asked)
    try:
        clock, starts_at = steps.read_pick(request, visit)
    except BadAddress:
        return _over(request, asked) or steps.unreadable(request, visit)
    if asked.status in OPEN and is_past(asked, now=timezone.now()):
        return _expired(request, asked)
    form = AnswersForm(request.POST, request=asked)
    if not form.is_valid():
        return steps.ask_again(request, visit, form, starts_at, clock=clock)
    try:
        operations.book_slot(
            request=asked,
            starts_at=starts_at,
            answers=form.answers(zone=clock.zone),
            key=form.cleaned_data["key"],
            now=timezone.now(),
        )
    except choosing.SlotTaken:
        return steps.not_free(request, visit, starts_at, status=HTTPStatus.CONFLICT, was_taken=True)
    except choosing.SlotNotOffered:
        return steps.not_free(request, visit, starts_at, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except choosing.AvailabilityUnknown:
        return pages.try_again(request, visit, form, starts_at, clock=clock)
    except TooManyGuests as error:
        text = ngettext(
            "With those who are invited already there would be more than %(most)s guest.",
            "With those who are invited already there would be more than %(most)s guests.",
            error.most,
        )
        form.add_error("guests", text % {"most": error.most})
        return steps.ask_again(request, visit, form, starts_at, clock=clock)
    except RequestClosed:
        asked.refresh_from_db()
        return _closed(request, asked)
    return lead_on(request, asked, Done.BOOKED)


@by_request_link
@require_safe
def invite(request: HttpRequest, asked: SchedulingRequest) -> HttpResponse:
    """The appointment as a calendar file, also after it was cancelled: then it takes the entry out again."""
    latest = find_latest_appointment(asked)
    if latest is None:
        raise Http404
    return HttpResponse(
        invitation_of(latest, now=timezone.now()),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="appointment.ics"'},
    )


@public
@require_safe
def brand(request: HttpRequest, account_id: str) -> HttpResponse:
    """The account's colours. Pages ask for it with them in the query, so that a new colour is a new address."""
    account = Account.objects.select_related("profile").filter(public_id=account_id).first()
    if account is None:
        raise Http404
    header = account.profile.header_color if hasattr(account, "profile") else ""
    return HttpResponse(
        style_sheet(account.brand_color, header),
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": "public, max-age=86400"},
    )


def _over(request: HttpRequest, asked: SchedulingRequest) -> HttpResponse | None:
    """What is shown of a request that cannot be booked any more; None while it can."""
    if asked.status not in OPEN:
        return _closed(request, asked)
    return _expired(request, asked) if is_past(asked, now=timezone.now()) else None


def _expired(request: HttpRequest, asked: SchedulingRequest) -> HttpResponse:
    clock = pages.clock_of(request, asked.account, zone=None)
    last_day = clock.full_day(asked.latest_date) if asked.latest_date else ""
    return outcomes.say(request, outcomes.expired(asked, last_day=last_day), account=asked.account)


def _closed(request: HttpRequest, asked: SchedulingRequest) -> HttpResponse:
    """The state of a request that cannot be booked any more."""
    latest = find_latest_appointment(asked)
    if request.method == "POST" and asked.status == SchedulingRequest.Status.SCHEDULED and latest is not None:
        context = pages.appointment_context(request, asked, latest) | {"banner": pages.BOOKED_BEFORE}
        return render(request, "public/appointment.html", context, status=HTTPStatus.CONFLICT)
    if latest is not None:
        return HttpResponseRedirect(reverse("public:appointment", args=[asked.token]))
    return outcomes.say(request, outcomes.over(asked), account=asked.account)
