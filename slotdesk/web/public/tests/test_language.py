"""Which language a client's page is in, and what is remembered of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.links.models import EmailProof
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.support.factories import NOW, make_type

pytestmark = pytest.mark.django_db

ELEVEN = NOW + timedelta(hours=2)


@pytest.fixture
def browser() -> Client:
    """A browser that says nothing about languages."""
    return Client(enforce_csrf_checks=True)


def language_of(answer: Any) -> str:
    """What the page says itself, the same in both places."""
    page = answer.content.decode()
    said = page.split('<html lang="', 1)[1].split('"', 1)[0]
    assert answer.headers["Content-Language"] == said
    return str(said)


def stored(request: SchedulingRequest) -> str:
    with all_accounts():
        return SchedulingRequest.objects.get(pk=request.pk).language


def put(account: Account, **fields: str) -> None:
    Account.objects.filter(pk=account.pk).update(**fields)


class TestLanguage:
    def test_is_the_accounts_where_nothing_else_is_known(
        self, browser: Client, account: Account, invited: SchedulingRequest
    ) -> None:
        assert language_of(browser.get(f"/schedule/{invited.token}/")) == "en"

        put(account, language="fr")
        assert language_of(browser.get(f"/schedule/{invited.token}/")) == "fr"

    @pytest.mark.parametrize(
        ("header", "language"),
        [
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("es-419", "es"),
            ("pt-PT", "pt-br"),
            ("nl,ar;q=0.5", "ar"),
            ("nl", "fr"),
            ("*", "fr"),
            ("nonsense;;;q=x", "fr"),
            ("", "fr"),
        ],
    )
    def test_is_the_browsers_first_that_there_is(
        self, browser: Client, account: Account, invited: SchedulingRequest, header: str, language: str
    ) -> None:
        put(account, language="fr")

        answer = browser.get(f"/schedule/{invited.token}/", headers={"accept-language": header})

        assert language_of(answer) == language
        assert "Accept-Language" in answer.headers["Vary"]

    def test_that_the_request_has_comes_before_the_browsers(self, browser: Client, invited: SchedulingRequest) -> None:
        with all_accounts():
            SchedulingRequest.objects.filter(pk=invited.pk).update(language="es")

        answer = browser.get(f"/schedule/{invited.token}/", headers={"accept-language": "de"})

        assert language_of(answer) == "es"

    def test_that_was_chosen_stays_for_the_next_pages(self, browser: Client, invited: SchedulingRequest) -> None:
        with all_accounts():
            SchedulingRequest.objects.filter(pk=invited.pk).update(language="es")

        chosen = browser.get(f"/schedule/{invited.token}/?lang=ar", headers={"accept-language": "de"})
        later = browser.get("/nobody/", headers={"accept-language": "de"})

        assert language_of(chosen) == "ar"
        assert 'dir="rtl"' in chosen.content.decode()
        assert language_of(later) == "ar"

    @pytest.mark.parametrize("named", ["", "xx", "../de", "de\x00"])
    def test_that_there_is_not_counts_as_none(self, browser: Client, invited: SchedulingRequest, named: str) -> None:
        answer = browser.get(f"/schedule/{invited.token}/", {"lang": named})

        assert language_of(answer) == "en"
        assert answer.cookies.get("slotdesk-language") is None
        assert stored(invited) == ""

    def test_of_staff_is_english_whatever_their_browser_asks_for(self, browser: Client) -> None:
        browser.cookies["slotdesk-language"] = "ar"

        page = browser.get("/accounts/login/", headers={"accept-language": "ar"}).content.decode()

        assert '<html lang="en"' in page


class TestChoice:
    def test_is_on_every_page_and_keeps_what_the_address_says(
        self, browser: Client, invited: SchedulingRequest
    ) -> None:
        page = browser.get(f"/schedule/{invited.token}/?zone=Asia/Tokyo&lang=de").content.decode()

        assert f'href="/schedule/{invited.token}/?zone=Asia%2FTokyo&amp;lang=fr" lang="fr"' in page
        assert 'lang="de" hreflang="de" rel="nofollow" aria-current="true"' in page

    def test_is_remembered_with_the_request_at_once(self, browser: Client, invited: SchedulingRequest) -> None:
        browser.get(f"/schedule/{invited.token}/?lang=pt-br")

        assert stored(invited) == "pt-br"

    def test_goes_along_from_page_to_page_where_no_cookie_does(self, browser: Client, account: Account) -> None:
        agent_link = make_link(account)

        page = browser.get(f"{agent_link}?lang=es&utm_source=news").content.decode()

        assert '<input type="hidden" name="lang" value="es">' in page
        assert '<input type="hidden" name="utm_source" value="news">' in page


class TestBooking:
    def test_remembers_the_language_of_the_page(self, browser: Client, invited: SchedulingRequest) -> None:
        values = {"start": str(int(ELEVEN.timestamp())), "zone": "UTC", "name": "Ana Ruiz", "key": "a" * 16}

        browser.post(f"/schedule/{invited.token}/appointment/", values, headers={"accept-language": "de-CH"})

        assert stored(invited) == "de"

    def test_by_a_link_does_so_too_and_sends_the_code_in_it(self, browser: Client, account: Account) -> None:
        link = make_link(account)
        values = {"start": str(int(ELEVEN.timestamp())), "zone": "UTC", "name": "Ana Ruiz", "key": "a" * 16}
        values |= {"email": "ana@client.example", "lang": "fr"}

        asked = browser.post(f"{link}booking/", values)

        assert language_of(asked) == "fr"
        with all_accounts():
            assert EmailProof.objects.get().language == "fr"


def make_link(account: Account) -> str:
    from tests.support.factories import make_agent

    with active(account):
        maria = make_agent(account, "Maria Schmidt")
        Agent.objects.filter(pk=maria.pk).update(slug="maria")
        make_type(account, slug="call", shareable="ticket", phone_rule="off")
    return "/maria/call/"
