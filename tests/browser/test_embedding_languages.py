"""The language of a booking page inside another website, where no cookie remembers it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.embedding import Shop, expect_told, frame_of, open_shop, open_website
from tests.support.factories import NOW

LOOKS: dict[str, dict[str, Any]] = {
    "light desktop": {},
    "dark phone": {"color_scheme": "dark", "viewport": {"width": 320, "height": 568}},
}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    # Nine o’clock is over: it would be offered, and be too late when it is chosen.
    with time_machine.travel(NOW + timedelta(minutes=1), tick=True):
        yield


@pytest.fixture
def shop(transactional_db: None, live_server: LiveServer) -> Iterator[Shop]:
    with open_shop(live_server.url) as shop:
        shop.write(
            f'<slotdesk-booking src="{shop.link}"></slotdesk-booking>',
            head='<meta name="color-scheme" content="light dark">',
        )
        yield shop


def choose(frame: FrameLocator, language: str) -> None:
    frame.locator(".languages summary").click()
    frame.get_by_role("link", name=language).click()


def expect_the_frame_to_fit(page: Page) -> None:
    """Nothing of the page inside is cut off."""
    inside = frame_of(page).locator("html")
    expect(page.locator("iframe")).to_have_css("height", inside.evaluate("html => `${html.scrollHeight}px`"))


class TestLanguages:
    @pytest.mark.parametrize("look", LOOKS)
    def test_open_at_the_end_of_the_frame_which_grows(self, shop: Shop, look: str) -> None:
        with open_website(shop.address, **LOOKS[look]) as page:
            frame = frame_of(page)
            frame.locator(".languages summary").click()
            expect(frame.get_by_role("link", name="Português (Brasil)")).to_be_visible()

            expect_the_frame_to_fit(page)
            assert [Axe().run(each).response["violations"] for each in page.frames] == [[], []]
            assert frame.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth")

    def test_that_was_chosen_goes_along_to_the_confirmation(self, shop: Shop) -> None:
        with open_website(shop.address) as page:
            frame = frame_of(page)
            choose(frame, "Deutsch")
            expect(frame.get_by_role("heading", name="Termin wählen")).to_be_visible()
            frame.locator(".slots button").locator("visible=true").first.click()
            expect(frame.get_by_label("Ihr Name")).to_be_visible()
            frame.get_by_label("Ihr Name").fill("Nina Neu")
            frame.locator("[name=email]").fill("nina@newcomer.example")
            frame.get_by_role("button", name="buchen").click()
            expect(frame.locator("html")).to_have_attribute("lang", "de")
            expect_told(page, "ready slot-chosen booked")

            assert page.context.cookies() == []

            choose(frame, "Français")
            expect(frame.locator("html")).to_have_attribute("lang", "fr")
            expect_told(page, "ready slot-chosen booked")
