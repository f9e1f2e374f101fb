"""After a booking by link the browser goes on to wherever the type says, also to another website."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.tenants.scope import active
from tests.browser.booking_page import open_browser
from tests.support.factories import NOW, make_account, make_agent, make_type
from tests.support.websites import website

START = int(NOW.timestamp()) + 4 * 3600


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def thanks() -> Iterator[str]:
    with website({"/thanks": "<!doctype html><title>Thanks</title><h1>Thank you</h1>"}) as address:
        yield f"{address}/thanks"


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
class TestAfterBooking:
    def test_leads_to_a_page_of_another_website(
        self, transactional_db: None, live_server: LiveServer, thanks: str, has_scripts: bool
    ) -> None:
        account = make_account()
        with active(account):
            make_agent(account, "Maria Schmidt", slug="maria")
            make_type(account, slug="call", shareable="activity", checks_email=False, redirect_url=thanks)

        with open_browser(java_script_enabled=has_scripts) as page:
            page.goto(f"{live_server.url}/maria/call/details/?start={START}&zone=America/New_York")
            page.get_by_label("Your name").fill("Nina New")
            page.get_by_label("E-mail").fill("nina@newcomer.example")
            page.get_by_role("button", name="Book this time").click()

            expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
            assert page.url == thanks
