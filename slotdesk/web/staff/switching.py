"""From one account to another, for people who have a place in several."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from slotdesk.domain.tenants.queries import NotAMember
from slotdesk.web.access import signed_in
from slotdesk.web.active_account import switch_account


@require_POST
@signed_in
def switch(request: HttpRequest) -> HttpResponse:
    """To the first page of the other account: the page that they come from is about something of this one."""
    try:
        member = switch_account(request, request.POST.get("account", ""))
    except NotAMember:
        raise PermissionDenied from None
    messages.success(request, gettext("You are at %(name)s now.") % {"name": member.account.name})
    return redirect("staff:home")
