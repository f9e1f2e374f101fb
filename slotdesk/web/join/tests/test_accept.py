"""Accepting an invitation, and everything that somebody might try with its link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from slotdesk.domain.people.invitations import LIFETIME, invitation_link, renew_invitation, revoke_invitation
from slotdesk.domain.tenants.models import Account, Invitation, Membership, Role, User
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.support.factories import NOW, make_account, make_invitation
from tests.support.members import give_place, sign_in, text_of

ENTERED = {"name": "Ann Lee", "password": "correct horse battery"}


@pytest.fixture(autouse=True)
def account(db: None) -> Iterator[Account]:
    with time_machine.travel(NOW, tick=False):
        yield make_account()


@pytest.fixture
def invitation(account: Account) -> Invitation:
    with active(account):
        return make_invitation(account)


@pytest.fixture
def path(invitation: Invitation) -> str:
    return "/join/" + invitation_link(invitation).partition("/join/")[2]


@pytest.fixture
def browser() -> Client:
    return Client(HTTP_HOST="localhost")


def members() -> list[str]:
    with all_accounts():
        return list(Membership.objects.values_list("user__email", flat=True))


class TestSomebodyNew:
    def test_joins_and_is_signed_in_at_once(self, path: str, browser: Client) -> None:
        assert "Summit MSP" in text_of(browser.get(path))

        answer = browser.post(path, ENTERED)

        user = User.objects.get(email="ann@summit.example")
        assert (answer.status_code, answer["Location"]) == (302, "/app/")
        assert members() == ["ann@summit.example"]
        assert browser.session["_auth_user_id"] == str(user.pk)
        assert EmailAddress.objects.get(user=user).verified

    def test_gets_a_session_that_nobody_knew_before(self, path: str, browser: Client) -> None:
        session = browser.session
        session["planted"] = "by somebody else"
        session.save()
        before = session.session_key

        browser.post(path, ENTERED)

        assert browser.session.session_key != before

    @pytest.mark.parametrize(
        ("entered", "words"),
        [
            ({"password": "short"}, "too short"),
            ({"password": "password1234"}, "too common"),
            ({"password": "ann@summit.example"}, "too similar"),
            ({"name": " "}, "This field is required"),
            ({"name": "Ann Lee (Client)"}, "how the history marks clients"),
        ],
    )
    def test_is_told_what_is_wrong_and_keeps_the_link(
        self, path: str, browser: Client, entered: dict[str, str], words: str
    ) -> None:
        answer = browser.post(path, ENTERED | entered)

        assert answer.status_code == 422
        assert words in text_of(answer)
        assert members() == []
        assert browser.post(path, ENTERED).status_code == 302

    def test_cannot_choose_role_address_or_account(self, path: str, account: Account, browser: Client) -> None:
        with active(account):
            administrator = Role.objects.get(key="administrator")

        browser.post(
            path, ENTERED | {"role": administrator.public_id, "email": "eve@evil.example", "account": "another"}
        )

        with active(account):
            assert Membership.objects.get().role.key == "user"
        assert members() == ["ann@summit.example"]


class TestSomebodyKnown:
    @pytest.fixture
    def ann(self) -> User:
        return User.objects.create_user("Ann@summit.example", "her own password", name="Ann")

    def test_signs_in_first_and_comes_back(self, ann: User, path: str, browser: Client) -> None:
        page = text_of(browser.get(path))
        assert f'href="/accounts/login/?next={path}"' in page
        assert 'name="password"' not in page

        answer = browser.post(f"/accounts/login/?next={path}", {"login": ann.email, "password": "her own password"})

        assert answer["Location"] == path
        assert browser.post(path).status_code == 302
        assert members() == ["ann@summit.example"]

    def test_is_at_the_new_account_at_once(self, ann: User, path: str, browser: Client) -> None:
        give_place(make_account("First MSP"), ann)
        sign_in(browser, ann)
        assert "First MSP" in text_of(browser.get("/app/requests/"))

        browser.post(path)

        page = text_of(browser.get("/app/requests/"))
        assert "Welcome to Summit MSP" in page
        assert "<span>Summit MSP</span>" in page

    def test_gets_no_other_password_from_whoever_has_the_link(self, ann: User, path: str, browser: Client) -> None:
        answer = browser.post(path, ENTERED)

        ann.refresh_from_db()
        assert answer.status_code == 200
        assert ann.check_password("her own password")
        assert members() == []

    def test_is_not_somebody_else_who_is_signed_in(self, ann: User, path: str, browser: Client) -> None:
        sign_in(browser, User.objects.create_user("eve@summit.example", name="Eve"))

        for answer in (browser.get(path), browser.post(path)):
            assert answer.status_code == 403
            assert "is for somebody else" in text_of(answer)
        assert members() == []


class TestTheLink:
    def test_works_once(self, path: str, browser: Client) -> None:
        browser.post(path, ENTERED)

        answer = Client(HTTP_HOST="localhost").post(path, {"name": "Eve", "password": "another good password"})

        assert answer.status_code == 410
        assert "was accepted" in text_of(answer)
        assert members() == ["ann@summit.example"]

    def test_runs_out(self, path: str, browser: Client) -> None:
        with time_machine.travel(NOW + LIFETIME, tick=False):
            answer = browser.post(path, ENTERED)

        assert answer.status_code == 410
        assert "has run out" in text_of(answer)
        assert members() == []

    def test_is_dead_when_taken_back(
        self, account: Account, invitation: Invitation, path: str, browser: Client
    ) -> None:
        with active(account):
            revoke_invitation(invitation=invitation, actor="Bo", now=NOW)

        assert "was taken back" in text_of(browser.get(path))
        assert browser.post(path, ENTERED).status_code == 410

    def test_is_dead_when_a_newer_one_was_sent(
        self, account: Account, invitation: Invitation, path: str, browser: Client
    ) -> None:
        with active(account):
            boss = Role.objects.get(key="administrator")
            renew_invitation(invitation=invitation, by=boss, actor="Bo", now=NOW + timedelta(hours=1))

        answer = browser.post(path, ENTERED)

        assert answer.status_code == 404
        assert "opens nothing" in text_of(answer)

    @pytest.mark.parametrize("secret", ["x", "0" * 64, "ann"])
    def test_cannot_be_guessed_and_tells_nothing(self, invitation: Invitation, browser: Client, secret: str) -> None:
        answer = browser.get(f"/join/{secret}/")

        assert answer.status_code == 404
        assert "ann@summit.example" not in text_of(answer)

    def test_is_kept_by_no_cache(self, path: str, browser: Client) -> None:
        assert "no-store" in browser.get(path)["Cache-Control"]

    def test_takes_no_form_of_another_site(self, path: str) -> None:
        assert Client(enforce_csrf_checks=True, HTTP_HOST="localhost").post(path, ENTERED).status_code == 403

    def test_leads_nowhere_but_to_the_staff_app(self, path: str, browser: Client) -> None:
        answer = browser.post(f"{path}?next=https://evil.example/", ENTERED | {"next": "https://evil.example/"})

        assert answer["Location"] == "/app/"

    def test_names_our_own_host_whatever_the_caller_says(self, account: Account, invitation: Invitation) -> None:
        assert Client().get("/join/x/", HTTP_HOST="evil.example").status_code == 400
        assert "evil.example" not in invitation_link(invitation)
