"""What stands between signing in and the staff pages: the second factor, and proving it anew for sensitive pages."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from slotdesk.domain.sign_in.second_factor import ask_for_second_factor
from slotdesk.domain.tenants.models import Account, Membership, SecondFactor, User
from slotdesk.domain.tenants.scope import active
from tests.support.members import give_place, sign_in, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"
PAGE, POLICY = "/app/settings/audit/", "/app/settings/security/second-factor/"


def ask(account: Account, *, days_ago: int, whom: SecondFactor = SecondFactor.EVERYBODY) -> None:
    """Ask for a second factor, that many days ago, of people who were here long before."""
    then = datetime.now(UTC) - timedelta(days=days_ago)
    with active(account):
        Membership.objects.update(created_at=then - timedelta(days=100))
        ask_for_second_factor(account=account, whom=whom, actor="Alex", now=then)


def alex(account: Account, *, age: timedelta = timedelta(0), password: str | None = PASSWORD) -> Client:
    """The browser of an administrator who signed in that long ago."""
    user = User.objects.create_user("alex@summit.example", password, name="Alex Stone")
    give_place(account, user)
    browser = Client(HTTP_HOST="localhost")
    sign_in(browser, user)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - age.total_seconds()}]
    session.save()
    return browser


def public_id_of_alex(account: Account) -> str:
    with active(account):
        return Membership.objects.get().public_id


class TestSecondFactor:
    def test_is_counted_down_while_there_is_time(self, account: Account) -> None:
        browser = signed_in(account)
        ask(account, days_ago=4)

        answer = browser.get(PAGE)

        assert answer.status_code == 200
        assert "Set it up within 3 days" in text_of(answer)

    def test_says_one_day_on_the_last(self, account: Account) -> None:
        browser = signed_in(account)
        ask(account, days_ago=6)

        assert "within 1 day;" in text_of(browser.get(PAGE))

    @pytest.mark.parametrize("path", [PAGE, "/app/requests/", "/app/settings/security/", "/app/"])
    def test_is_all_that_opens_after_seven_days(self, account: Account, path: str) -> None:
        browser = signed_in(account)
        ask(account, days_ago=8)

        answer = browser.get(path)

        assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/2fa/")
        assert "asks for two-step sign-in" in text_of(browser.get("/accounts/2fa/"))

    def test_lets_nothing_be_posted_after_seven_days_either(self, account: Account) -> None:
        browser = signed_in(account)
        ask(account, days_ago=8)

        browser.post(POLICY, {"whom": "nobody"})

        account.refresh_from_db()
        assert account.second_factor == "everybody"

    def test_opens_everything_once_it_is_set_up(self, account: Account) -> None:
        browser = signed_in(account)
        ask(account, days_ago=8)
        user = User.objects.get()
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})

        answer = browser.get(PAGE)

        assert answer.status_code == 200
        assert "two-step sign-in. Set it up" not in text_of(answer)

    def test_is_not_asked_of_others_when_administrators_must(self, account: Account) -> None:
        browser = signed_in(account, "finance")
        ask(account, days_ago=8, whom=SecondFactor.ADMINISTRATORS)

        assert browser.get("/app/requests/").status_code == 200


class TestSensitivePages:
    def test_open_to_somebody_who_has_just_signed_in(self, account: Account) -> None:
        answer = alex(account).post(POLICY, {"whom": "everybody"})

        account.refresh_from_db()
        assert answer.status_code == 302
        assert account.second_factor == "everybody"

    def test_ask_again_after_a_quarter_of_an_hour_and_lose_nothing(self, account: Account) -> None:
        browser = alex(account, age=timedelta(minutes=16))

        asked = browser.post(POLICY, {"whom": "everybody"})
        account.refresh_from_db()
        before = account.second_factor
        browser.post(asked.headers["Location"], {"password": PASSWORD, "next": POLICY})

        account.refresh_from_db()
        assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
        assert (before, account.second_factor) == ("nobody", "everybody")

    def test_are_those_that_give_roles_too(self, account: Account) -> None:
        browser = alex(account, age=timedelta(minutes=16))

        for path in ("/app/settings/roles/new/", f"/app/users/{public_id_of_alex(account)}/role/"):
            assert browser.post(path, {}).headers["Location"].startswith("/accounts/reauthenticate/")

    def test_stay_shut_for_a_wrong_password(self, account: Account) -> None:
        browser = alex(account, age=timedelta(minutes=16))
        asked = browser.post(POLICY, {"whom": "everybody"})

        page = browser.post(asked.headers["Location"], {"password": "wrong", "next": POLICY})

        account.refresh_from_db()
        assert page.status_code == 200
        assert account.second_factor == "nobody"

    def test_keep_no_form_with_secrets_in_the_session(self, account: Account) -> None:
        browser = alex(account, age=timedelta(minutes=61))
        url = "/app/settings/security/company/?kind=google"

        answer = browser.post(url, {"client_secret": "a-very-secret-thing"})

        assert answer.headers["Location"].startswith("/accounts/reauthenticate/?next=")
        assert "a-very-secret-thing" not in str(dict(browser.session.items()))
        assert "Please fill it in again" in text_of(browser.get(answer.headers["Location"]))

    def test_let_a_form_with_secrets_be_filled_in_for_an_hour(self, account: Account) -> None:
        browser = alex(account, age=timedelta(minutes=59))
        url = "/app/settings/security/company/?kind=google"

        assert browser.get(url).status_code == 302
        assert browser.post(url, {}).status_code == 422

    def test_lead_somebody_without_a_password_to_one(self, account: Account) -> None:
        browser = alex(account, age=timedelta(minutes=16), password=None)

        answer = browser.post(POLICY, {"whom": "everybody"})

        assert answer.status_code == 403
        assert "you have no password to confirm with" in text_of(answer)

    def test_ask_for_no_view_of_things_that_are_not_sensitive(self, account: Account) -> None:
        assert alex(account, age=timedelta(days=3)).get("/app/settings/security/").status_code == 200


class TestSecretsOfSecondFactors:
    def test_are_encrypted_at_rest(self, account: Account) -> None:
        browser = alex(account)
        browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
        browser.get("/accounts/2fa/totp/activate/")
        secret = browser.session["mfa.totp.secret"]
        code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

        browser.post("/accounts/2fa/totp/activate/", {"code": code})

        stored = Authenticator.objects.get(type=Authenticator.Type.TOTP)
        assert secret not in str(stored.data)
