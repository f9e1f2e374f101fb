"""Members of an account, signed in."""

from __future__ import annotations

import time
from typing import Any

from django.test import Client

from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account, Membership, Role, User
from slotdesk.domain.tenants.scope import active

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def make_member(account: Account, role: str = "administrator") -> Membership:
    user = User.objects.create_user(f"{role}-{User.objects.count()}@summit.example", name=f"The {role}")
    return give_place(account, user, role)


def give_place(account: Account, user: User, role: str = "administrator") -> Membership:
    """Give the user a place in the account, with a built-in role."""
    with active(account):
        return Membership.objects.create(account=account, user=user, role=Role.objects.get(key=role))


def signed_in(account: Account, role: str = "administrator", *, agent: Agent | None = None) -> Client:
    """Return the browser of a new member with the role, who is the agent if one is given."""
    member = make_member(account, role)
    if agent is not None:
        Agent.objects.filter(pk=agent.pk).update(membership=member)
    browser = Client(HTTP_HOST="localhost")
    sign_in(browser, member.user)
    return browser


def sign_in(browser: Client, user: User) -> None:
    """Sign the user in, this very moment, so that sensitive pages open."""
    browser.force_login(user, backend=_BACKEND)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def text_of(response: Any) -> str:
    """What a page says, as one line."""
    return " ".join(response.content.decode().split())
