"""People with a place in several accounts look at one of them at a time."""

from __future__ import annotations

import pytest
from django.test import Client

from slotdesk.domain.tenants.models import Account, Membership, User
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.sign_in.firm import Firm
from tests.support.factories import make_account, make_agent, make_request, make_type
from tests.support.members import give_place, sign_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)

URL, REQUESTS = "/accounts/switch/", "/app/requests/"


@pytest.fixture
def other() -> Account:
    return make_account("Other MSP", slug="other")


@pytest.fixture
def person(account: Account, other: Account) -> User:
    """Alex, an administrator of Summit MSP since before they became one of Other MSP; each has a client."""
    user = User.objects.create_user("alex@summit.example", "correct horse battery", name="Alex Stone")
    for each, client in ((account, "Ana of Summit"), (other, "Bo of Other")):
        give_place(each, user)
        with active(each):
            make_request(make_type(each), [make_agent(each)], name=client)
    return user


@pytest.fixture
def browser(person: User) -> Client:
    browser = Client(HTTP_HOST="localhost")
    sign_in(browser, person)
    return browser


def seen(browser: Client) -> set[str]:
    page = text_of(browser.get(REQUESTS))
    return {name for name in ("Ana of Summit", "Bo of Other") if name in page}


def switch(browser: Client, account: Account, **more: str) -> str:
    answer = browser.post(URL, {"account": account.public_id} | more)
    assert answer.status_code == 302
    return str(answer["Location"])


class TestSwitching:
    def test_shows_one_account_at_a_time_there_and_back(
        self, browser: Client, account: Account, other: Account
    ) -> None:
        assert seen(browser) == {"Ana of Summit"}
        switch(browser, other)
        assert seen(browser) == {"Bo of Other"}
        switch(browser, account)

        assert seen(browser) == {"Ana of Summit"}

    def test_makes_the_other_accounts_objects_not_found(
        self, browser: Client, account: Account, other: Account
    ) -> None:
        with active(account):
            ours = account.agents.get()
        assert browser.get(f"/app/users/{ours.public_id}/").status_code == 200

        switch(browser, other)

        assert browser.get(f"/app/users/{ours.public_id}/").status_code == 404

    def test_is_offered_in_the_menu_to_those_who_have_a_choice(
        self, browser: Client, account: Account, other: Account
    ) -> None:
        assert f'value="{other.public_id}"' in text_of(browser.get(REQUESTS))
        assert f'value="{account.public_id}"' not in text_of(browser.get(REQUESTS))
        alone = Client(HTTP_HOST="localhost")
        sign_in(alone, give_place(account, User.objects.create_user("kim@summit.example"), "user").user)

        assert "Switch account" not in text_of(alone.get(REQUESTS))

    def test_goes_by_the_role_that_they_have_there(self, browser: Client, person: User, other: Account) -> None:
        with active(other):
            place = Membership.objects.get(user=person)
            place.role = other.roles.get(key="user")
            place.save()
        assert browser.get("/app/settings/roles/").status_code == 200

        switch(browser, other)

        assert browser.get("/app/settings/roles/").status_code == 403

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/accounts/logout/"])
    def test_leads_to_the_first_page_whatever_else_is_asked(self, browser: Client, other: Account, target: str) -> None:
        assert switch(browser, other, next=target) == "/app/"

    def test_is_kept_for_the_session_and_not_for_the_person(
        self, browser: Client, person: User, other: Account
    ) -> None:
        switch(browser, other)
        elsewhere = Client(HTTP_HOST="localhost")
        sign_in(elsewhere, person)

        assert seen(elsewhere) == {"Ana of Summit"}
        assert seen(browser) == {"Bo of Other"}


class TestRefusal:
    def test_meets_an_account_without_a_place(self, browser: Client) -> None:
        stranger = make_account("Stranger MSP")

        for account_id in (stranger.public_id, "nothing", ""):
            assert browser.post(URL, {"account": account_id}).status_code == 403

        assert seen(browser) == {"Ana of Summit"}

    def test_meets_a_place_that_has_ended(self, browser: Client, person: User, other: Account) -> None:
        with active(other):
            Membership.objects.filter(user=person).update(left_at="2027-05-03T13:00:00Z")

        assert browser.post(URL, {"account": other.public_id}).status_code == 403
        assert "Other MSP" not in text_of(browser.get(REQUESTS))

    def test_meets_reading_and_whoever_is_not_signed_in(self, browser: Client, other: Account) -> None:
        assert browser.get(URL).status_code == 405

        answer = Client(HTTP_HOST="localhost").post(URL, {"account": other.public_id})

        assert answer["Location"].startswith("/accounts/login/")

    def test_meets_a_form_of_another_site(self, person: User, other: Account) -> None:
        browser = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
        sign_in(browser, person)

        assert browser.post(URL, {"account": other.public_id}).status_code == 403
        assert seen(browser) == {"Ana of Summit"}

    def test_meets_a_session_that_a_firm_has_opened(self, firm: Firm, other: Account) -> None:
        """The firm's administrator says whom its provider names; that is good for the firm's own account alone."""
        browser = Client(HTTP_HOST="localhost")
        firm.sign_in(browser)
        with all_accounts():
            give_place(other, Membership.objects.get(account=firm.account).user)

        assert browser.post(URL, {"account": other.public_id}).status_code == 403
        assert "Other MSP" not in text_of(browser.get(REQUESTS))


class TestAPlaceThatEnds:
    def test_is_told_and_the_next_page_is_another_accounts(self, browser: Client, person: User, other: Account) -> None:
        switch(browser, other)
        seen(browser)
        with active(other):
            Membership.objects.filter(user=person).update(left_at="2027-05-03T13:00:00Z")

        answer = browser.post("/app/settings/account/", {"name": "Renamed"})

        assert (answer.status_code, answer["Location"]) == (302, "/app/")
        assert "You have no place any more" in text_of(browser.get(REQUESTS))
        assert not Account.objects.filter(name="Renamed").exists()
        assert seen(browser) == {"Ana of Summit"}

    def test_ends_everything_for_whoever_has_no_other(self, browser: Client, person: User) -> None:
        seen(browser)
        with all_accounts():
            Membership.objects.filter(user=person).update(left_at="2027-05-03T13:00:00Z")

        assert browser.get(REQUESTS).status_code == 403


class TestAFormThatWasOpenMeanwhile:
    def test_stores_nothing_in_the_account_that_came_after(self, person: User, other: Account) -> None:
        """Two tabs: one with Summit's settings, the other switches to Other MSP, then the first one is sent."""
        browser = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
        sign_in(browser, person)
        form = browser.get("/app/settings/account/")
        token = str(form.context["csrf_token"])
        switch(browser, other, csrfmiddlewaretoken=token)

        answer = browser.post("/app/settings/account/", {"csrfmiddlewaretoken": token, "name": "Summit MSP"})

        assert answer.status_code == 403
        assert "This page is out of date" in text_of(answer)
        assert Account.objects.get(pk=other.pk).name == "Other MSP"
