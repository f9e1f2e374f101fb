"""Where a member lands after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from slotdesk.domain.connections.queries import find_psa
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.web.access import staff


@staff(Permission.REQUESTS_VIEW_OWN)
def open_first_page(request: HttpRequest) -> HttpResponse:
    """The requests; for an administrator whose account has no PSA yet, the page that connects one."""
    role = request.member.role  # type: ignore[attr-defined]
    if may(role, Permission.INTEGRATIONS_EDIT) and find_psa() is None:
        return redirect("staff:integrations")
    return redirect("staff:requests")
