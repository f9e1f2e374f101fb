"""Vendors telling us of changes: verify, keep, answer. The work is a job's."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from slotdesk.domain.connections.inbound import receive_call
from slotdesk.domain.connections.queries import find_connection_anywhere
from slotdesk.domain.tenants.scope import active
from slotdesk.hooks.access import by_vendor_signature
from slotdesk.ports import errors

_MOST_BYTES = 256 * 1024


@require_POST
@by_vendor_signature
def receive(request: HttpRequest, connection_id: str) -> HttpResponse:
    """
    204 kept; 401 the signature is wrong; 404 unknown address; 413 too big.

    400 it cannot be read; 503 it cannot be verified just now, so that the vendor sends it again.
    """
    connection = find_connection_anywhere(connection_id)
    if connection is None:
        raise Http404
    body = _read(request)
    if body is None:
        return HttpResponse(status=413)
    try:
        with active(connection.account):
            receive_call(connection=connection, headers=request.headers, body=body, now=timezone.now())
    except errors.NotAuthorized:
        return HttpResponse(status=401)
    except (errors.Unreachable, errors.RateLimited):
        return HttpResponse(status=503)
    except errors.PortError:
        return HttpResponse(status=400)
    return HttpResponse(status=204)


def _read(request: HttpRequest) -> bytes | None:
    """The body, or None when it is too big; it is not read further than that."""
    body = request.read(_MOST_BYTES + 1)
    return body if len(body) <= _MOST_BYTES else None
