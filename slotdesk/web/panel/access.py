"""Who may load the panel's fragments: whoever holds a token that the PSA's proof was exchanged for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from slotdesk.domain.connections.queries import find_connection_anywhere
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.domain.tenants.scope import active
from slotdesk.web.access import View
from slotdesk.web.panel.viewer import BadToken, SwitchedOff, get_viewer, read_token

_SCHEME = "Bearer "


def by_panel_token(permission: Permission) -> Callable[[View], View]:
    """
    A viewer of the panel with the permission may load this: `view(request, viewer, …)`, the account active.

    404 for an unknown connection; 401 without a good token, upon which the panel proves its viewer again; 403 for
    whoever may not. There is no cookie, so there is nothing that another site could misuse.
    """

    def wear(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, connection_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
            connection = find_connection_anywhere(connection_id)
            if connection is None:
                raise Http404
            header = request.headers.get("Authorization", "")
            try:
                if not header.startswith(_SCHEME):
                    raise BadToken
                said = read_token(header.removeprefix(_SCHEME), connection=connection)
            except BadToken:
                return render(
                    request, "panel/_problem.html", {"text": gettext("Please reload the ticket.")}, status=401
                )
            with active(connection.account):
                try:
                    viewer = get_viewer(connection=connection, member_id=said.member, name=said.name)
                except SwitchedOff:
                    text = gettext("You are switched off in Slotdesk. Your administrator can change that.")
                    return render(request, "panel/_problem.html", {"text": text}, status=403)
                if not viewer.may(permission):
                    text = gettext("Your role in Slotdesk does not include this.")
                    return render(request, "panel/_problem.html", {"text": text}, status=403)
                response = view(request, viewer, *args, **kwargs)
            response.headers["Cache-Control"] = "no-store"
            return response

        opened.access = f"panel token, {permission}"  # type: ignore[attr-defined]
        return csrf_exempt(opened)

    return wear
