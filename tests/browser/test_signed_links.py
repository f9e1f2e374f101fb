"""Making a link for one client or one ticket, and finding a company, by hand in a real browser; axe on every page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from sandbox.connectwise.server import Options, Sandbox, running
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.tenants.scope import active
from tests.browser.looking import what_is_wrong
from tests.support.browser import chromium
from tests.support.factories import make_type
from tests.support.members import signed_in
from tests.support.psa import Desk, make_desk

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS: dict[str, dict[str, Any]] = {
    "light desktop": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark phone": {"viewport": {"width": 360, "height": 760}, "color_scheme": "dark"},
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture
def desk(sandbox: Sandbox, live_server: LiveServer) -> Iterator[Desk]:
    desk = make_desk(sandbox)
    with override_settings(PUBLIC_URL=live_server.url), active(desk.account):
        yield desk


@pytest.fixture
def kind(desk: Desk) -> AppointmentType:
    return make_type(desk.account, internal_name="Review call", slug="review", shareable="activity", notice_amount=0)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(params=list(SCREENS))
def page(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, desk: Desk, kind: AppointmentType
) -> Iterator[Page]:
    """An administrator's browser. An error in a script fails the test."""
    faults: list[str] = []
    session = signed_in(desk.account).cookies[settings.SESSION_COOKIE_NAME].value
    with browser.new_context(base_url=live_server.url, locale="en-US", **SCREENS[request.param]) as context:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
    assert faults == []


class TestLinkForAClient:
    def test_is_made_copied_opened_and_taken_back(self, page: Page, desk: Desk, kind: AppointmentType) -> None:
        ticket = desk.ticket()
        page.goto(f"/app/types/{kind.public_id}/")
        page.get_by_role("link", name="Link for one client or ticket").click()
        page.get_by_label("Find the client in the PSA").fill(ticket["contactEmailAddress"])
        page.get_by_role("button", name="Find").click()
        found = page.get_by_role("link", name=ticket["contactEmailAddress"])
        expect(found).to_be_visible()
        assert what_is_wrong(page) == []

        found.click()
        expect(page.get_by_role("textbox", name="Name")).to_have_value(ticket["contact"]["name"])
        page.get_by_label("Who takes it").select_option(label="Jordan Doe")
        assert what_is_wrong(page) == []
        page.get_by_role("button", name="Make the link").click()

        expect(page.get_by_role("heading", name="The link is ready")).to_be_visible()
        assert what_is_wrong(page) == []
        page.get_by_role("button", name="Copy the address").first.click()
        address = page.evaluate("navigator.clipboard.readText()")
        client = page.context.new_page()
        client.goto(address)
        expect(client.get_by_role("heading", level=1)).to_have_text("Review call")

        page.get_by_role("button", name="Take back the link").click()
        expect(page.get_by_text("Whoever opens the link is told so.")).to_be_visible()
        assert what_is_wrong(page) == []
        client.reload()
        expect(client.get_by_role("heading", level=1)).to_have_text("This link was taken back")


class TestLinkForATicket:
    def test_is_made_for_a_ticket_that_was_found(self, page: Page, desk: Desk) -> None:
        ticket = desk.ticket()
        page.goto("/app/requests/")
        page.get_by_role("link", name="Links", exact=True).click()
        assert what_is_wrong(page) == []
        page.get_by_role("link", name="Make a link").click()
        page.get_by_role("link", name="One ticket").click()
        page.get_by_label("Which ticket is it about?").fill(str(ticket["id"]))
        page.keyboard.press("Enter")
        page.get_by_role("link", name=f"#{ticket['id']}").click()
        page.get_by_label("Who takes it").select_option(label="Jordan Doe")
        page.get_by_label("Until").fill("2000-01-01")
        page.get_by_role("button", name="Make the link").click()

        expect(page.get_by_role("alert")).to_contain_text("It would be over before anybody could book by it.")
        assert what_is_wrong(page) == []


class TestCompany:
    def test_is_found_by_enter_without_sending_the_form(self, page: Page, desk: Desk, kind: AppointmentType) -> None:
        company = next(each for each in desk.sandbox.store.all("companies") if not each["deletedFlag"])
        page.goto(f"/app/types/{kind.public_id}/")
        page.get_by_role("link", name="Additional Settings").click()

        page.get_by_label("Find a company in the PSA").fill(company["name"])
        page.keyboard.press("Enter")
        page.get_by_role("radio", name=company["name"]).check()
        assert what_is_wrong(page) == []
        page.get_by_role("button", name="Save", exact=True).last.click()

        expect(page.get_by_text("Review call is saved.")).to_be_visible()
        expect(page.get_by_text(f"Number {company['id']}")).to_be_attached()
