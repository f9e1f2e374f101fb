"""Where a person is signed in: ending one of their sessions. The list itself is django-allauth's."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from slotdesk.domain.sign_in.sessions import end_session
from slotdesk.domain.tenants.models import User
from slotdesk.web.access import signed_in


@require_POST
@signed_in
def end(request: HttpRequest, session_id: int) -> HttpResponse:
    """Whoever holds it is nobody with the next click; a session that is not theirs is none."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 — for mypy; the decorator has asked whether somebody is signed in
    if end_session(user_id=user.pk, session_id=session_id):
        messages.success(request, gettext("Signed out there."))
    else:
        messages.error(request, gettext("That session is over already."))
    return redirect("usersessions_list")
