"""Where a member lands after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from slotdesk.domain.connections.queries import find_psa
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.web.access import any_member
from slotdesk.web.staff.menu import MENU, SETTINGS, open_to


@any_member
def open_first_page(request: HttpRequest) -> HttpResponse:
    """
    The first of the menu that their role opens; for an administrator whose account has no PSA yet, the page that
    connects one. Whose role opens nothing of the menu still has their own name and language.
    """
    role = request.member.role  # type: ignore[attr-defined]
    if may(role, Permission.INTEGRATIONS_EDIT) and find_psa() is None:
        return redirect("staff:integrations")
    pages = open_to(role, (*MENU, *SETTINGS))
    return redirect(pages[0].route if pages else "staff:profile")
