"""Asking a visitor to prove their e-mail address, and remembering in their browser that they did."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy

from slotdesk.domain.links.models import EmailProof
from slotdesk.domain.links.proofs import ProofOver, WrongCode, ask_for_proof, prove
from slotdesk.domain.tenants.models import Account
from slotdesk.web.framing import frame_of, set_partitioned_cookie
from slotdesk.web.public.link_forms import CodeForm
from slotdesk.web.public.link_limits import may_ask_for_code
from slotdesk.web.public.outcomes import ASK
from slotdesk.web.public.pages import Banner

_COOKIE = "slotdesk-proved"
# In a frame of another website: kept apart for that website, which is the only way that browsers leave open there.
_FRAME_COOKIE = "__Host-slotdesk-proved"
_SALT = "slotdesk.proved"
_REMEMBERED = 90 * 24 * 3600
_MOST = 10

OVER = Banner(
    gettext_lazy("That code is no longer good"), gettext_lazy("We have sent you a new one. Please enter it below.")
)

# Between pages, whoever has proved an address says so for two hours.
TOO_LONG = Banner(
    gettext_lazy("That took a while"), gettext_lazy("Please tell us once more who you are. Nothing was booked.")
)


def ask_for_code(
    request: HttpRequest, account: Account, email: str, *, ticket_number: str = "", **context: Any
) -> HttpResponse | None:
    """Have a code sent, and return the page that asks for it; None where too many were asked for."""
    if not may_ask_for_code(request, account, email):
        return None
    proof = ask_for_proof(
        account=account, email=email, ticket_number=ticket_number, now=timezone.now(), language=get_language() or ""
    )
    return code_page(request, account, proof.public_id, email, CodeForm(), **context)


def code_page(
    request: HttpRequest,
    account: Account,
    proof_id: str,
    email: str,
    form: CodeForm,
    *,
    status: int = HTTPStatus.OK,
    template: str = "public/code.html",
    **context: Any,
) -> HttpResponse:
    context = {"account": account, "proof_id": proof_id, "email": email, "form": form, "ask": ASK, **context}
    return render(request, template, context, status=status)


def read_proof(form: CodeForm, proof_id: str) -> EmailProof | None:
    """The proof, once the code in the form is right; None with the reason in the form. Raises ProofOver."""
    if not form.is_valid():
        return None
    try:
        return prove(public_id=proof_id, code=form.cleaned_data["code"], now=timezone.now())
    except WrongCode as error:
        if not error.left:
            raise ProofOver from error
        form.add_error("code", gettext("This is not the code that we sent. Please look at the newest e-mail."))
        return None


def has_proved(request: HttpRequest, account: Account, email: str) -> bool:
    """Whether this browser belongs to somebody who has proved the address."""
    return _mark(account, email) in _marks(request)


def remember(request: HttpRequest, response: HttpResponse, account: Account, email: str) -> None:
    """Ask this browser for no code again for a while."""
    marks = [mark for mark in _marks(request) if mark != _mark(account, email)]
    value = signing.dumps([*marks, _mark(account, email)][-_MOST:], salt=_SALT)
    if frame_of(request) is None:
        is_secure = request.is_secure()
        response.set_cookie(_COOKIE, value, max_age=_REMEMBERED, httponly=True, secure=is_secure, samesite="Lax")
    elif request.is_secure():
        set_partitioned_cookie(response, _FRAME_COOKIE, value, max_age=_REMEMBERED)


def _marks(request: HttpRequest) -> list[str]:
    name = _COOKIE if frame_of(request) is None else _FRAME_COOKIE
    try:
        return list(signing.loads(request.COOKIES.get(name, ""), salt=_SALT, max_age=_REMEMBERED))
    except signing.BadSignature:
        return []


def _mark(account: Account, email: str) -> str:
    return hashlib.sha256(f"{account.public_id}:{email.strip().lower()}".encode()).hexdigest()[:32]
