"""
Asking to be told when a time opens: by whatever link somebody has come.

Whose address the link knows presses one button. Everybody else enters an address and proves it by a code, whatever the
appointment type says of codes: nobody is written to who has not asked. Whoever asks is always told the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy

from slotdesk.domain.booking.queries import RequestClosed
from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.links.openings import Reader, TooManyAlerts
from slotdesk.domain.links.proofs import ProofOver
from slotdesk.lib.masking import mask_email
from slotdesk.web.public import outcomes, pages, proving, steps
from slotdesk.web.public.clock import Clock
from slotdesk.web.public.forms import BadAddress, kept_values, read_zone, sent
from slotdesk.web.public.link_forms import CodeForm, EmailForm
from slotdesk.web.public.link_limits import RETRY_AFTER, may_ask_to_be_told
from slotdesk.web.public.opening_offer import is_late
from slotdesk.web.public.times import last_bookable_date, list_starts, say_start
from slotdesk.web.public.visit import Visit

Put = Callable[[Reader], OpeningAlert]

_OPEN_NOW = pages.Banner(
    gettext_lazy("There are free times"), gettext_lazy("So there is nothing to wait for. Please pick one below.")
)
_TOO_MANY = outcomes.Outcome(
    icon="clock",
    title=gettext_lazy("This cannot be done here at the moment"),
    text=gettext_lazy(
        "There were many tries in a short time, or you wait for many things already. Please try again later."
    ),
    question=gettext_lazy("Can it not wait?"),
    status=HTTPStatus.TOO_MANY_REQUESTS,
    retry_after=RETRY_AFTER,
)


class AddressForm(EmailForm):
    """
    Whom to tell.

    website   no one sees it; whoever fills it in is a program
    """

    website = forms.CharField(required=False, max_length=200)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(gettext("Please leave this field empty."))
        return ""


def answer(request: HttpRequest, visit: Visit, put: Put, *, email: str = "") -> HttpResponse:
    """
    GET, and a POST that only carries along what was typed: the question. With `ask` in it: they want to be told.

    put     stores the wish of this reader. Raises TooManyAlerts, RequestClosed.
    email   what the form begins with, where the link does not fix the address
    """
    try:
        clock = pages.clock_of(request, visit.account, zone=read_zone(sent(request)))
    except BadAddress:
        return steps.unreadable(request, visit)
    now = timezone.now()
    first = _first_free(visit, clock, now)
    if first is not None and not is_late(visit.asked, first, now):
        return steps.show_times(request, visit, banner=_OPEN_NOW)
    if request.method != "POST" or "ask" not in request.POST:
        return _question(request, visit, AddressForm(initial={"email": email} | kept_values(request)), first, clock)
    known = visit.asked.client_email
    if known:
        return _put(request, visit, put, known, first, clock)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _question(request, visit, form, first, clock, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    email = str(form.cleaned_data["email"])
    if proving.has_proved(request, visit.account, email):
        return _put(request, visit, put, email, first, clock)
    if "code" not in request.POST:
        return _ask_for_code(request, visit, email, clock)
    page = _check_code(request, visit, email, clock)
    if page is not None:
        return page
    response = _put(request, visit, put, email, first, clock)
    proving.remember(request, response, visit.account, email)
    return response


def _first_free(visit: Visit, clock: Clock, now: datetime) -> int | None:
    """The first time of all that can be booked now, in epoch seconds."""
    last = last_bookable_date(visit, clock, now)
    return next(iter(list_starts(visit, clock, clock.date_of(now), last, now=now).epochs), None)


def _question(
    request: HttpRequest,
    visit: Visit,
    form: AddressForm,
    first: int | None,
    clock: Clock,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    known = visit.asked.client_email
    context = pages.visit_context(visit) | {
        "form": form,
        "known": mask_email(known) if known else "",
        "first": say_start(first, clock) if first is not None else "",
        "clock": clock,
        "kept": {name: value for name, value in kept_values(request).items() if name != "email"},
    }
    return render(request, "public/opening_ask.html", context, status=status)


def _put(request: HttpRequest, visit: Visit, put: Put, email: str, first: int | None, clock: Clock) -> HttpResponse:
    if not may_ask_to_be_told(request, visit.account):
        return outcomes.say(request, _TOO_MANY, account=visit.account)
    before = datetime.fromtimestamp(first, UTC) if first is not None else None
    try:
        alert = put(Reader(email, clock.zone, get_language() or "en", before))
    except TooManyAlerts:
        return outcomes.say(request, _TOO_MANY, account=visit.account)
    except RequestClosed:
        return HttpResponseRedirect(visit.addresses.choose, status=HTTPStatus.SEE_OTHER)
    return HttpResponseRedirect(reverse("public:opening_alert", args=[alert.token]), status=HTTPStatus.SEE_OTHER)


def _ask_for_code(
    request: HttpRequest, visit: Visit, email: str, clock: Clock, banner: pages.Banner | None = None
) -> HttpResponse:
    context = _code_context(request, visit, clock) | {"banner": banner}
    page = proving.ask_for_code(request, visit.account, email, **context)
    return page or outcomes.say(request, _TOO_MANY, account=visit.account)


def _check_code(request: HttpRequest, visit: Visit, email: str, clock: Clock) -> HttpResponse | None:
    """The page that asks for the code once more; None when it was right."""
    form, proof_id = CodeForm(request.POST), request.POST.get("proof", "")
    try:
        proof = proving.read_proof(form, proof_id)
    except ProofOver:
        return _ask_for_code(request, visit, email, clock, banner=proving.OVER)
    if proof is not None and proof.email == email.strip().lower() and not proof.ticket_number:
        return None
    status, context = HTTPStatus.UNPROCESSABLE_ENTITY, _code_context(request, visit, clock)
    return proving.code_page(request, visit.account, proof_id, email, form, status=status, **context)


def _code_context(request: HttpRequest, visit: Visit, clock: Clock) -> dict[str, Any]:
    return {
        "template": "public/opening_code.html",
        "code_url": visit.addresses.opening,
        "carried": {**visit.carried, "zone": clock.zone, "ask": "1"},
        "kept": kept_values(request),
    }
