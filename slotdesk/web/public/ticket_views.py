"""
Links that name a ticket, as a PSA writes them into its e-mails: a time is booked for that ticket.

Anybody can make up such an address. So nothing of the ticket is shown or done before the visitor has proved an e-mail
address that belongs to it, unless the link is signed by us; and whoever asks for a code is always told the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from slotdesk.domain.booking.drafts import Client
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.links.addresses import SIGNED
from slotdesk.domain.links.booking import Wish, book_for_ticket, draft_of
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import EmailProof, SignedLink
from slotdesk.domain.links.openings import ByLink, ask_by_link
from slotdesk.domain.links.proofs import ProofOver, find_proof
from slotdesk.domain.links.signed import sign
from slotdesk.web.access import View, by_public_link
from slotdesk.web.public import asking, outcomes, proving, steps
from slotdesk.web.public.forms import AnswersForm, BadAddress, kept_values, sent
from slotdesk.web.public.link_booking import answer_booking
from slotdesk.web.public.link_forms import CodeForm, EmailForm, VisitorForm
from slotdesk.web.public.link_limits import may_book
from slotdesk.web.public.link_visit import address_of, campaign_of, carried_from, visit_by_link
from slotdesk.web.public.signed_visit import find_signed, say_why_not
from slotdesk.web.public.visit import Visit

_GET_OR_CARRY = require_http_methods(["GET", "HEAD", "POST"])
_PASS = "pass"  # noqa: S105 — the name of a parameter
_SALT = "slotdesk.ticket-pass"
_PASS_AGE = 2 * 3600


@dataclass(frozen=True, slots=True)
class _Guest:
    """
    Who has come in.

    carried     what their address goes on saying so with
    asks_name   whoever holds the link says who they are; client: what that form begins with
    """

    client: Client
    carried: dict[str, str]
    summary: str = ""
    asks_name: bool = False


_GuestView = Callable[[HttpRequest, Link, str, _Guest], HttpResponse]


def _for_guests(*, otherwise: int = HTTPStatus.OK) -> Callable[[_GuestView], View]:
    """
    `view(request, link, number, guest)`; whoever is none yet is asked who they are, or told what is the case.

    otherwise   the status of the page that asks
    """

    def wear(view: _GuestView) -> View:
        @wraps(view)
        def opened(request: HttpRequest, link: Link, number: str) -> HttpResponse:
            signed = find_signed(request, link, ticket_number=number)
            plain_url = address_of(link, "ticket_link", number=number)
            stopped = say_why_not(request, signed, plain_url=plain_url) if signed else None
            if stopped is not None:
                return stopped
            guest = _signed_guest(signed) if signed else _proved_guest(request, number)
            if guest is None:
                return _ask_for_email(request, link, number, EmailForm(), status=otherwise)
            return view(request, link, number, guest)

        return opened

    return wear


@csrf_exempt
@by_public_link
@_GET_OR_CARRY
@_for_guests()
def choose_time(request: HttpRequest, link: Link, number: str, guest: _Guest) -> HttpResponse:
    """The page of times; for somebody of whom nothing is known, the question who they are."""
    return steps.show_times(request, _visit(request, link, number, guest))


@csrf_exempt
@by_public_link
@_GET_OR_CARRY
@_for_guests(otherwise=HTTPStatus.FORBIDDEN)
def times(request: HttpRequest, link: Link, number: str, guest: _Guest) -> HttpResponse:
    """The part of the page that changes, for the page's script."""
    return steps.show_part(request, _visit(request, link, number, guest))


@csrf_exempt
@by_public_link
@_GET_OR_CARRY
@_for_guests()
def details(request: HttpRequest, link: Link, number: str, guest: _Guest) -> HttpResponse:
    """The picked time, and what we ask before booking it."""
    about = {"name": guest.client.name, "email": guest.client.email, "phone": guest.client.phone}
    return steps.show_form(request, _visit(request, link, number, guest), about=about)


@csrf_exempt
@by_public_link
@require_POST
@_for_guests()
def book(request: HttpRequest, link: Link, number: str, guest: _Guest) -> HttpResponse:
    """Book for the ticket, which is read from the PSA now."""
    visit = _visit(request, link, number, guest)
    try:
        clock, starts_at = steps.read_pick(request, visit)
    except BadAddress:
        return steps.unreadable(request, visit)
    form = visit.form_class(request.POST, request=visit.asked)
    if not form.is_valid():
        return steps.ask_again(request, visit, form, starts_at, clock=clock)
    if not may_book(request, link.account):
        return outcomes.say(request, outcomes.TOO_MANY, account=link.account)
    wish = Wish(
        _client(form, guest),
        starts_at,
        form.answers(zone=clock.zone),
        form.cleaned_data["key"],
        timezone.now(),
        campaign_of(request.POST),
    )
    return answer_booking(
        request, visit, form, starts_at, clock, lambda: book_for_ticket(link, wish, ticket_number=number)
    )


