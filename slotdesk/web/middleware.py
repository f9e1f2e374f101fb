"""What every page passes through: who is believed about the client's address, what a page may load, one log line."""

from __future__ import annotations

import ipaddress
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Next = Callable[[HttpRequest], HttpResponse]
_log = structlog.get_logger("slotdesk.request")
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")

# Everything from ourselves, nothing inline. `data:` pictures are the icons inside third-party style sheets.
_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def allow_framing(response: HttpResponse, origins: tuple[str, ...]) -> HttpResponse:
    """Let pages of these origins frame this response, and nobody else."""
    response.csp_frame_ancestors = " ".join(origins) or "'none'"  # type: ignore[attr-defined]
    return response


class TrustedProxies:
    """Believe X-Forwarded-* from the listed proxies only, and then use the client's address they name."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        peer = request.META.get("REMOTE_ADDR", "")
        if not _is_trusted(peer):
            for name in _FORWARDED:
                request.META.pop(name, None)
        else:
            while chain and _is_trusted(peer):
                peer = chain.pop()
            request.META["REMOTE_ADDR"] = peer
        return self.get_response(request)


def _is_trusted(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in settings.TRUSTED_PROXIES)


class ContentSecurityPolicy:
    """Say what a page may load and who may frame it; a view widens framing with `allow_framing`."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        ancestors = getattr(response, "csp_frame_ancestors", None)
        policy = _POLICY if ancestors is None else _POLICY | {"frame-ancestors": ancestors}
        response.headers.setdefault(
            "Content-Security-Policy", "; ".join(f"{name} {value}" for name, value in policy.items())
        )
        if ancestors is None:
            response.headers.setdefault("X-Frame-Options", "DENY")
        return response


class English:
    """
    Speak English, whatever the browser asks for; pages for clients choose another language where they are opened, see
    web/language.py.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            return self.get_response(request)


class RequestLog:
    """One line a request, and an id that every line in between carries. Query strings stay out: links hold secrets."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=uuid.uuid4().hex)
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else ""
        _log.info(
            "request",
            method=request.method,
            route=route,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - started) * 1000, 1),
        )
        return response
