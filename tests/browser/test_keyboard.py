"""
By keyboard alone, from the first Tab to the booked appointment: each stop shows that it has the focus, and nothing
lies over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import ElementHandle, Locator, Page, expect
from playwright.sync_api import TimeoutError as TookTooLong
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.tenants.scope import active
from tests.browser.booking_page import code_that_was_sent, open_browser
from tests.support.factories import NOW, make_account, make_agent, make_type

SCREENS = {
    "light desktop": {"color_scheme": "light"},
    "dark phone": {"color_scheme": "dark", "viewport": {"width": 320, "height": 568}},
    "four times as large": {"viewport": {"width": 320, "height": 256}},
}
# What tells that an element has the focus: drawn around it, or around the part that stands for it.
_LOOKS = """
(element) => [element, ...element.parentElement.children].map((one) => {
  const looks = (part) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(one, part);
    return outlineStyle === "none" ? boxShadow : [outlineStyle, outlineWidth, outlineColor, boxShadow].join();
  };
  return looks(null) + looks("::after");
}).join()
"""
# Whether some of the focused element can be seen (WCAG 2.2, 2.4.11), by looking at its middle, and at its corners.
_IS_SEEN = """
(element) => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const points = [[(left + right) / 2, (top + bottom) / 2], [left + 2, top + 2], [right - 2, bottom - 2]];
  return points.some(([x, y]) => {
    const found = document.elementFromPoint(x, y);
    return found && (element.contains(found) || found.contains(element) || element.labels?.[0]?.contains(found));
  });
}
"""


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW - timedelta(minutes=5), tick=True):
        yield


@pytest.fixture
def link(live_server: LiveServer, transactional_db: None) -> str:
    """A shareable link that asks for a code; guests may be named. The colour is hard to read on white and black."""
    account = make_account(support_phone="(212) 555-0142", brand_color="#c0a000")
    with active(account):
        make_agent(account, "Maria Schmidt", slug="maria")
        make_type(account, slug="call", shareable="activity", checks_email=True, asks_guests=True, window_amount=60)
    return f"{live_server.url}/maria/call/"


class Walk:
    """Goes from stop to stop with Tab, and remembers at which of them a person would be lost."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lost: list[str] = []

    def to(self, target: Locator) -> None:
        for _ in range(80):
            self.page.keyboard.press("Tab")
            self._look()
            if target.evaluate("(element) => element === document.activeElement"):
                return
        raise AssertionError(f"Tab never reaches {target}")

    def _look(self) -> None:
        stop = self.page.evaluate_handle("document.activeElement").as_element()
        assert stop is not None
        name = stop.evaluate("(element) => element.outerHTML.slice(0, 120)")
        if name.startswith("<body"):
            return
        focused = stop.evaluate(_LOOKS)
        if not self._is_seen(stop):
            if not stop.evaluate("(element) => element.isConnected"):
                # The times came anew meanwhile, and this one is not there any more.
                self._look()
                return
            self.lost.append(f"hidden: {name}")
        stop.evaluate("(element) => element.blur()")
        if stop.evaluate(_LOOKS) == focused:
            self.lost.append(f"looks as without focus: {name}")
        stop.evaluate("(element) => element.focus({ preventScroll: true, focusVisible: true })")

    def _is_seen(self, stop: ElementHandle) -> bool:
        try:
            # The browser brings it into sight when it next draws, which on a busy machine is not at once.
            self.page.wait_for_function(_IS_SEEN, arg=stop, timeout=2000)
        except TookTooLong:
            return False
        return True


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
class TestTheKeyboard:
    def test_books_by_a_link_that_asks_for_a_code(self, link: str, screen: dict[str, object]) -> None:
        with open_browser(**screen) as page:
            walk = Walk(page)
            page.goto(link)
            page.wait_for_load_state("networkidle")
            walk.to(page.get_by_role("link", name="Skip to the main part"))
            page.keyboard.press("Enter")
            walk.to(page.locator("#zone summary"))
            walk.to(page.get_by_role("radio", name="Monday, May 3, today"))
            page.keyboard.press("ArrowRight")
            walk.to(page.get_by_role("button", name="9:15 AM").locator("visible=true"))
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", name="Your details")).to_be_visible()
            walk.to(page.get_by_label("Your name"))
            page.keyboard.type("Nina New")
            walk.to(page.get_by_role("button", name="Book this time"))
            page.keyboard.press("Enter")

            expect(page.get_by_role("alert")).to_be_focused()
            walk.to(page.get_by_role("alert").get_by_role("link").first)
            page.keyboard.press("Enter")
            expect(page.get_by_label("E-mail")).to_be_focused()
            page.keyboard.type("nina@newcomer.example")
            walk.to(page.get_by_role("button", name="Book this time"))
            page.keyboard.press("Enter")

            expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
            walk.to(page.get_by_label("Code from the e-mail"))
            page.keyboard.type("not it")
            page.keyboard.press("Enter")
            expect(page.get_by_text("This is not the code that we sent.")).to_be_visible()
            code = page.get_by_label("Code from the e-mail")
            walk.to(code)
            page.keyboard.press("Control+a")
            page.keyboard.type(code_that_was_sent())
            page.keyboard.press("Enter")

            expect(page.get_by_role("heading", level=1)).to_have_text("You are booked")
            expect(page.get_by_role("time")).to_have_text("Tuesday, May 4, 2027, 9:15 AM – 9:45 AM")
            walk.to(page.get_by_role("link", name="Add to my calendar"))
            assert walk.lost == []


class TestMotion:
    def test_does_not_come_without_leave(self, link: str) -> None:
        moving = "document.getAnimations().length + [...document.querySelectorAll('*')].filter((one) => "
        moving += "getComputedStyle(one).transitionDuration !== '0s').length"
        found = {}
        for leave in ("reduce", "no-preference"):
            with open_browser(reduced_motion=leave) as page:
                page.goto(link)
                page.wait_for_load_state("networkidle")
                found[leave] = page.evaluate(moving)

        assert found["reduce"] == 0
        assert found["no-preference"] > 0