@csrf_exempt
@by_public_link
@_GET_OR_CARRY
@_for_guests()
def opening(request: HttpRequest, link: Link, number: str, guest: _Guest) -> HttpResponse:
    """Asking to be told when a time opens; whoever holds a signed link says to which address, and proves it."""
    signed, campaign = find_signed(request, link, ticket_number=number), campaign_of(sent(request))
    wish = ByLink(link, ticket_number=number, signed=signed, campaign=campaign)
    return asking.answer(
        request,
        _visit(request, link, number, guest),
        lambda reader: ask_by_link(wish=wish, reader=reader, now=timezone.now()),
        email=guest.client.email,
    )


@csrf_exempt
@by_public_link
@require_POST
def prove(request: HttpRequest, link: Link, number: str) -> HttpResponse:
    """An address, to which a code is sent if it belongs to the ticket; then the code, which opens the times."""
    if "proof" not in request.POST:
        form = EmailForm(request.POST)
        if not form.is_valid():
            return _ask_for_email(request, link, number, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return _send_code(request, link, number, form.cleaned_data["email"])
    code, proof_id, email = CodeForm(request.POST), request.POST["proof"], request.POST.get("email", "")
    try:
        proof = proving.read_proof(code, proof_id)
    except ProofOver:
        return _send_code(request, link, number, email, banner=proving.OVER)
    if proof is None or proof.ticket_number != number:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        context = _code_context(request, link, number)
        return proving.code_page(request, link.account, proof_id, email, code, status=status, **context)
    if proof.ticket.get("is_closed"):
        return outcomes.say(request, outcomes.TICKET_OVER, account=link.account)
    values = {**carried_from(request), _PASS: signing.dumps(proof.public_id, salt=_SALT)}
    address = f"{address_of(link, 'ticket_link', number=number)}?{urlencode(values)}"
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)


def _signed_guest(signed: SignedLink) -> _Guest:
    client = Client(signed.name, signed.email)
    return _Guest(client, {SIGNED: sign(signed)}, signed.ticket_summary, asks_name=True)


def _proved_guest(request: HttpRequest, number: str) -> _Guest | None:
    text = sent(request).get(_PASS, "")
    proof = _find_passed(text)
    if proof is None or proof.ticket_number != number:
        return None
    told = proof.ticket
    client = Client(told["name"], proof.email, told["phone"], told["company"], told["contact_id"])
    return _Guest(client, {_PASS: text}, told["summary"])


def _find_passed(text: str) -> EmailProof | None:
    try:
        public_id = signing.loads(text, salt=_SALT, max_age=_PASS_AGE)
    except signing.BadSignature:
        return None
    proof = find_proof(public_id)
    return proof if proof and proof.state == EmailProof.State.PROVED else None


def _visit(request: HttpRequest, link: Link, number: str, guest: _Guest) -> Visit:
    draft = draft_of(link, origin=SchedulingRequest.Origin.URL, now=timezone.now())
    if not guest.asks_name:
        draft.client_name, draft.client_email = guest.client.name, guest.client.email
    draft.ticket_number, draft.ticket_summary = number, guest.summary
    return visit_by_link(
        request,
        link,
        draft,
        page="ticket_link",
        number=number,
        form_class=VisitorForm if guest.asks_name else AnswersForm,
        carried=guest.carried,
    )


def _client(form: AnswersForm, guest: _Guest) -> Client:
    if isinstance(form, VisitorForm):
        return form.client()
    known, cleaned = guest.client, form.cleaned_data
    return Client(cleaned["name"], known.email, cleaned.get("phone", ""), known.company, known.contact_id)


def _ask_for_email(
    request: HttpRequest, link: Link, number: str, form: EmailForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "account": link.account,
        "form": form,
        "number": number,
        "name": link.appointment_type.spoken_name,
        "code_url": address_of(link, "ticket_link_code", number=number),
        "carried": carried_from(request),
        "banner": proving.TOO_LONG if _PASS in sent(request) else None,
        "ask": outcomes.ASK,
    }
    return render(request, "public/prove.html", context, status=status)


def _send_code(request: HttpRequest, link: Link, number: str, email: str, banner: object = None) -> HttpResponse:
    context = _code_context(request, link, number) | {"banner": banner}
    page = proving.ask_for_code(request, link.account, email, ticket_number=number, **context)
    return page or outcomes.say(request, outcomes.TOO_MANY, account=link.account)


def _code_context(request: HttpRequest, link: Link, number: str) -> dict[str, Any]:
    return {
        "code_url": address_of(link, "ticket_link_code", number=number),
        "carried": carried_from(request),
        "kept": {name: value for name, value in kept_values(request).items() if name == "email"},
        "number": number,
    }
