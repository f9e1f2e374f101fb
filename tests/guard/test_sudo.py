"""What rules the account is done only by somebody who has just proved who they are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from slotdesk.domain.tenants.models import Account, User
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.domain.tenants.scope import active
from tests.guard.test_roles_by_route import address_of
from tests.guard.test_route_access import ACCESS
from tests.support.factories import make_account, make_connection
from tests.support.members import signed_in
from tests.support.routes import Route, all_routes

# Whoever may be in the account, and as what; how one signs in; what the account is connected with; its keys.
_AREAS = {"security", "integrations", "api_keys"}
_RIGHTS = {Permission.USERS_ADD, Permission.USERS_DELETE, Permission.USERS_RESET_SECOND_FACTOR}
# Why a form of these areas asks nobody again.
WITHOUT = {
    "staff:psa-sync": "reads what is connected already",
}


def rules(route: Route) -> bool:
    if ACCESS[route.name] == "member":  # what every member may do is their own affair
        return False
    permission = Permission(ACCESS[route.name])
    return permission.area in _AREAS or permission in _RIGHTS


ROUTES = [route for route in all_routes() if route.name.startswith("staff:") and rules(route)]


@pytest.fixture
def account(db: None) -> Iterator[Account]:
    account = make_account()
    with active(account):
        make_connection(account)
        yield account


@pytest.fixture
def long_ago(account: Account) -> Client:
    """An administrator who signed in two hours ago, with a password."""
    browser = signed_in(account)
    user = User.objects.get()
    user.set_password("correct horse battery")
    user.save()
    browser.force_login(user)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 7200}]
    session.save()
    return browser


def is_asked_again(answer: Any) -> bool:
    return bool(answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/reauthenticate/"))


class TestForms:
    def test_that_rule_the_account_ask_again_who_is_there(self, long_ago: Client) -> None:
        answers = {route.name: long_ago.post(address_of(route), {"any": "thing"}) for route in ROUTES}

        taken = {name for name, answer in answers.items() if answer.status_code != 405 and not is_asked_again(answer)}
        assert taken == set(WITHOUT)

    def test_are_those_one_thinks_of(self) -> None:
        named = {"invitation-new", "invitation-renewal", "user-role", "role", "role-new", "role-deletion", "psa"}
        named |= {"single-sign-on", "single-sign-on-switch", "second-factor", "join-domain-add", "user-deactivation"}

        assert {f"staff:{name}" for name in named} <= {route.name for route in ROUTES}
