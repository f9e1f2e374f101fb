"""Personal and team pages, and the forms behind them: axe-core, the keyboard, and forms without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.links.pages import Offer, get_page, save_page
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.browser.booking_page import open_browser
from tests.browser.looking import SCREENS, what_is_wrong
from tests.support.factories import NOW, make_account, make_agent, make_team, make_type
from tests.support.members import signed_in


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@dataclass(frozen=True, slots=True)
class Shop:
    """A person with a page that says much, a team whose page has nothing to book, and an administrator's session."""

    account: Account
    maria: Agent
    team: Team
    session: str


@pytest.fixture
def shop(transactional_db: None) -> Shop:
    # The account's colour is hard to read on white and on black alike.
    account = make_account(support_phone="(212) 555-0142", brand_color="#c0a000")
    with active(account):
        maria, team = make_agent(account, "Maria Schmidt", slug="maria"), make_team(account, [], slug="help-desk")
        call, visit = (
            make_type(account, internal_name=name, slug=slug, place=place, shareable="ticket")
            for name, slug, place in (("Quick call", "call", "phone"), ("On-site visit", "visit", "onsite"))
        )
        page = get_page(maria)
        page.is_on, page.title, page.text = True, "Talk to your account manager", "Licences, renewals, new people."
        offers = [Offer(call, "For anything that a few minutes settle."), Offer(visit)]
        save_page(page=page, slug="maria", offers=offers, actor="Alex", now=NOW)
        empty = get_page(team)
        empty.is_on = True
        save_page(page=empty, slug="help-desk", offers=[], actor="Alex", now=NOW)
        session = signed_in(account).cookies[settings.SESSION_COOKIE_NAME].value
    return Shop(account, maria, team, session)


@pytest.fixture
def enter(live_server: LiveServer, shop: Shop) -> Callable[[Page], None]:
    """Let the page's browser in as the administrator."""
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": shop.session, "url": live_server.url}
    return lambda page: page.context.add_cookies([cookie])  # type: ignore[list-item]


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
class TestEveryPage:
    def test_can_be_read_by_everybody(
        self, live_server: LiveServer, screen: dict[str, object], shop: Shop, enter: Callable[[Page], None]
    ) -> None:
        paths = {
            "/maria/": "Talk to your account manager",
            "/help-desk/": "Book a time with Help desk",
            f"/app/users/{shop.maria.public_id}/page/": "Maria Schmidt",
            f"/app/teams/{shop.team.public_id}/page/": "Help desk",
        }

        wrong = {}
        with open_browser(**screen) as page:
            enter(page)
            for path, heading in paths.items():
                page.goto(f"{live_server.url}{path}")
                expect(page.get_by_role("heading", level=1)).to_have_text(heading)
                if faults := what_is_wrong(page):
                    wrong[path] = faults

        assert wrong == {}


class TestTheKeyboard:
    def test_leads_from_the_page_to_the_times(self, live_server: LiveServer, shop: Shop) -> None:
        with open_browser() as page:
            page.goto(f"{live_server.url}/maria/?utm_source=signature")

            for _ in ("what skips to the main part", "the languages", "the first entry"):
                page.keyboard.press("Tab")
            expect(page.get_by_role("link", name="Quick call")).to_be_focused()
            page.keyboard.press("Enter")

            expect(page.get_by_role("heading", level=1)).to_have_text("Quick call")
            assert page.url == f"{live_server.url}/maria/call/?utm_source=signature"


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
class TestTheForm:
    def test_puts_entries_in_order_and_loses_nothing(
        self, live_server: LiveServer, shop: Shop, enter: Callable[[Page], None], has_scripts: bool
    ) -> None:
        with open_browser(java_script_enabled=has_scripts) as page:
            enter(page)
            page.goto(f"{live_server.url}/app/users/{shop.maria.public_id}/page/")

            page.get_by_label("Title", exact=True).fill("Maria’s hours")
            page.get_by_role("button", name="Move On-site visit up").press("Enter")
            expect(page.locator("legend").first).to_have_text("On-site visit")
            expect(page.get_by_role("button", name="Move On-site visit down")).to_be_focused()
            page.get_by_role("button", name="Save", exact=True).last.click()
            expect(page.get_by_text("Saved. The page is on.")).to_be_visible()
            page.goto(f"{live_server.url}/maria/")

            expect(page.get_by_role("heading", level=1)).to_have_text("Maria’s hours")
            expect(page.get_by_role("heading", level=3)).to_have_text(["On-site visit", "Quick call"])
