"""Who may show clients' pages in a frame, and how they look in one."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.links.openings import Reader, ask_by_request
from slotdesk.domain.links.pages import get_page, save_page
from slotdesk.domain.people.models import Agent
from slotdesk.domain.profile.embedding import save_websites
from slotdesk.domain.profile.models import Profile
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_type
from tests.support.routes import all_routes

pytestmark = pytest.mark.django_db(transaction=True)

WEBSITES = ["https://www.summit.example", "https://*.shop.example:8443"]
FRAMED = {"sec-fetch-dest": "iframe"}
FOR_CLIENTS = ("request link", "public link", "alert link", "page link")
ELEVEN = NOW + timedelta(hours=2)


@pytest.fixture
def kind(account: Account, agent: Agent) -> AppointmentType:
    """A call that anybody can book with Maria, who has a page of her own."""
    with active(account):
        page = get_page(agent)
        page.is_on = True
        save_page(page=page, slug="maria", offers=[], actor="Alex", now=NOW)
        return make_type(account, slug="call", shareable="activity", checks_email=False)


@pytest.fixture
def addresses(kind: AppointmentType, invited: SchedulingRequest) -> list[str]:
    """Every page that a client can open, negative ones too: a new one is among them by itself."""
    with active(invited.account):
        alert = ask_by_request(request=invited, reader=Reader("ana@client.example", "UTC", "en"), now=NOW)
    values = {"resource": "maria", "resources": "maria", "type_slug": "call", "number": "48213"}
    # The calendar file is none: browsers keep it.
    routes = [route for route in all_routes() if route.access in FOR_CLIENTS and route.name != "public:invite"]
    found = []
    for route in routes:
        token = alert.token if route.access == "alert link" else invited.token
        names = [name for name in route.arguments if name != "account"]
        found.append(reverse(route.name, kwargs={name: (values | {"token": token})[name] for name in names}))
    start = f"?start={int(ELEVEN.timestamp())}"
    return [
        *found,
        "/nobody/",
        "/maria/nothing/",
        f"/maria/call/details/{start}",
        f"/schedule/{invited.token}/details/{start}",
    ]


def let_in(account: Account, *websites: str) -> None:
    with active(account):
        save_websites(account=account, websites=websites, actor="Alex", now=NOW)


def ancestors(browser: Client, address: str) -> str:
    policy = browser.get(address).headers["Content-Security-Policy"]
    return policy.partition("frame-ancestors ")[2].partition(";")[0]


def news_of(page: str) -> dict[str, Any]:
    """What the page is to tell the website around it."""
    found = re.search('data-news="([^"]*)"', page)
    return json.loads(unescape(found[1])) if found else {}


class TestFrameAncestors:
    def test_are_none_unless_the_account_lets_websites_in(self, browser: Client, addresses: list[str]) -> None:
        options = [browser.get(address, headers=FRAMED).headers["X-Frame-Options"] for address in addresses]

        assert set(options) == {"DENY"}
        assert {ancestors(browser, address) for address in addresses} == {"'none'"}

    def test_are_the_accounts_websites_on_every_page(
        self, browser: Client, account: Account, addresses: list[str]
    ) -> None:
        let_in(account, *WEBSITES)

        answers = {address: browser.get(address).headers for address in addresses}

        expected = "'self' https://www.summit.example https://*.shop.example:8443"
        assert {address: ancestors(browser, address) for address in addresses} == dict.fromkeys(addresses, expected)
        assert [address for address, headers in answers.items() if "X-Frame-Options" in headers] == []
        assert [address for address, headers in answers.items() if "Sec-Fetch-Dest" not in headers["Vary"]] == []

    def test_are_no_other_accounts(self, browser: Client, account: Account, kind: AppointmentType) -> None:
        other = make_account("Another MSP", slug="other")
        let_in(other, *WEBSITES)

        assert ancestors(browser, "/maria/call/") == "'none'"
        assert ancestors(browser, "/@other/maria/call/").startswith("'self' https://www.summit.example")

    @pytest.mark.parametrize("address", ["/schedule/nothing/", "/@nobody/maria/call/", "/app/", "/accounts/login/"])
    def test_are_none_where_no_account_is_asked(self, browser: Client, account: Account, address: str) -> None:
        let_in(account, *WEBSITES)

        assert ancestors(browser, address) == "'none'"


class TestPagesInAFrame:
    @pytest.mark.parametrize(("headers", "mark"), [(FRAMED, ""), ({}, "?embed=1")])
    def test_do_without_what_surrounds_them_and_know_whom_to_tell(
        self, browser: Client, account: Account, kind: AppointmentType, headers: dict[str, str], mark: str
    ) -> None:
        let_in(account, *WEBSITES)

        framed = browser.get(f"/maria/call/{mark}", headers=headers).content.decode()
        alone = browser.get("/maria/call/").content.decode()

        assert 'data-websites="https://www.summit.example https://*.shop.example:8443"' in framed
        assert ("<header" in framed, "Scheduling by Slotdesk" in framed) == (False, False)
        assert ("<header" in alone, "Scheduling by Slotdesk" in alone, "frame.js" in alone) == (True, True, False)

    def test_have_the_languages_at_their_end(self, browser: Client, account: Account, kind: AppointmentType) -> None:
        let_in(account, *WEBSITES)

        framed = browser.get("/maria/call/?embed=1&theme=dark&utm_source=letter").content.decode()
        alone = browser.get("/maria/call/").content.decode()

        _main, _, end = framed.partition("<footer")
        assert 'href="/maria/call/?embed=1&amp;theme=dark&amp;utm_source=letter&amp;lang=de"' in end
        assert (framed.count('class="languages"'), alone.count('class="languages"')) == (1, 1)
        assert "languages" not in alone.partition("<footer")[2]

    def test_are_whole_where_nobody_may_frame_them(self, browser: Client, kind: AppointmentType) -> None:
        page = browser.get("/maria/call/?embed=1", headers=FRAMED).content.decode()

        assert ("<header" in page, "frame.js" in page) == (True, False)

    def test_keep_the_link_to_the_privacy_notice(
        self, browser: Client, account: Account, kind: AppointmentType
    ) -> None:
        let_in(account, *WEBSITES)
        with active(account):
            Profile.objects.update(privacy_url="https://summit.example/privacy", footer="12 Main Street")

        page = browser.get("/maria/call/", headers=FRAMED).content.decode()

        assert '<a href="https://summit.example/privacy" rel="noopener" target="_blank">' in page
        assert "12 Main Street" not in page

    def test_tell_of_the_picked_time_without_a_word_on_the_client(
        self, browser: Client, account: Account, invited: SchedulingRequest
    ) -> None:
        let_in(account, *WEBSITES)
        address = f"/schedule/{invited.token}/details/?start={int(ELEVEN.timestamp())}&zone=Europe/Berlin"

        page = browser.get(address, headers=FRAMED).content.decode()

        assert news_of(page) == {
            "kind": "slot-chosen",
            "type": "30-minute phone call",
            "starts_at": "2027-05-03T15:00:00+00:00",
            "ends_at": "2027-05-03T15:30:00+00:00",
            "zone": "Europe/Berlin",
        }

    def test_tell_of_a_booking_once_and_nothing_that_opens_its_pages(
        self, browser: Client, account: Account, invited: SchedulingRequest
    ) -> None:
        let_in(account, *WEBSITES)
        answers = {"start": str(int(ELEVEN.timestamp())), "zone": "Europe/Berlin", "name": "Ana Ruiz"}

        answer = browser.post(f"/schedule/{invited.token}/appointment/", answers, headers=FRAMED)
        first = browser.get(answer.headers["Location"], headers=FRAMED).content.decode()
        later = browser.get(f"/schedule/{invited.token}/appointment/", headers=FRAMED).content.decode()

        news = news_of(first)
        assert answer.headers["Location"] == f"/schedule/{invited.token}/appointment/?done=booked"
        assert (news["kind"], news["id"][:5], news["zone"]) == ("booked", "appt_", "Europe/Berlin")
        assert set(news) == {"kind", "id", "type", "starts_at", "ends_at", "zone"}
        assert invited.token not in str(news)
        assert news_of(later) == {}
        # The same page in another language tells nothing, either.
        assert f'href="/schedule/{invited.token}/appointment/?lang=de"' in first

    def test_tell_nothing_that_was_not_done(
        self, browser: Client, account: Account, invited: SchedulingRequest
    ) -> None:
        let_in(account, *WEBSITES)

        answer = browser.get(f"/schedule/{invited.token}/appointment/?done=booked", headers=FRAMED)

        assert answer.headers["Location"] == f"/schedule/{invited.token}/"
