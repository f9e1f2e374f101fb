"""Signing in and out, two steps, and what each role finds in the menu."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from slotdesk.domain.sign_in.mails import SEND_PASSWORD_LINK, send_password_link
from slotdesk.domain.tenants.models import Account, Membership, Role, User
from tests.support.members import give_place, signed_in, text_of

EMAIL, PASSWORD = "alex@summit.example", "correct horse battery"


@pytest.fixture
def alex(account: Account) -> User:
    user = User.objects.create_user(EMAIL, PASSWORD, name="Alex Stone")
    give_place(account, user, "administrator")
    return user


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests(db: None) -> None:
    cache.clear()


def sign_in(browser: Client, password: str = PASSWORD) -> str:
    return text_of(browser.post("/accounts/login/", {"login": EMAIL, "password": password}, follow=True))


class TestSignIn:
    def test_leads_to_the_app(self, alex: User) -> None:
        page = sign_in(Client())

        assert "Alex Stone" in page
        assert "Connect it" in page

    def test_refuses_a_wrong_password_in_plain_words(self, alex: User) -> None:
        page = sign_in(Client(), "wrong")

        assert "not correct" in page
        assert "Alex Stone" not in page

    def test_comes_first_and_leads_back(self, alex: User) -> None:
        browser = Client()

        answer = browser.get("/app/requests/?status=new")

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/?next=/app/requests/")

    def test_refuses_a_person_without_an_account(self, account: Account) -> None:
        User.objects.create_user("nobody@example.com", PASSWORD)
        browser = Client()
        browser.post("/accounts/login/", {"login": "nobody@example.com", "password": PASSWORD})

        answer = browser.get("/app/requests/")

        assert answer.status_code == 403
        assert "You may not open this page" in text_of(answer)

    def test_ends_with_signing_out(self, alex: User) -> None:
        browser = Client()
        sign_in(browser)

        browser.post("/accounts/logout/")

        assert browser.get("/app/requests/").status_code == 302

    def test_is_by_invitation_only(self, account: Account) -> None:
        browser = Client()

        answer = browser.post("/accounts/signup/", {"email": "new@example.com", "password1": PASSWORD})

        assert answer.status_code == 404
        assert not User.objects.filter(email="new@example.com").exists()

    def test_is_refused_after_too_many_wrong_passwords(self, alex: User) -> None:
        for _ in range(5):
            assert "not correct" in sign_in(Client(), "wrong")

        page = sign_in(Client())

        assert "Too many failed login attempts" in page
        assert "Alex Stone" not in page


class TestForgottenPassword:
    def test_is_chosen_anew_by_a_link(self, alex: User) -> None:
        browser = Client()

        browser.post("/accounts/password/reset/", {"email": EMAIL})
        send_asked_links()
        [link] = re.findall(r"http://localhost:8000(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
        form = browser.get(link, follow=True)
        done = browser.post(
            form.redirect_chain[-1][0], {"password1": "a new long one", "password2": "a new long one"}, follow=True
        )

        assert "Choose a new password" in text_of(form)
        assert "Password saved" in text_of(done)
        assert "Alex Stone" in sign_in(Client(), "a new long one")

    def test_does_not_tell_who_is_known(self, alex: User) -> None:
        for address in (EMAIL, "stranger@example.com"):
            page = text_of(Client().post("/accounts/password/reset/", {"email": address}, follow=True))
            assert "Look in your mailbox" in page
        assert ProcrastinateJob.objects.filter(task_name=SEND_PASSWORD_LINK).count() == 2
        send_asked_links()
        assert [message.to for message in mail.outbox] == [[EMAIL]]

    def test_link_that_was_used_says_so(self, alex: User) -> None:
        page = text_of(Client().get("/accounts/password/reset/key/1-set-password/"))

        assert "does not work any more" in page


class TestTwoSteps:
    def test_are_set_up_and_then_asked_for(self, alex: User) -> None:
        browser = Client()
        sign_in(browser)
        confirm(browser)
        secret = re.findall(r'class="secret">(\w+)<', text_of(browser.get("/accounts/2fa/totp/activate/")))[0]
        codes = text_of(browser.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)}, follow=True))
        other = Client()

        asked = sign_in(other)
        [recovery_code, *_rest] = re.findall(r"<code>([0-9a-f]+)</code>", codes)
        inside = text_of(other.post("/accounts/2fa/authenticate/", {"code": recovery_code}, follow=True))

        assert "10 of 10 codes are unused" in codes
        assert "One more step" in asked
        assert "Alex Stone" in inside
        assert "9 of 10 are unused" in text_of(other.get("/accounts/2fa/"))

    def test_refuse_a_wrong_code(self, alex: User) -> None:
        browser = Client()
        sign_in(browser)
        confirm(browser)
        browser.get("/accounts/2fa/totp/activate/")

        page = text_of(browser.post("/accounts/2fa/totp/activate/", {"code": "000000"}))

        assert "Incorrect code" in page


class TestMenu:
    @pytest.mark.parametrize(
        ("role", "parts"),
        [
            ("administrator", ["Requests", "Appointment types", "Users", "Teams", "My hours", "Integrations"]),
            ("dispatcher", ["Requests", "Appointment types", "Users", "Teams", "My hours"]),
            ("user", ["Requests", "My hours"]),
            ("finance", ["Requests", "Users", "My hours"]),
        ],
    )
    def test_shows_what_the_role_may_open(self, account: Account, role: str, parts: list[str]) -> None:
        page = text_of(signed_in(account, role).get("/app/requests/")).partition("Settings")[0]

        assert re.findall(r'nav-link-title">([^<]+)<', page) == parts

    def test_is_there_on_the_accounts_own_pages_too(self, account: Account) -> None:
        browser = signed_in(account)

        for path in ("/accounts/2fa/", "/accounts/sessions/", "/accounts/password/set/"):
            assert "Integrations" in text_of(browser.get(path))


class TestFirstPage:
    @pytest.mark.parametrize(
        ("permissions", "path"),
        [
            (["requests.view_own"], "/app/requests/"),
            (["teams.view", "audit.view"], "/app/teams/"),
            (["audit.view"], "/app/settings/audit/"),
            (["api_keys.view"], "/app/profile/"),
        ],
    )
    def test_is_the_first_that_the_role_opens(self, account: Account, permissions: list[str], path: str) -> None:
        browser = signed_in(account, "user")
        role = Role.objects.create(account=account, name="Auditor", permissions=permissions)
        Membership.objects.update(role=role)

        assert browser.get("/app/").headers["Location"] == path
        assert browser.get(path).status_code == 200

    def test_is_none_for_a_role_that_allows_nothing(self, account: Account) -> None:
        browser = signed_in(account, "user")
        Membership.objects.update(role=Role.objects.create(account=account, name="Nothing", permissions=[]))

        assert [browser.get(path).status_code for path in ("/app/", "/app/profile/")] == [403, 403]


class TestUnknownPages:
    def test_say_so_in_our_words(self, account: Account) -> None:
        answer = signed_in(account).get("/app/nothing/")

        assert answer.status_code == 404
        assert "There is nothing here" in text_of(answer)


def send_asked_links() -> None:
    """What the worker does with the forms that people sent."""
    for job in ProcrastinateJob.objects.filter(task_name=SEND_PASSWORD_LINK):
        send_password_link(**job.args)


def confirm(browser: Client) -> None:
    """Enter the password again, which sensitive parts ask for."""
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})


def code_for(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))
