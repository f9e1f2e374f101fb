"""
Who may open a page. Every view of ours wears one of these; a guard test walks all routes and refuses one without.

    @public              anybody
    @by_request_link     whoever holds a client's link; the view gets the request
    @by_public_link      anybody who knows the public address of somebody who can be booked; the view gets the link
    @by_alert_link       whoever holds the link of somebody who waits for a time to open; the view gets the alert
    @by_page_link        the same for a person's or team's own page; the view gets the page
    @signed_in           anybody who is signed in, whichever account they look at; no account is active
    @any_member          a signed-in member whose role allows anything at all; the view gets the member
    @staff(permission)   a signed-in member whose role has the permission; the view gets the member

Inside a view the account is active, so its queries see that account's rows only. The three kinds of pages for clients
speak the client's language, all others English.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.gzip import gzip_page

from slotdesk.domain.booking.client import choose_language
from slotdesk.domain.booking.queries import find_request_by_token
from slotdesk.domain.links.finding import find_account, find_link
from slotdesk.domain.links.openings import find_alert
from slotdesk.domain.links.pages import find_page
from slotdesk.domain.tenants.models import Account, Role
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.domain.tenants.queries import NotAMember
from slotdesk.domain.tenants.scope import active
from slotdesk.web.active_account import PlaceEnded, current_member
from slotdesk.web.entry import find_obstacle
from slotdesk.web.framing import let_be_framed, open_frame
from slotdesk.web.language import chosen_now, in_their_language
from slotdesk.web.public.outcomes import UNKNOWN, say

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """Anybody may open this page; no account is active in it."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anybody who is signed in may open this page; no account is active in it."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login("/app/")
        return view(request, *args, **kwargs)

    opened.access = "signed in"  # type: ignore[attr-defined]
    return opened


def by_request_link(view: View) -> View:
    """Whoever holds the link `…/<token>/` may open this page: `view(request, scheduling_request, …)`. 404 otherwise."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        scheduling_request = find_request_by_token(token)
        if scheduling_request is None:
            return _leads_nowhere(request, None)
        with active(scheduling_request.account):
            websites = open_frame(request, scheduling_request.account)
            if chosen := chosen_now(request):
                choose_language(request=scheduling_request, language=chosen)
            response = in_their_language(
                request,
                scheduling_request.account,
                lambda: view(request, scheduling_request, *args, **kwargs),
                stored=scheduling_request.language,
            )
            let_be_framed(response, websites)
            # The link is the only key to this page: neither caches nor other sites may learn it.
            response.headers["Cache-Control"] = "no-store"
            response.headers["Referrer-Policy"] = "no-referrer"
            return response

    opened.access = "request link"  # type: ignore[attr-defined]
    # No cookie and no secret of ours stands in such a page that its address does not hold: its length tells nothing.
    return gzip_page(opened)


def by_public_link(view: View) -> View:
    """
    Anybody may open `…/<resources>/<appointment type>/…`: `view(request, link, …)`. 404 where it leads nowhere.

    Pages of a link that knows who opens it are no more for caches and other sites than a request's own.
    """

    @wraps(view)
    def opened(
        request: HttpRequest, resources: str, type_slug: str, *args: Any, account: str = "", **kwargs: Any
    ) -> HttpResponse:
        found = find_account(account.lower())
        if found is None:
            return _leads_nowhere(request, None)
        with active(found):
            websites = open_frame(request, found)
            link = find_link(found, resources.lower().split(","), type_slug.lower())
            if link is None:
                response = _leads_nowhere(request, found)
            else:
                response = in_their_language(request, found, lambda: view(request, link, *args, **kwargs))
            let_be_framed(response, websites)
            response.headers["Cache-Control"] = "no-store"
            response.headers["Referrer-Policy"] = "no-referrer"
            return response

    opened.access = "public link"  # type: ignore[attr-defined]
    return gzip_page(opened)


def by_alert_link(view: View) -> View:
    """Whoever holds the link `…/<token>/` may open this page: `view(request, alert)`. 404 otherwise."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        alert = find_alert(token)
        if alert is None:
            return _leads_nowhere(request, None)
        with active(alert.account):
            websites = open_frame(request, alert.account)
            response = in_their_language(request, alert.account, lambda: view(request, alert), stored=alert.language)
            let_be_framed(response, websites)
            response.headers["Cache-Control"] = "no-store"
            response.headers["Referrer-Policy"] = "no-referrer"
            return response

    opened.access = "alert link"  # type: ignore[attr-defined]
    return gzip_page(opened)


def by_page_link(view: View) -> View:
    """Anybody may open `…/<person or team>/`: `view(request, page)`. 404 where nobody's page is on."""

    @wraps(view)
    def opened(request: HttpRequest, resource: str, account: str = "") -> HttpResponse:
        found = find_account(account.lower())
        if found is None:
            return _leads_nowhere(request, None)
        with active(found):
            websites = open_frame(request, found)
            page = find_page(resource.lower())
            if page is None:
                response = _leads_nowhere(request, found)
            else:
                response = in_their_language(request, found, lambda: view(request, page))
            let_be_framed(response, websites)
            # What is changed or switched off is so with the next look.
            response.headers["Cache-Control"] = "no-cache"
            return response

    opened.access = "public link"  # type: ignore[attr-defined]
    return gzip_page(opened)


def _leads_nowhere(request: HttpRequest, account: Account | None) -> HttpResponse:
    return in_their_language(request, account, lambda: say(request, UNKNOWN, account=account))


def any_member(view: View) -> View:
    """A signed-in member may open this page, unless their role allows nothing: `view(request, …)` as by `staff`."""
    return _for_members(lambda role: bool(role.granted), "member")(view)


def staff(permission: Permission) -> Callable[[View], View]:
    """A signed-in member with the permission may open this page: `view(request, …)`, with `request.member` set."""
    return _for_members(lambda role: may(role, permission), permission)


def _for_members(is_allowed: Callable[[Role], bool], access: str) -> Callable[[View], View]:
    def wear(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            try:
                member = current_member(request)
            except NotAMember:
                raise PermissionDenied from None
            except PlaceEnded:
                messages.error(
                    request, pgettext("staff", "You have no place any more in the account that you were looking at.")
                )
                return redirect("staff:home")
            if not is_allowed(member.role):
                raise PermissionDenied
            request.member = member  # type: ignore[attr-defined]
            with active(member.account):
                return find_obstacle(request, member, now=timezone.now()) or view(request, *args, **kwargs)

        opened.access = access  # type: ignore[attr-defined]
        return opened  # type: ignore[return-value]

    return wear
