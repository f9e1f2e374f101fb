"""What somebody tries who has no sign-in, or wants another's."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import BasePasswordHasher, get_hasher
from django.core import mail
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from slotdesk.domain.sign_in.mails import SEND_PASSWORD_LINK, send_password_link
from slotdesk.domain.tenants.models import Account, User
from tests.support.members import give_place, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL, PASSWORD = "alex@summit.example", "correct horse battery"
HOME = "http://localhost:8000"


@pytest.fixture
def alex(account: Account) -> User:
    user = User.objects.create_user(EMAIL, PASSWORD, name="Alex Stone")
    give_place(account, user)
    return user


@pytest.fixture
def browser() -> Client:
    return Client(HTTP_HOST="localhost")


def enter(browser: Client, email: str = EMAIL, password: str = PASSWORD, **fields: str) -> str:
    return text_of(browser.post("/accounts/login/", {"login": email, "password": password} | fields))


def asked_link(browser: Client, email: str = EMAIL) -> str:
    """Ask for a new password; return the link that the worker mails."""
    browser.post("/accounts/password/reset/", {"email": email})
    for job in ProcrastinateJob.objects.filter(task_name=SEND_PASSWORD_LINK):
        send_password_link(**job.args)
    return str(re.findall(rf"{HOME}(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))[0])


class TestSession:
    def test_planted_before_the_sign_in_is_worth_nothing_after_it(self, alex: User, browser: Client) -> None:
        session = browser.session
        session["planted"] = "yes"
        session.save()
        planted = session.session_key

        enter(browser)

        assert "_auth_user_id" in browser.session
        assert browser.session.session_key != planted
        thief = Client(HTTP_HOST="localhost")
        thief.cookies["slotdesk_session"] = str(planted)
        assert thief.get("/app/requests/").status_code == 302

    def test_of_a_thief_ends_with_a_new_password(self, alex: User, browser: Client) -> None:
        enter(browser)
        owner = Client(HTTP_HOST="localhost")
        form = owner.get(asked_link(owner), follow=True)

        words = "a new and long password"
        owner.post(form.redirect_chain[-1][0], {"password1": words, "password2": words})

        assert browser.get("/app/requests/").status_code == 302

    def test_of_a_thief_is_ended_by_the_owner_and_no_other_is(self, alex: User, browser: Client) -> None:
        owner, bystander = Client(HTTP_HOST="localhost"), Client(HTTP_HOST="localhost")
        for each in (browser, owner, bystander):
            enter(each)
            each.get("/app/requests/")
        stolen = UserSession.objects.get(session_key=browser.session.session_key)
        page = text_of(owner.get("/accounts/sessions/"))
        assert page.count("/end/") == 2  # not for the session that looks
        assert f"/accounts/sessions/{stolen.pk}/end/" in page

        owner.post(f"/accounts/sessions/{stolen.pk}/end/")

        assert browser.get("/app/requests/").status_code == 302
        assert [each.get("/app/requests/").status_code for each in (owner, bystander)] == [200, 200]

    def test_is_not_ended_by_somebody_else(self, account: Account, alex: User, browser: Client) -> None:
        enter(browser)
        browser.get("/app/requests/")
        theirs = UserSession.objects.get(session_key=browser.session.session_key)

        answer = signed_in(account).post(f"/accounts/sessions/{theirs.pk}/end/", follow=True)

        assert "over already" in text_of(answer)
        assert browser.get("/app/requests/").status_code == 200


class TestAddresses:
    def test_are_not_told_by_the_sign_in_page(self, alex: User, browser: Client) -> None:
        known = enter(browser, password="wrong wrong wrong")
        unknown = enter(browser, email="nobody@summit.example", password="wrong wrong wrong")

        def plain(page: str) -> str:
            without_token = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
            return without_token.replace(EMAIL, "…").replace("nobody@summit.example", "…")

        assert plain(known) == plain(unknown)

    def test_cost_the_same_hashing_whether_known_or_not(
        self, alex: User, browser: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hashed: list[str] = []
        hashers: Any = type(get_hasher())
        encode = hashers.encode

        def counted(hasher: BasePasswordHasher, password: str, *rest: Any, **options: Any) -> str:
            hashed.append(password)
            return str(encode(hasher, password, *rest, **options))

        monkeypatch.setattr(hashers, "encode", counted)

        enter(browser, password="wrong wrong wrong")
        for_known = len(hashed)
        enter(browser, email="nobody@summit.example", password="wrong wrong wrong")

        assert for_known >= 1
        assert len(hashed) == 2 * for_known

    def test_cost_the_same_work_when_a_new_password_is_asked_for(self, alex: User, browser: Client) -> None:
        for email in (EMAIL, "nobody@summit.example"):
            answer = browser.post("/accounts/password/reset/", {"email": email})
            assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/password/reset/done/")

        assert mail.outbox == []
        jobs = ProcrastinateJob.objects.filter(task_name=SEND_PASSWORD_LINK).order_by("id")
        assert [job.args["email"] for job in jobs] == [EMAIL, "nobody@summit.example"]


class TestLinkForANewPassword:
    def test_works_once(self, alex: User, browser: Client) -> None:
        link = asked_link(browser)
        form = browser.get(link, follow=True)
        words = "a new and long password"
        browser.post(form.redirect_chain[-1][0], {"password1": words, "password2": words})

        assert "does not work any more" in text_of(Client(HTTP_HOST="localhost").get(link))

    def test_works_for_three_days(self, alex: User, browser: Client) -> None:
        link = asked_link(browser)

        with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
            assert "does not work any more" in text_of(browser.get(link))

    def test_names_our_own_address_whatever_host_was_asked(self, alex: User, browser: Client) -> None:
        answer = browser.post("/accounts/password/reset/", {"email": EMAIL}, HTTP_HOST="evil.example")

        assert answer.status_code == 400
        assert asked_link(browser)
        assert "evil.example" not in str(mail.outbox[-1].body)

    def test_of_a_user_who_was_switched_off_is_not_sent(self, alex: User, browser: Client) -> None:
        User.objects.update(is_active=False)

        send_password_link(email=EMAIL)

        assert mail.outbox == []


class TestOtherSites:
    @pytest.mark.parametrize(
        "following", ["https://evil.example/", "//evil.example/", "https:///evil.example", "javascript:alert(1)"]
    )
    def test_are_never_led_to_after_the_sign_in(self, alex: User, browser: Client, following: str) -> None:
        answer = browser.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD, "next": following})

        assert answer.headers["Location"] == "/app/"

    @pytest.mark.parametrize("path", ["/accounts/logout/", "/accounts/reauthenticate/"])
    def test_are_never_led_to_by_the_pages_around_it(self, alex: User, browser: Client, path: str) -> None:
        enter(browser)

        answer = browser.post(path, {"password": PASSWORD, "next": "https://evil.example/"})

        assert answer.status_code == 302
        assert "evil.example" not in answer.headers["Location"]

    def test_cannot_post_the_forms(self, alex: User) -> None:
        strict = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)

        for path in ("/accounts/login/", "/accounts/password/reset/", "/accounts/join/"):
            assert strict.post(path, {"login": EMAIL, "password": PASSWORD, "email": EMAIL}).status_code == 403


class TestGuessing:
    def test_of_a_password_is_stopped_whatever_the_browser(self, alex: User) -> None:
        for _ in range(5):
            enter(Client(HTTP_HOST="localhost"), password="wrong wrong wrong")

        assert "Too many failed" in enter(Client(HTTP_HOST="localhost"))

    def test_of_strangers_addresses_is_stopped_too(self, account: Account) -> None:
        for _ in range(5):
            enter(Client(HTTP_HOST="localhost"), email="nobody@summit.example")

        assert "Too many failed" in enter(Client(HTTP_HOST="localhost"), email="nobody@summit.example")

    def test_of_the_password_in_a_stolen_session_is_stopped(self, alex: User, browser: Client) -> None:
        enter(browser)

        answers = [browser.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code for _ in range(12)]

        assert answers[-1] == 429

    def test_of_links_by_the_hundred_is_stopped(self, account: Account, browser: Client) -> None:
        answers = [
            browser.post("/accounts/password/reset/", {"email": f"a{number}@summit.example"}).status_code
            for number in range(21)
        ]

        assert answers[-1] == 429


class TestNotices:
    def test_tell_the_person_that_the_password_was_changed(self, alex: User, browser: Client) -> None:
        enter(browser)
        words = "a new and long password"

        answer = browser.post(
            "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": words, "password2": words}
        )

        assert answer.status_code == 302
        [message] = mail.outbox
        assert message.to == [EMAIL]
        assert "Something about how you sign in to Slotdesk was changed" in str(message.body)
