"""Pop-ups, floating buttons and plain links that open booking pages on another website."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.booking_page import open_browser
from tests.browser.embedding import Shop, book, expect_told, frame_of, open_shop, open_website, pick_nine, told
from tests.support.factories import NOW


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    # Nine o’clock is over: it would be offered, and be too late when it is chosen.
    with time_machine.travel(NOW + timedelta(minutes=1), tick=True):
        yield


@pytest.fixture
def shop(transactional_db: None, live_server: LiveServer) -> Iterator[Shop]:
    with open_shop(live_server.url) as shop:
        yield shop


class TestPopUp:
    @pytest.mark.parametrize("script", ["async", "", 'type="module"'])
    def test_is_left_by_the_keyboard_and_gives_the_focus_back(self, shop: Shop, script: str) -> None:
        own = "<button>Talk to us</button>"
        address = shop.write(
            f'<slotdesk-booking mode="popup" src="{shop.link}">{own}</slotdesk-booking>', script=script
        )

        with open_website(address) as page:
            expect(page.get_by_role("button")).to_have_count(1)
            page.get_by_role("button", name="Talk to us").press("Enter")
            frame = frame_of(page)
            expect(page.get_by_role("dialog", name="Book a time")).to_be_visible()
            expect(page.get_by_role("button", name="Close")).to_be_focused()
            assert page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
            # The key is pressed inside the frame, where the website does not hear it.
            frame.get_by_role("radio", name="Tuesday, May 4").focus()
            page.keyboard.press("Escape")

            expect(page.get_by_role("dialog")).to_be_hidden()
            expect(page.get_by_role("button", name="Talk to us")).to_be_focused()
            assert page.evaluate("getComputedStyle(document.documentElement).overflow") == "visible"
            expect_told(page, "ready closed")

    def test_keeps_the_focus_inside(self, shop: Shop) -> None:
        address = shop.write(
            f'<a href="/">Home</a> <slotdesk-booking mode="popup" src="{shop.link}"></slotdesk-booking>'
        )

        with open_website(address) as page:
            page.get_by_role("button", name="Book a time").click()
            frame_of(page)
            for _ in range(80):
                page.keyboard.press("Tab")
                assert page.evaluate("document.activeElement.localName") in ("slotdesk-booking", "body")

    def test_finds_again_what_was_half_done(self, shop: Shop) -> None:
        address = shop.write(f'<slotdesk-booking mode="popup" src="{shop.link}"></slotdesk-booking>')

        with open_website(address) as page:
            page.get_by_role("button", name="Book a time").click()
            frame = frame_of(page)
            pick_nine(frame)
            frame.get_by_label("Your name").fill("Nina")
            page.get_by_role("button", name="Close").click()
            page.get_by_role("button", name="Book a time").click()

            expect(frame.get_by_label("Your name")).to_have_value("Nina")

    def test_begins_anew_after_a_booking(self, shop: Shop) -> None:
        address = shop.write(f'<slotdesk-booking mode="popup" src="{shop.link}"></slotdesk-booking>')

        with open_website(address) as page:
            page.get_by_role("button", name="Book a time").click()
            book(frame_of(page))
            page.get_by_role("button", name="Close").click()
            expect_told(page, "ready slot-chosen booked closed")
            assert told(page)[-1][1] == {"booked": True}
            page.get_by_role("button", name="Book a time").click()

            expect(frame_of(page).get_by_role("heading", name="Choose a time")).to_be_visible()

    def test_is_closed_by_a_click_beside_it(self, shop: Shop) -> None:
        address = shop.write(f'<slotdesk-booking mode="popup" src="{shop.link}"></slotdesk-booking>')

        with open_website(address) as page:
            page.get_by_role("button", name="Book a time").click()
            frame_of(page)
            page.mouse.click(5, 5)

            expect(page.get_by_role("dialog")).to_be_hidden()

    def test_has_no_motion_where_none_is_wished(self, shop: Shop) -> None:
        address = shop.write(f'<slotdesk-booking mode="popup" src="{shop.link}"></slotdesk-booking>')
        moves = "dialog => getComputedStyle(dialog).animationName"

        for wish, name in (("reduce", "none"), ("no-preference", "arrive")):
            with open_website(address, reduced_motion=wish) as page:
                page.get_by_role("button", name="Book a time").click()
                assert page.get_by_role("dialog").evaluate(moves) == name


class TestButton:
    def test_floats_where_and_as_it_is_told_to(self, shop: Shop) -> None:
        address = shop.write(
            f'<slotdesk-booking mode="button" src="{shop.link}" label="Need help?" position="bottom-left" '
            f'color="#ffd000" text-color="#000000"></slotdesk-booking>'
        )

        with open_website(address) as page:
            button = page.get_by_role("button", name="Need help?")
            box = button.bounding_box()
            assert box is not None
            assert (box["x"], box["y"] + box["height"]) == (20, 880)
            look = button.evaluate(
                "button => [getComputedStyle(button).backgroundColor, getComputedStyle(button).color]"
            )
            assert look == ["rgb(255, 208, 0)", "rgb(0, 0, 0)"]
            button.click()

            expect(page.get_by_role("dialog", name="Need help?")).to_be_visible()
            frame_of(page)


class TestLink:
    def test_opens_the_pop_up_and_tells_it_at_the_link(self, shop: Shop) -> None:
        address = shop.write(f'<p id="near"><a id="link" href="{shop.link}" data-slotdesk-popup>Book a call</a></p>')

        with open_website(address) as page:
            page.get_by_role("link", name="Book a call").click()
            frame_of(page)
            page.keyboard.press("Escape")

            expect(page.get_by_role("link", name="Book a call")).to_be_focused()
            expect_told(page, "ready closed")
            assert {target for _kind, _detail, target in told(page)} == {"link"}

    def test_stays_a_link_without_scripts_and_for_whoever_wants_a_new_tab(self, shop: Shop) -> None:
        address = shop.write(f'<a href="{shop.link}" data-slotdesk-popup>Book a call</a>')

        with open_browser(java_script_enabled=False) as page:
            page.goto(address)
            page.get_by_role("link", name="Book a call").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Call")
            assert page.url == f"{shop.link}/"
        with open_website(address) as page:
            with page.context.expect_page() as other:
                page.get_by_role("link", name="Book a call").click(modifiers=["Control"])
            other.value.wait_for_url(f"{shop.link}/")
            expect(page.get_by_role("dialog")).to_have_count(0)

    def test_may_be_a_button_with_an_address(self, shop: Shop) -> None:
        address = shop.write(
            f'<button data-slotdesk-popup="{shop.link}" data-slotdesk-prefill-name="Nina New">Book a call</button>'
        )

        with open_website(address) as page:
            page.get_by_role("button", name="Book a call").click()
            frame = frame_of(page)
            frame.get_by_role("button", name="Earliest").click()

            expect(frame.get_by_label("Your name")).to_have_value("Nina New")


class TestProgrammers:
    def test_open_and_close_it_and_hear_of_it(self, shop: Shop) -> None:
        options = '{ prefill: { name: "Nina New" }, utm: { source: "chat" }, theme: "dark" }'

        with open_website(shop.write("<p>Nothing yet.</p>", script='type="module"')) as page:
            page.evaluate(f"Slotdesk.open('{shop.link}', {options}).id = 'mine'")
            frame_of(page)
            source = page.locator("iframe").get_attribute("src")
            assert source == f"{shop.link}?name=Nina+New&utm_source=chat&theme=dark&embed=1"
            page.evaluate("Slotdesk.close()")

            expect(page.locator("slotdesk-booking")).to_have_count(0)
            expect_told(page, "ready closed")
            assert {target for _kind, _detail, target in told(page)} == {"mine"}

    def test_may_load_the_script_twice_and_in_any_way(self, shop: Shop) -> None:
        body = (
            f'<script src="{shop.slotdesk}/embed.js"></script><slotdesk-booking src="{shop.link}"></slotdesk-booking>'
        )

        with open_website(shop.write(body, script='type="module"')) as page:
            frame_of(page)
            assert page.evaluate("Slotdesk.version") == 1
