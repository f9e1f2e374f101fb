"""Why not this time?, on a request's page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import access_request
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import clock_of, render_page
from slotdesk.web.why_not import ask_why_not, may_be_asked


@require_GET
@staff(Permission.REQUESTS_VIEW_OWN)
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """The answer alone for htmx, a page of its own for a browser without scripts."""
    member = request.member  # type: ignore[attr-defined]
    try:
        found = access_request(member, public_id)
    except SchedulingRequest.DoesNotExist:
        raise Http404 from None
    if not may_be_asked(found):
        raise Http404
    now = timezone.now()
    context = {"req": found, "why": ask_why_not(found, request.GET, zone=clock_of(member, now=now).zone, now=now)}
    is_fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    template = "staff/requests/_explanation.html" if is_fragment else "staff/requests/explanation.html"
    response = render_page(request, template, context, now=now)
    response.headers["Vary"] = "HX-Request"
    return response
