"""Every page of waiting for a time to open can be read by everybody, used by keyboard alone, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.links.openings import Reader, ask_by_request
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.browser.booking_page import elsewhere, open_browser
from tests.browser.looking import SCREENS, what_is_wrong
from tests.browser.test_booking_page_states import agent_out_of_reach
from tests.support.factories import NOW, make_account, make_agent, make_busy, make_request, make_type

TELL_ME = "Tell me when something opens"
EARLIER = "Tell me when something earlier opens"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW - timedelta(minutes=5), tick=True):
        yield


@pytest.fixture
def addresses(transactional_db: None) -> dict[str, str]:
    """One page per state, in colours that are hard to read on white and on black alike."""
    account = make_account(support_phone="(212) 555-0142", brand_color="#c0a000")
    with active(account):
        kind = make_type(account, slug="call", shareable="ticket")
        nobody, busy = make_agent(account, "Maria Schmidt", slug="maria", hours=[]), make_agent(account, "Lee Chan")
        make_busy(busy, NOW - timedelta(days=1), NOW + timedelta(days=10))
        unread = agent_out_of_reach(account, "Robin Okafor", read=NOW - timedelta(hours=1))
        waits = ask(make_request(kind, [nobody]))
        told, over = ask(make_request(kind, [nobody])), ask(make_request(kind, [nobody]))
        for alert, ending in ((told, "told"), (over, "off")):
            OpeningAlert.objects.filter(pk=alert.pk).update(ended_at=NOW, ending=ending)
        return {
            "nothing free": schedule(make_request(kind, [nobody])),
            "nothing free, and waiting": schedule(waits.request),
            "nothing free for long": schedule(make_request(kind, [busy])),
            "nothing known": schedule(make_request(kind, [unread])),
            "the question": f"{schedule(make_request(kind, [nobody]))}opening/",
            "the question to a stranger": "/maria/call/opening/",
            "waiting": f"/schedule/opening/{waits.token}/",
            "told": f"/schedule/opening/{told.token}/",
            "over": f"/schedule/opening/{over.token}/",
        }


def ask(request: SchedulingRequest) -> OpeningAlert:
    return ask_by_request(request=request, reader=Reader(request.client_email, "UTC", "en"), now=NOW)


def schedule(request: SchedulingRequest | None) -> str:
    assert request is not None
    return f"/schedule/{request.token}/"


def ask_wrongly_and_rightly(page: Page) -> Iterator[str]:
    """From the question to a stranger to the code; each step by its name."""
    page.get_by_label("Your e-mail address").fill("nobody")
    page.get_by_role("button", name="Tell me", exact=True).click()
    page.get_by_text("does not look like an e-mail address").wait_for()
    yield "a wrong address"
    page.get_by_label("Your e-mail address").fill("nina@newcomer.example")
    page.get_by_role("button", name="Tell me", exact=True).click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    yield "the code"


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
class TestEveryState:
    def test_can_be_read_by_everybody(
        self, live_server: LiveServer, screen: dict[str, object], addresses: dict[str, str]
    ) -> None:
        wrong = {}
        with open_browser(**screen) as page:
            for state, address in addresses.items():
                page.goto(f"{live_server.url}{address}")
                wrong[state] = what_is_wrong(page)
            page.goto(f"{live_server.url}{addresses['the question to a stranger']}")
            for state in ask_wrongly_and_rightly(page):
                wrong[state] = what_is_wrong(page)

        assert {state: found for state, found in wrong.items() if found} == {}


class TestInArabic:
    def test_can_be_read_by_everybody(self, live_server: LiveServer, addresses: dict[str, str]) -> None:
        wrong = {}
        with open_browser(viewport={"width": 320, "height": 568}, locale="ar-EG", timezone_id="Africa/Cairo") as page:
            for state, address in addresses.items():
                page.goto(f"{live_server.url}{address}?lang=ar")
                expect(page.locator("html")).to_have_attribute("dir", "rtl")
                wrong[state] = what_is_wrong(page)

        assert {state: found for state, found in wrong.items() if found} == {}


class TestAsking:
    def test_needs_a_keyboard_only(self, live_server: LiveServer, addresses: dict[str, str]) -> None:
        with open_browser() as page:
            page.goto(f"{live_server.url}{addresses['nothing free']}")
            page.wait_for_load_state("networkidle")
            press_tab_until(page, TELL_ME)
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_have_text("We will write to you")
            press_tab_until(page, "Stop telling me")
            page.keyboard.press("Enter")

            expect(page.get_by_role("heading", level=1)).to_have_text("We tell you no more")

    @pytest.mark.parametrize("name", ["nothing free", "nothing known", "nothing free for long"])
    def test_works_without_scripts(self, live_server: LiveServer, addresses: dict[str, str], name: str) -> None:
        with open_browser(java_script_enabled=False) as page:
            page.goto(f"{live_server.url}{addresses[name]}")
            page.get_by_role("button", name=EARLIER if "long" in name else TELL_ME).click()

            expect(page.get_by_role("heading", level=1)).to_have_text("We will write to you")
            expect(page.get_by_text("a•••@client.example")).to_be_visible()

    def test_of_a_stranger_works_without_scripts(self, live_server: LiveServer, addresses: dict[str, str]) -> None:
        with open_browser(java_script_enabled=False) as page:
            page.goto(f"{live_server.url}/maria/call/")
            page.get_by_role("button", name=TELL_ME).click()
            steps = list(ask_wrongly_and_rightly(page))

        assert steps == ["a wrong address", "the code"]

    def test_finds_the_times_that_have_opened_meanwhile(
        self, live_server: LiveServer, addresses: dict[str, str]
    ) -> None:
        with open_browser() as page:
            page.goto(f"{live_server.url}{addresses['nothing free']}")
            elsewhere(open_hours)
            page.get_by_role("button", name=TELL_ME).click()

            expect(page.get_by_role("alert")).to_contain_text("There are free times")
            expect(page.get_by_role("button", name="Earliest")).to_be_visible()


def open_hours() -> None:
    with all_accounts():
        Agent.objects.filter(slug="maria").update(hours=[{"days": [1, 2, 3], "start": "09:00", "end": "17:00"}])


def press_tab_until(page: Page, name: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"“{name}” is not reached by the Tab key")
