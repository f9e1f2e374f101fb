"""Sensitive pages ask again who is there, however long ago the session began."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext

# How long a sign-in is remembered. A form with secrets in it was asked for before it was filled in, and is not kept
# while its sender signs in again, because what is kept lies open in the session; so it has longer.
_RECENT = timedelta(minutes=15)
_RECENT_FOR_SECRETS = timedelta(hours=1)

View = Callable[..., HttpResponse]


def sudo(view: View) -> View:
    """Open the page only to somebody who proved within 15 minutes who they are. What they post meanwhile is kept."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return ask_again(request) or view(request, *args, **kwargs)

    return opened


def sudo_to_change(view: View) -> View:
    """As `sudo`, for a page that many may look at: what is sent asks, what is read does not."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return (ask_again(request) if request.method == "POST" else None) or view(request, *args, **kwargs)

    return opened


def sudo_with_secrets(view: View) -> View:
    """As `sudo`, for a form that holds secrets: an hour to send it, after which it has to be filled in again."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return ask_again(request, has_secrets=True) or view(request, *args, **kwargs)

    return opened


def ask_again(request: HttpRequest, *, has_secrets: bool = False) -> HttpResponse | None:
    """
    Return the page that asks who is there; None when that is known. Raises ReauthenticationRequired.

    The exception leads to the password, the code or the passkey, and back. Somebody who has none of them came through
    their firm, and is sent there again.
    """
    is_secret_sent = has_secrets and request.method == "POST"
    if _is_recent(request, _RECENT_FOR_SECRETS if is_secret_sent else _RECENT):
        return None
    provider, path = came_through(request), request.get_full_path()
    methods = get_adapter().get_reauthentication_methods(request.user)
    if provider or not methods:
        return render(request, "account/again.html", {"next": path, "provider": provider}, status=403)
    if is_secret_sent:
        messages.error(
            request,
            pgettext("staff", "Not saved: too much time had passed since you signed in. Please fill it in again."),
        )
        return redirect(f"{methods[0]['url']}?{urlencode({'next': path})}")
    raise ReauthenticationRequired


def came_through(request: HttpRequest) -> str:
    """The public id of the single sign-on that this session began with; empty for any other way."""
    records = get_authentication_records(request, request.user)
    return next((str(each.get("provider")) for each in records if each["method"] == "socialaccount"), "")


def _is_recent(request: HttpRequest, within: timedelta) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < within.total_seconds()
