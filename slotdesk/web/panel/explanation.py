"""Why not this time?, for a request of the ticket. Nothing is read from the PSA but what the mirror has already."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from slotdesk.domain.booking.queries import list_requests_of_ticket
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.panel.access import by_panel_token
from slotdesk.web.panel.viewer import Viewer
from slotdesk.web.why_not import ask_why_not, may_be_asked


@require_GET
@by_panel_token(Permission.REQUESTS_VIEW_OWN)
def show(request: HttpRequest, viewer: Viewer, kind: str, ticket_id: str, public_id: str) -> HttpResponse:
    found = (
        list_requests_of_ticket(connection_id=viewer.connection.pk, ticket_kind=kind, ticket_id=ticket_id)
        .filter(public_id=public_id)
        .first()
    )
    if found is None or not may_be_asked(found):
        raise Http404
    why = ask_why_not(found, request.GET, zone=viewer.zone, now=timezone.now())
    return render(request, "panel/_explanation.html", {"why": why})
