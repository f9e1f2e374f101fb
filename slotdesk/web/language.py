"""
The language of clients' pages; docs/how-to/languages.md says which wins.

Staff read English: web/middleware.py speaks it wherever no page for clients is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from slotdesk.domain.tenants.models import Account
from slotdesk.web.public.done import MARK

PARAMETER = "lang"
_COOKIE = "slotdesk-language"
_REMEMBERED = 365 * 24 * 3600
_LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Choice:
    """One language that the page can be read in, as its speakers call it."""

    code: str
    name: str
    address: str
    is_spoken: bool


def in_their_language(
    request: HttpRequest, account: Account | None, answer: Callable[[], HttpResponse], *, stored: str = ""
) -> HttpResponse:
    """
    Return the answer, made in the client's language. A language that the address names is remembered in the browser.

    stored   the one that the client's request has been given, "" = none yet
    """
    chosen = chosen_now(request)
    language = chosen or _remembered(request) or stored or _browsers(request) or _accounts(account)
    with translation.override(language):
        request.languages = _choices(request)  # type: ignore[attr-defined]
        response = answer()
    response.headers["Content-Language"] = language
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    if chosen and chosen != _remembered(request):
        response.set_cookie(
            _COOKIE, chosen, max_age=_REMEMBERED, httponly=True, secure=request.is_secure(), samesite="Lax"
        )
    return response


def chosen_now(request: HttpRequest) -> str:
    """The language that the address or the form names, "" where it names none that we have."""
    named = request.GET.get(PARAMETER) or (request.POST.get(PARAMETER) if request.method == "POST" else "") or ""
    return _known(named)


def _choices(request: HttpRequest) -> list[Choice]:
    """
    Every language with this page's address in it, without what was to be done once.

    None for a page that answers a form: asking for its address again would lose what was filled in.
    """
    if request.method not in ("GET", "HEAD"):
        return []
    spoken = translation.get_language()
    values = [(name, value) for name, found in request.GET.lists() if name not in (PARAMETER, MARK) for value in found]
    return [
        Choice(code, name, f"{request.path}?{urlencode([*values, (PARAMETER, code)])}", code == spoken)
        for code, name in settings.LANGUAGES
    ]


def _known(code: str) -> str:
    code = code.lower()
    return code if code in _LANGUAGES else ""


def _remembered(request: HttpRequest) -> str:
    return _known(request.COOKIES.get(_COOKIE, ""))


def _browsers(request: HttpRequest) -> str:
    """The first language that the browser asks for and we have, also in another country's variant."""
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()[:500]):
        if code == "*":
            return ""
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return ""


def _accounts(account: Account | None) -> str:
    return _known(account.language if account else "") or settings.LANGUAGE_CODE
