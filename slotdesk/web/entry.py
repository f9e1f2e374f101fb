"""
What a signed-in member must still do before a staff page opens.

Two rules of the account's: to sign in through the firm, when that is the only way, and to have a second factor. The
provider that signs a person in through their firm answers for the second factor.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from slotdesk.domain.sign_in.second_factor import find_deadline
from slotdesk.domain.sign_in.single_sign_on import find_single_sign_on
from slotdesk.domain.tenants.models import Membership
from slotdesk.domain.tenants.permissions import BuiltIn
from slotdesk.web.sudo import came_through


def find_obstacle(request: HttpRequest, member: Membership, *, now: datetime) -> HttpResponse | None:
    """
    Return where the member must go first; None when nothing is in the way. The member's account is active.

    Raises PermissionDenied for a session that another account's provider has opened.
    """
    provider = came_through(request)
    single_sign_on = find_single_sign_on()
    if provider:
        if single_sign_on is None or single_sign_on.public_id != provider:
            raise PermissionDenied
        if not single_sign_on.is_on:
            logout(request)
            return redirect_to_login(request.get_full_path())
        return None
    is_bound = single_sign_on is not None and single_sign_on.is_on and single_sign_on.is_required
    if is_bound and member.role.key != BuiltIn.ADMINISTRATOR:
        logout(request)
        return redirect("single_sign_on_firm", member.account.slug)
    deadline = find_deadline(member)
    return redirect("mfa_index") if deadline is not None and deadline <= now else None
