"""
Every staff page as every built-in role: let in or refused exactly as the permission table says.

A page is let in when it answers anything but 403; what it then does with an empty form is its own matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.permissions import DEFAULTS, BuiltIn, Permission
from slotdesk.domain.tenants.scope import active
from tests.guard.test_route_access import ACCESS
from tests.support.factories import make_account
from tests.support.members import signed_in
from tests.support.routes import Route, all_routes

STAFF = [route for route in all_routes() if route.name.startswith("staff:")]
# Nobody and nothing has this id: whoever is let in is told 404, which is not 403.
_NOTHING: dict[str, Any] = {"kind": "connectwise"}


@pytest.fixture
def account(db: None) -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


class TestStaffPages:
    @pytest.mark.parametrize("role", list(BuiltIn))
    def test_let_in_whom_the_table_lets_in(self, account: Account, role: BuiltIn) -> None:
        browser = signed_in(account, role)
        wrong = []
        for route in STAFF:
            refused = opened(browser, route).status_code == 403
            if refused is is_allowed(role, ACCESS[route.name]):
                wrong.append(f"{route.name}: {'refused' if refused else 'let in'}")

        assert wrong == []

    @pytest.mark.parametrize("role", list(BuiltIn))
    def test_take_forms_from_nobody_whom_they_do_not_let_in(self, account: Account, role: BuiltIn) -> None:
        browser = signed_in(account, role)
        open_to = [
            route.name
            for route in STAFF
            if not is_allowed(role, ACCESS[route.name])
            and browser.post(address_of(route)).status_code not in (403, 405)
        ]

        assert open_to == []

    def test_send_whoever_is_not_signed_in_to_the_sign_in_page(self, account: Account) -> None:
        strangers = {route.name: opened(Client(HTTP_HOST="localhost"), route) for route in STAFF}

        assert {name for name, answer in strangers.items() if answer.status_code != 302} == set()
        assert {answer["Location"].partition("?")[0] for answer in strangers.values()} == {"/accounts/login/"}


class TestTheTable:
    @pytest.mark.parametrize("role", [BuiltIn.DISPATCHER, BuiltIn.USER, BuiltIn.FINANCE])
    def test_lets_nobody_but_administrators_at_what_rules_the_account(self, role: BuiltIn) -> None:
        ruling = {each for each in Permission if each.area in ("security", "integrations", "api_keys", "privacy")}

        assert not ruling & DEFAULTS[role]


def opened(browser: Client, route: Route) -> Any:
    """What the page answers; one that takes forms alone is sent an empty one."""
    answer = browser.get(address_of(route))
    return browser.post(address_of(route)) if answer.status_code == 405 else answer


def is_allowed(role: BuiltIn, access: str) -> bool:
    if access == "member":
        return True
    permission = Permission(access)
    return bool({permission, Permission(_for_all(permission))} & DEFAULTS[role])


def _for_all(permission: Permission) -> str:
    for_all = permission.value.replace("_own", "_all")
    return for_all if for_all in list(Permission) else permission.value


def address_of(route: Route) -> str:
    values = {name: _NOTHING.get(name, 1 if "int:" + name in route.path else "nothing") for name in route.arguments}
    return reverse(route.name, kwargs=values)
