"""Who may show clients' pages in a frame, and how they look in one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.links.pages import get_page, save_page
from slotdesk.domain.people.models import Agent
from slotdesk.domain.profile.embedding import save_websites
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_type

pytestmark = pytest.mark.django_db(transaction=True)

WEBSITES = ["https://www.summit.example", "https://*.shop.example:8443"]
FRAMED = {"sec-fetch-dest": "iframe"}


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
    """Every kind of page that a client can open, negative ones too."""
    start = int((NOW + timedelta(hours=2)).timestamp())
    return [
        "/maria/",
        "/nobody/",
        "/maria/call/",
        "/maria/call/times/",
        f"/maria/call/details/?start={start}",
        "/maria/no-such-type/",
        "/maria/call/ticket/48213/",
        f"/schedule/{invited.token}/",
        f"/schedule/{invited.token}/details/?start={start}",
        f"/schedule/{invited.token}/appointment/",
        f"/schedule/{invited.token}/appointment/reschedule/",
    ]


def let_in(account: Account, *websites: str) -> None:
    with active(account):
        save_websites(account=account, websites=websites, actor="Alex", now=NOW)


def ancestors(browser: Client, address: str) -> str:
    policy = browser.get(address).headers["Content-Security-Policy"]
    return policy.partition("frame-ancestors ")[2].partition(";")[0]


class TestFrameAncestors:
    def test_are_none_unless_the_account_lets_websites_in(self, browser: Client, addresses: list[str]) -> None:
        options = [browser.get(address, headers=FRAMED).headers["X-Frame-Options"] for address in addresses]

        assert set(options) == {"DENY"}
        assert {ancestors(browser, address) for address in addresses} == {"'none'"}

    def test_are_the_accounts_websites_on_every_page(
        self, browser: Client, account: Account, addresses: list[str]
    ) -> None:
        let_in(account, *WEBSITES)

        for address in addresses:
            answer = browser.get(address)
            assert ancestors(browser, address) == "'self' https://www.summit.example https://*.shop.example:8443"
            assert "X-Frame-Options" not in answer.headers
            assert "Sec-Fetch-Dest" in answer.headers["Vary"]

    def test_are_no_other_accounts(self, browser: Client, account: Account, kind: AppointmentType) -> None:
        other = make_account("Another MSP", slug="other")
        let_in(other, *WEBSITES)

        assert ancestors(browser, "/maria/call/") == "'none'"
        assert ancestors(browser, "/@other/maria/call/").startswith("'self' https://www.summit.example")

    @pytest.mark.parametrize("address", ["/schedule/nothing/", "/@nobody/maria/call/", "/app/", "/accounts/login/"])
    def test_are_none_where_no_account_is_asked(self, browser: Client, account: Account, address: str) -> None:
        let_in(account, *WEBSITES)

        assert ancestors(browser, address) == "'none'"
