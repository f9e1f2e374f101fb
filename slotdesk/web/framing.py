"""
Clients' pages inside a frame of another website.

An account says which websites may have them in a frame; browsers keep to that by the content security policy. In a
frame a page does without the account's header, and its script tells the website what happened, see public/frame.html.
"""

from __future__ import annotations

import json
from collections.abc import Container
from dataclasses import dataclass, field
from http.cookies import Morsel
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from slotdesk.domain.tenants.models import Account
from slotdesk.web.middleware import allow_framing

# Browsers say of every page that they open, also of the next step and after a form, what it is to be shown in.
_HEADER, _FRAMES = "Sec-Fetch-Dest", ("iframe", "frame")
# What a website's script adds, for browsers that do not say it: then at least the first page is right.
_MARK = "embed"


@dataclass(slots=True)
class Frame:
    """
    The frame that a page is about to be shown in.

    websites   who may hold it: they alone are told anything
    news       what the page is to tell: {"kind": "booked", ...}, see framing.tell
    """

    websites: tuple[str, ...]
    news: dict[str, Any] = field(default_factory=dict)

    def news_as_json(self) -> str:
        return json.dumps(self.news)


def open_frame(request: HttpRequest, account: Account) -> tuple[str, ...]:
    """Find out whether the page comes into a frame, and return the websites that may have it in one."""
    websites = tuple(account.profile.websites) if hasattr(account, "profile") else ()
    is_framed = request.headers.get(_HEADER) in _FRAMES or _MARK in request.GET
    request.frame = Frame(websites) if websites and is_framed else None  # type: ignore[attr-defined]
    return websites


def let_be_framed(response: HttpResponse, websites: tuple[str, ...]) -> None:
    """Let these websites show the page in a frame, and ourselves, so that staff can look at it; nobody else may."""
    if websites:
        allow_framing(response, ("'self'", *websites))
        patch_vary_headers(response, [_HEADER])


def frame_of(request: HttpRequest) -> Frame | None:
    """The frame that the page is about to be shown in; None when it is none, or nobody may have one."""
    return getattr(request, "frame", None)


class _Partitioned(Morsel[str]):
    """A cookie with an attribute that Python does not know yet."""

    def OutputString(self, attrs: Container[str] | None = None) -> str:  # noqa: N802 — Python's name
        return f"{super().OutputString(attrs)}; Partitioned"


def set_partitioned_cookie(response: HttpResponse, name: str, value: str, *, max_age: int) -> None:
    """
    Set a cookie that browsers give back only in frames of the same website, where they block all others.

    No other website's page can have it sent along, so it may be SameSite=None. It takes https.
    """
    response.set_cookie(name, value, max_age=max_age, httponly=True, secure=True, samesite="None")
    plain, cookie = response.cookies[name], _Partitioned()
    cookie.update(plain)
    cookie.set(name, plain.value, plain.coded_value)
    response.cookies[name] = cookie


def tell(request: HttpRequest, kind: str, **details: Any) -> None:
    """Have the page tell the website around it what has happened; nothing where there is no frame."""
    frame = frame_of(request)
    if frame is not None:
        frame.news = {"kind": kind, **details}
