"""Settings → Roles & permissions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from slotdesk.domain.tenants.models import Account, Membership, Role
from slotdesk.domain.tenants.permissions import Permission, may
from tests.support.members import make_member, signed_in, text_of

SignIn = Callable[[str], Client]
URL = "/app/settings/roles/"


@pytest.fixture
def manager(account: Account) -> Role:
    return Role.objects.create(account=account, name="Manager", permissions=["types.view", "types.edit"])


def role_of(key: str) -> Role:
    return Role.objects.get(key=key)


class TestMatrix:
    def test_shows_every_role_and_permission(self, manager: Role, sign_in: SignIn) -> None:
        page = text_of(sign_in("administrator").get(URL))

        assert all(name in page for name in ("Administrator", "Dispatcher", "Finance", "Manager"))
        assert "deactivate a person, and hand over what is theirs" in page

    @pytest.mark.parametrize("role", ["dispatcher", "user", "finance"])
    def test_is_not_for_every_role(self, account: Account, sign_in: SignIn, role: str) -> None:
        assert sign_in(role).get(URL).status_code == 403


class TestEdit:
    def test_makes_a_role(self, account: Account, sign_in: SignIn) -> None:
        entered = {"name": "Coordinator", "permissions": ["requests.view_all", "users.edit"]}

        answer = sign_in("administrator").post(f"{URL}new/", entered)

        role = Role.objects.get(name="Coordinator")
        assert answer.status_code == 302
        assert may(role, Permission.USERS_VIEW)
        assert not may(role, Permission.USERS_ADD)

    def test_changes_a_built_in_role_but_not_its_name(self, account: Account, sign_in: SignIn) -> None:
        url = f"{URL}{role_of('finance').public_id}/"

        sign_in("administrator").post(url, {"name": "Money", "permissions": ["audit.view"]})

        assert (role_of("finance").name, role_of("finance").permissions) == ("Finance", ["audit.view"])

    @pytest.mark.parametrize("key", ["administrator", "user"])
    def test_leaves_the_fixed_roles_alone(self, account: Account, sign_in: SignIn, key: str) -> None:
        browser, url = sign_in("administrator"), f"{URL}{role_of(key).public_id}/"

        assert browser.post(url, {"name": "X", "permissions": []}).status_code == 403
        assert "Duplicate it" in text_of(browser.get(url))

    def test_begins_a_duplicate_with_what_the_other_allows(self, manager: Role, sign_in: SignIn) -> None:
        page = text_of(sign_in("administrator").get(f"{URL}new/?copy={manager.public_id}"))

        assert 'value="Copy of Manager"' in page
        assert 'value="types.edit" checked' in page
        assert 'value="types.delete" checked' not in page

    def test_refuses_a_permission_that_there_is_not_and_keeps_what_was_entered(
        self, account: Account, sign_in: SignIn
    ) -> None:
        entered = {"name": "Root", "permissions": ["types.view", "everything"]}

        answer = sign_in("administrator").post(f"{URL}new/", entered)

        assert answer.status_code == 422
        assert 'value="types.view" checked' in text_of(answer)
        assert not Role.objects.filter(name="Root").exists()

    def test_names_a_name_that_is_taken(self, manager: Role, sign_in: SignIn) -> None:
        answer = sign_in("administrator").post(f"{URL}new/", {"name": "manager", "permissions": []})

        assert answer.status_code == 422
        assert "Another role has this name" in text_of(answer)


class TestEscalation:
    @pytest.fixture
    def guard(self, account: Account, sign_in: SignIn) -> Client:
        """Somebody who may edit roles and types, and nothing else."""
        role = Role.objects.create(
            account=account, name="Guard", permissions=["security.view", "security.edit", "types.view", "types.edit"]
        )
        browser = sign_in("user")
        Membership.objects.filter(role__key="user").update(role=role)
        return browser

    def test_one_s_own_role_cannot_be_made_larger(self, guard: Client) -> None:
        role = Role.objects.get(name="Guard")

        answer = guard.post(f"{URL}{role.public_id}/", {"name": "Guard", "permissions": list(Permission)})

        role.refresh_from_db()
        assert answer.status_code == 403
        assert not may(role, Permission.INTEGRATIONS_EDIT)

    def test_no_role_can_be_made_that_allows_more(self, guard: Client) -> None:
        answer = guard.post(f"{URL}new/", {"name": "Backdoor", "permissions": ["integrations.edit"]})

        assert answer.status_code == 422
        assert not Role.objects.filter(name="Backdoor").exists()

    def test_what_one_may_not_give_stays_as_it_is_when_the_rest_is_edited(
        self, account: Account, guard: Client
    ) -> None:
        both = Role.objects.create(account=account, name="Both", permissions=["integrations.view", "types.view"])
        page = text_of(guard.get(f"{URL}{both.public_id}/"))
        assert '<input type="hidden" name="permissions" value="integrations.view">' in page

        guard.post(
            f"{URL}{both.public_id}/",
            {"name": "Both", "permissions": ["integrations.view", "types.view", "types.edit"]},
        )

        both.refresh_from_db()
        assert both.permissions == ["integrations.view", "types.edit", "types.view"]

    def test_nobody_makes_themselves_or_others_administrator(self, account: Account, guard: Client) -> None:
        member = make_member(account, "dispatcher")

        guard.post(f"/app/users/{member.public_id}/role/", {"role": role_of("administrator").public_id})

        member.refresh_from_db()
        assert member.role.key == "dispatcher"

    @pytest.mark.parametrize("path", ["company/", "company/removal/", "company/switch/", "company/tried/"])
    def test_nobody_but_an_administrator_names_the_provider_that_signs_people_in(
        self, guard: Client, path: str
    ) -> None:
        url = f"/app/settings/security/{path}"

        assert guard.post(url).status_code == (405 if path == "company/tried/" else 403)
        assert guard.get(url).status_code == (405 if path == "company/switch/" else 403)
        assert "Administrators alone set this up" in text_of(guard.get("/app/settings/security/"))


class TestDelete:
    def test_deletes_a_role_that_nobody_has(self, manager: Role, sign_in: SignIn) -> None:
        sign_in("administrator").post(f"{URL}{manager.public_id}/deletion/")

        assert not Role.objects.filter(pk=manager.pk).exists()

    def test_says_who_has_it(self, account: Account, manager: Role, sign_in: SignIn) -> None:
        member = make_member(account, "user")
        Membership.objects.filter(pk=member.pk).update(role=manager)

        answer = sign_in("administrator").post(f"{URL}{manager.public_id}/deletion/", follow=True)

        assert "while somebody has it: The user" in text_of(answer)
        assert Role.objects.filter(pk=manager.pk).exists()


class TestUsers:
    def test_gives_another_role_at_once(self, account: Account, sign_in: SignIn) -> None:
        browser, member = sign_in("administrator"), make_member(account, "user")
        assert "The user" in text_of(browser.get(f"{URL}users/"))

        browser.post(f"/app/users/{member.public_id}/role/", {"role": role_of("dispatcher").public_id})

        member.refresh_from_db()
        assert member.role.key == "dispatcher"

    def test_keeps_the_last_administrator(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        boss = Membership.objects.get()

        answer = browser.post(f"/app/users/{boss.public_id}/role/", {"role": role_of("user").public_id}, follow=True)

        assert "is the only administrator" in text_of(answer)

    def test_takes_no_role_of_another_account(self, account: Account, sign_in: SignIn) -> None:
        browser, member = sign_in("administrator"), make_member(account, "user")

        answer = browser.post(f"/app/users/{member.public_id}/role/", {"role": "role_of_somebody_else"}, follow=True)

        assert "Choose a role" in text_of(answer)

    def test_takes_no_form_of_another_site(self, account: Account) -> None:
        member = make_member(account, "user")
        browser = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")
        browser.cookies = signed_in(account).cookies

        answer = browser.post(f"/app/users/{member.public_id}/role/", {"role": role_of("dispatcher").public_id})

        assert answer.status_code == 403
