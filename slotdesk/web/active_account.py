"""
Which of their accounts a person looks at, for those who have a place in several.

The session keeps the choice; that they have a place there is asked with every request. When the account under a session
changes, the forms in its open pages die with it (their CSRF token), so that what was filled in for one account is
never stored in another.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from slotdesk.domain.sign_in.single_sign_on import find_by_id
from slotdesk.domain.tenants.models import Membership, User
from slotdesk.domain.tenants.queries import NotAMember, get_membership, list_places
from slotdesk.web.sudo import came_through

_KEY = "active_account"


class PlaceEnded(Exception):
    """The person has no place any more in the account that they were looking at; their next page is another's."""


def current_member(request: HttpRequest) -> Membership:
    """
    Return the signed-in person's place in the account that they look at: the one they chose, else their first.

    A session that a firm's provider opened is for that firm's account. Raises NotAMember, PlaceEnded.
    """
    user = _user(request)
    provider = came_through(request)
    if provider:
        single_sign_on = find_by_id(provider)
        return get_membership(user=user, account_id=single_sign_on.account.public_id if single_sign_on else "")
    chosen = request.session.get(_KEY, "")
    try:
        member = get_membership(user=user, account_id=chosen)
    except NotAMember:
        if chosen:
            del request.session[_KEY]
            rotate_token(request)
            get_membership(user=user)  # whoever has no other place is told so
            raise PlaceEnded from None
        raise
    if not chosen:
        request.session[_KEY] = member.account.public_id
    return member


def list_other_places(request: HttpRequest, member: Membership) -> list[Membership]:
    """Where else the person may go from here; nowhere in a session that a firm's provider opened."""
    if came_through(request):
        return []
    return [place for place in list_places(_user(request)) if place.pk != member.pk]


def switch_account(request: HttpRequest, account_id: str) -> Membership:
    """Look at another account from now on. Raises NotAMember, also for a session that a firm's provider opened."""
    if came_through(request) or not account_id:
        raise NotAMember(account_id)
    member = get_membership(user=_user(request), account_id=account_id)
    request.session[_KEY] = member.account.public_id
    rotate_token(request)
    return member


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 — for mypy; callers have asked whether somebody is signed in
    return user
