"""Staff let a website in and copy the code for it: axe-core, what is chosen stands in it, a look at the real page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.profile.embedding import save_websites
from slotdesk.domain.tenants.scope import active
from tests.browser.booking_page import open_browser
from tests.browser.looking import what_is_wrong
from tests.support.factories import NOW, make_account, make_agent, make_type
from tests.support.members import signed_in

SCREENS = {
    "light desktop": {"color_scheme": "light"},
    "dark phone": {"color_scheme": "dark", "viewport": {"width": 320, "height": 568}},
}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@dataclass(frozen=True, slots=True)
class Shop:
    """An account with a call that can be booked by link, and its administrator's session."""

    slotdesk: str
    address: str
    session: str

    def enter(self, page: Page) -> None:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": self.session, "url": self.slotdesk}
        page.context.add_cookies([cookie])  # type: ignore[list-item]


@pytest.fixture
def shop(transactional_db: None, live_server: LiveServer) -> Iterator[Shop]:
    account = make_account()
    with active(account):
        make_agent(account, "Maria Schmidt", slug="maria")
        kind = make_type(account, slug="call", shareable="activity")
        save_websites(account=account, websites=["https://www.summit.example"], actor="Alex", now=NOW)
    session = signed_in(account).cookies[settings.SESSION_COOKIE_NAME].value
    with override_settings(PUBLIC_URL=live_server.url):
        yield Shop(live_server.url, f"{live_server.url}/app/types/{kind.public_id}/embedding/", session)


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
class TestPages:
    def test_can_be_read_by_everybody(self, shop: Shop, screen: dict[str, object]) -> None:
        with open_browser(**screen) as page:
            shop.enter(page)
            page.goto(f"{shop.slotdesk}/app/settings/embedding/")
            page.get_by_label("Websites that may embed").fill("www.summit.example")
            page.get_by_role("button", name="Save", exact=True).last.click()
            expect(page.get_by_text("Line 1: begin with https://")).to_be_visible()
            wrong = {"websites": what_is_wrong(page)}
            page.goto(shop.address)
            expect(page.get_by_role("heading", level=1)).to_have_text("Embed")
            wrong["codes"] = what_is_wrong(page)
            page.get_by_text("Show it here").click()
            expect(page.frame_locator("iframe").get_by_role("heading", name="Choose a time")).to_be_visible()
            wrong["preview"] = what_is_wrong(page)
            page.get_by_role("link", name="Try it").click()
            expect(page.get_by_role("dialog").locator("[data-state=ready]")).to_be_visible()
            wrong["pop-up"] = what_is_wrong(page)

        assert wrong == {"websites": [], "codes": [], "preview": [], "pop-up": []}


class TestCodes:
    def test_follow_what_is_chosen(self, shop: Shop) -> None:
        with open_browser() as page:
            shop.enter(page)
            page.goto(shop.address)
            page.get_by_label("Words on the button or link").press_sequentially("Talk to us")
            expect(page.get_by_label("Code: Pop-up", exact=True)).to_contain_text(">Talk to us</a>")
            page.get_by_label("Light or dark").select_option("dark")
            expect(page.get_by_label("Code: In the page", exact=True)).to_contain_text('theme="dark"')
            page.get_by_label("Where the button floats").select_option("bottom-left")

            expect(page.get_by_label("Code: Floating button", exact=True)).to_contain_text(
                'theme="dark" label="Talk to us" position="bottom-left"'
            )
