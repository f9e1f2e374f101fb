"""
Shareable links: a time is booked without a ticket.

Nothing is written down before the form is sent. csrf_exempt has the reason that it has in views.py: whoever sends the
form says who they are in it, and a forged one could say no more than anybody can.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from slotdesk.domain.booking.drafts import Client
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.links import signed
from slotdesk.domain.links.booking import Wish, book_shareable, draft_of
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.proofs import ProofOver
from slotdesk.web.access import by_public_link
from slotdesk.web.public import outcomes, proving, steps
from slotdesk.web.public.forms import AnswersForm, BadAddress, kept_values, sent
from slotdesk.web.public.link_booking import answer_booking
from slotdesk.web.public.link_forms import CodeForm, VisitorForm
from slotdesk.web.public.link_limits import may_book
from slotdesk.web.public.link_visit import SIGNED, campaign_of, visit_by_link
from slotdesk.web.public.visit import Visit

_GET_OR_CARRY = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt
@by_public_link
@_GET_OR_CARRY
def choose_time(request: HttpRequest, link: Link) -> HttpResponse:
    """The page of times."""
    return steps.show_times(request, _visit(request, link)[0]) if _is_open(link) else _not_there(request, link)


@csrf_exempt
@by_public_link
@_GET_OR_CARRY
def times(request: HttpRequest, link: Link) -> HttpResponse:
    """The part of the page that changes, for the page's script."""
    return steps.show_part(request, _visit(request, link)[0]) if _is_open(link) else _not_there(request, link)


@csrf_exempt
@by_public_link
@_GET_OR_CARRY
def details(request: HttpRequest, link: Link) -> HttpResponse:
    """The picked time, and what we ask before booking it."""
    if not _is_open(link):
        return _not_there(request, link)
    visit, known = _visit(request, link)
    return steps.show_form(request, visit, about={"name": known.name} if known.name else {})


@csrf_exempt
@by_public_link
@require_POST
def book(request: HttpRequest, link: Link) -> HttpResponse:
    """Book, once the address is proved where it has to be."""
    if not _is_open(link):
        return _not_there(request, link)
    visit, known = _visit(request, link)
    try:
        clock, starts_at = steps.read_pick(request, visit)
    except BadAddress:
        return steps.unreadable(request, visit)
    form = visit.form_class(request.POST, request=visit.asked)
    if not form.is_valid():
        return steps.ask_again(request, visit, form, starts_at, clock=clock)
    client = _client(form, known)
    is_proved = known.email != "" or not link.appointment_type.needs_proof
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


def _visit(request: HttpRequest, link: Link) -> tuple[Visit, signed.Known]:
    """The visit, and who it is where the link knows; a signature that is none counts as none."""
    text, known = sent(request).get(SIGNED, ""), signed.Known()
    try:
        known = signed.read(link, text) if text else known
    except signed.BadSignature:
        text = ""
    draft = draft_of(link, origin=SchedulingRequest.Origin.SHAREABLE, now=timezone.now())
    draft.client_name, draft.client_email = known.name, known.email
    visit = visit_by_link(
        request,
        link,
        draft,
        page="link",
        form_class=AnswersForm if known.email else VisitorForm,
        carried={SIGNED: text} if known.email else {},
    )
    return visit, known


def _client(form: AnswersForm, known: signed.Known) -> Client:
    if isinstance(form, VisitorForm):
        return form.client()
    name, phone = form.cleaned_data["name"], form.cleaned_data.get("phone", "")
    return Client(name, known.email, phone, contact_id=known.contact_id)


def _is_open(link: Link) -> bool:
    return link.appointment_type.shareable != AppointmentType.Shareable.OFF


def _not_there(request: HttpRequest, link: Link) -> HttpResponse:
    return outcomes.say(request, outcomes.UNKNOWN, account=link.account)
