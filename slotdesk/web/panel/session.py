"""Proving the viewer: the PSA's claims for a token."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from slotdesk.domain.connections.queries import find_connection_anywhere, prove_viewer
from slotdesk.domain.tenants.scope import active
from slotdesk.ports import errors
from slotdesk.web.access import public
from slotdesk.web.panel.throttle import is_throttled, note_failure, retry_after
from slotdesk.web.panel.viewer import LIFETIME, SwitchedOff, get_viewer, sign_token

_MOST_BYTES = 16_000


@csrf_exempt
@require_POST
@public
def create(request: HttpRequest, connection_id: str) -> JsonResponse:
    """
    JSON {"claims": {name: text}} → {"token", "expires_in" (seconds)}.

    400 unreadable; 403 the PSA does not confirm them, or they are switched off; 429 too many failures; 503 the PSA
    cannot be asked now. Errors are {"error": text for the viewer}.
    """
    connection = find_connection_anywhere(connection_id)
    if connection is None:
        raise Http404
    address = request.META.get("REMOTE_ADDR", "")
    if is_throttled(connection_id=connection_id, address=address):
        response = _refuse(gettext("Too many failed tries. Wait a few minutes, then reload the ticket."), 429)
        response.headers["Retry-After"] = str(retry_after())
        return response
    claims = _read_claims(request)
    if claims is None:
        return _refuse(gettext("The panel sent something unreadable. Reload the ticket."), 400)
    try:
        with active(connection.account):
            proved = prove_viewer(connection, claims)
            get_viewer(connection=connection, member_id=proved.member_id, name=proved.name)
    except errors.NotAuthorized as error:
        note_failure(connection_id=connection_id, address=address)
        return _refuse(str(error), 403)
    except SwitchedOff:
        return _refuse(gettext("You are switched off in Slotdesk. Your administrator can change that."), 403)
    except errors.PortError:
        return _refuse(gettext("The PSA cannot be asked who you are right now. Try again in a minute."), 503)
    token = sign_token(connection=connection, member_id=proved.member_id, name=proved.name)
    response = JsonResponse({"token": token, "expires_in": int(LIFETIME.total_seconds())})
    response.headers["Cache-Control"] = "no-store"
    return response


def _read_claims(request: HttpRequest) -> dict[str, str] | None:
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        return None
    try:
        claims = json.loads(request.body)["claims"]
    except (ValueError, TypeError, KeyError):
        return None
    if not isinstance(claims, dict) or not all(isinstance(value, str) for value in claims.values()):
        return None
    return claims


def _refuse(text: str, status: int) -> JsonResponse:
    return JsonResponse({"error": text}, status=status)
