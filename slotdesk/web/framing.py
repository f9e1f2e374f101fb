"""
Clients' pages inside a frame of another website.

An account says which websites may have them in a frame; browsers keep to that by the content security policy. In a
frame a page does without the account's header, and its script tells the website what happened, see public/frame.html.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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


def tell(request: HttpRequest, kind: str, **details: Any) -> None:
    """Have the page tell the website around it what has happened; nothing where there is no frame."""
    frame = frame_of(request)
    if frame is not None:
        frame.news = {"kind": kind, **details}
