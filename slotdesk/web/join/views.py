"""
Accepting an invitation. The link is the key to it, and proves the address: it was sent there and nowhere else.

Whoever has no link learns nothing here, not even whether an address is known. Whoever holds one is told what to do.
"""

from __future__ import annotations

from contextlib import suppress

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from slotdesk.domain.people.invitations import (
    InvitationClosed,
    InvitationState,
    SignInFirst,
    WrongPerson,
    accept_invitation,
    find_invitation,
    state_of,
)
from slotdesk.domain.tenants.models import Invitation, Membership, User
from slotdesk.domain.tenants.queries import NotAMember, has_sign_in
from slotdesk.web.access import public
from slotdesk.web.active_account import switch_account
from slotdesk.web.join.forms import JoinForm


@require_http_methods(["GET", "POST"])
@public
@never_cache
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Somebody new chooses name and password; somebody who signs in already joins with one press."""
    invitation, now = find_invitation(secret), timezone.now()
    if invitation is None:
        return render(request, "join/unknown.html", status=404)
    state = state_of(invitation, now=now)
    if state != InvitationState.OPEN:
        return _closed(request, invitation, state)
    user = request.user if request.user.is_authenticated else None
    if user is not None and user.email.lower() != invitation.email.lower():
        return _wrong_person(request, invitation)
    is_known = has_sign_in(invitation.email)
    form = None if is_known else JoinForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and (user is not None or (form is not None and form.is_valid())):
        given = form.cleaned_data if form is not None else {}
        try:
            member = accept_invitation(invitation=invitation, user=user, **given, now=now)
        except InvitationClosed as error:
            return _closed(request, invitation, error.state)
        except WrongPerson:
            return _wrong_person(request, invitation)
        except SignInFirst:
            return redirect(request.path)
        return _welcome(request, member)
    context = {"invitation": invitation, "form": form, "is_known": is_known}
    return render(request, "join/accept.html", context, status=422 if form is not None and form.errors else 200)


def _welcome(request: HttpRequest, member: Membership) -> HttpResponse:
    user: User = member.user
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    if not request.user.is_authenticated:
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])  # with a new session: nobody else knows it
    with suppress(NotAMember):  # whoever came in through another firm stays in that firm's account
        switch_account(request, member.account.public_id)
    messages.success(request, gettext("Welcome to %(name)s.") % {"name": member.account.name})
    return redirect("staff:home")


def _closed(request: HttpRequest, invitation: Invitation, state: InvitationState) -> HttpResponse:
    context = {"state": state.value, "account_name": invitation.account.name}
    return render(request, "join/closed.html", context, status=410)


def _wrong_person(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    return render(request, "join/wrong_person.html", {"invitation": invitation}, status=403)
