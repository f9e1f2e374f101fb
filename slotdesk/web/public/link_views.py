"""
Shareable links: a time is booked without a ticket.

Nothing is written down before the form is sent. csrf_exempt has the reason that it has in views.py: whoever sends the
form says who they are in it, and a forged one could say no more than anybody can.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from slotdesk.domain.booking.drafts import Client
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.links.addresses import SIGNED
from slotdesk.domain.links.booking import Wish, book_shareable, draft_of
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import SignedLink
from slotdesk.domain.links.openings import ByLink, ask_by_link
from slotdesk.domain.links.proofs import ProofOver
from slotdesk.domain.links.signed import sign
from slotdesk.web.access import View, by_public_link
from slotdesk.web.public import asking, outcomes, proving, steps
from slotdesk.web.public.forms import AnswersForm, BadAddress, kept_values, sent
from slotdesk.web.public.link_booking import answer_booking
from slotdesk.web.public.link_forms import CodeForm, KnownForm, VisitorForm
from slotdesk.web.public.link_limits import may_book
from slotdesk.web.public.link_visit import address_of, campaign_of, visit_by_link
from slotdesk.web.public.signed_visit import find_signed, say_why_not
from slotdesk.web.public.visit import Visit

_GET_OR_CARRY = require_http_methods(["GET", "HEAD", "POST"])


def _where_offered(view: Callable[[HttpRequest, Link, Visit], HttpResponse]) -> View:
    """`view(request, link, visit)`; whoever cannot book by the link is told why."""

    @wraps(view)
    def opened(request: HttpRequest, link: Link) -> HttpResponse:
        if link.appointment_type.shareable == AppointmentType.Shareable.OFF:
            return outcomes.say(request, outcomes.UNKNOWN, account=link.account)
        signed = find_signed(request, link)
        stopped = say_why_not(request, signed, plain_url=address_of(link, "link")) if signed else None
        return stopped or view(request, link, _visit(request, link, signed))

    return opened


@csrf_exempt
@by_public_link
@_GET_OR_CARRY
@_where_offered
def choose_time(request: HttpRequest, link: Link, visit: Visit) -> HttpResponse:
    """The page of times."""
    return steps.show_times(request, visit)


@csrf_exempt
@by_public_link
@_GET_OR_CARRY
@_where_offered
def times(request: HttpRequest, link: Link, visit: Visit) -> HttpResponse:
    """The part of the page that changes, for the page's script."""
    return steps.show_part(request, visit)


@csrf_exempt
@by_public_link
@_GET_OR_CARRY
@_where_offered
def details(request: HttpRequest, link: Link, visit: Visit) -> HttpResponse:
    """The picked time, and what we ask before booking it."""
    return steps.show_form(request, visit, about={})


@csrf_exempt
@by_public_link
@require_POST
@_where_offered
def book(request: HttpRequest, link: Link, visit: Visit) -> HttpResponse:
    """Book, once the address is proved where it has to be."""
    try:
        clock, starts_at = steps.read_pick(request, visit)
    except BadAddress:
        return steps.unreadable(request, visit)
    form = visit.form_class(request.POST, request=visit.asked)
    if not form.is_valid():
        return steps.ask_again(request, visit, form, starts_at, clock=clock)
    client = _client(form)
    # Whoever holds a signed link is whom it was made for.
    is_proved = visit.asked.client_email != "" or not link.appointment_type.needs_proof
    is_proved = is_proved or proving.has_proved(request, link.account, client.email)
    proves_now = not is_proved and "code" in request.POST
    if proves_now:
        page = _check_code(request, link, visit, client)
        if page is not None:
            return page
    if not is_proved and not proves_now:
        return _ask_for_code(request, link, visit, client)
    if not may_book(request, link.account):
        return outcomes.say(request, outcomes.TOO_MANY, account=link.account)
    wish = Wish(
        client,
        starts_at,
        form.answers(zone=clock.zone),
        form.cleaned_data["key"],
        timezone.now(),
        campaign_of(request.POST),
    )
    response = answer_booking(request, visit, form, starts_at, clock, lambda: book_shareable(link, wish))
    if proves_now:
        proving.remember(request, response, link.account, client.email)
    return response


@csrf_exempt
@by_public_link
@_GET_OR_CARRY
@_where_offered
def opening(request: HttpRequest, link: Link, visit: Visit) -> HttpResponse:
    """Asking to be told when a time opens."""
    wish = ByLink(link, signed=find_signed(request, link), campaign=campaign_of(sent(request)))
    return asking.answer(request, visit, lambda reader: ask_by_link(wish=wish, reader=reader, now=timezone.now()))


def _check_code(request: HttpRequest, link: Link, visit: Visit, client: Client) -> HttpResponse | None:
    """The page that asks for the code once more; None when it was right."""
    form, proof_id = CodeForm(request.POST), request.POST.get("proof", "")
    try:
        proof = proving.read_proof(form, proof_id)
    except ProofOver:
        return _ask_for_code(request, link, visit, client, banner=proving.OVER)
    if proof is not None and proof.email == client.email.lower() and not proof.ticket_number:
        return None
    context = _code_context(request, visit)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return proving.code_page(request, link.account, proof_id, client.email, form, status=status, **context)


def _ask_for_code(
    request: HttpRequest, link: Link, visit: Visit, client: Client, banner: object = None
) -> HttpResponse:
    context = _code_context(request, visit) | {"banner": banner}
    page = proving.ask_for_code(request, link.account, client.email, **context)
    return page or outcomes.say(request, outcomes.TOO_MANY, account=link.account)


def _code_context(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """Everything that was typed goes along, to be sent again with the code."""
    values = {name: request.POST[name] for name in ("start", "zone") if name in request.POST}
    return {
        "addresses": visit.addresses,
        "code_url": visit.addresses.book,
        "carried": {**visit.carried, **values},
        "kept": kept_values(request),
    }


def _visit(request: HttpRequest, link: Link, signed: SignedLink | None) -> Visit:
    draft = draft_of(link, origin=SchedulingRequest.Origin.SHAREABLE, now=timezone.now())
    if signed is None:
        return visit_by_link(request, link, draft, page="link", form_class=VisitorForm, carried={})
    draft.client_name, draft.client_email = signed.name, signed.email
    draft.company_name, draft.contact_id = signed.company, signed.contact_id
    return visit_by_link(request, link, draft, page="link", form_class=KnownForm, carried={SIGNED: sign(signed)})


def _client(form: AnswersForm) -> Client:
    assert isinstance(form, VisitorForm | KnownForm)  # noqa: S101, those of _visit
    return form.client()
