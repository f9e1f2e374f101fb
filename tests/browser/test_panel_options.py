"""More options, and a time agreed with the client, in the panel: 300 pixels of a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, FrameLocator, Page, expect
from pytest_django.live_server_helper import LiveServer

from sandbox.connectwise.server import Options, Sandbox, running
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.catalog.models import TypeResource
from slotdesk.domain.connections.operations import install_panel
from slotdesk.domain.tenants.scope import active
from tests.browser.looking import what_is_wrong
from tests.support.browser import chromium
from tests.support.factories import make_agent, make_type
from tests.support.psa import Desk, make_desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture
def desk(sandbox: Sandbox, live_server: LiveServer) -> Iterator[Desk]:
    desk = make_desk(sandbox)
    with override_settings(PUBLIC_URL=live_server.url), active(desk.account):
        priya = make_agent(desk.account, "Priya Raman")
        make_type(desk.account, internal_name="30-minute phone call", notice_amount=0)
        visit = make_type(desk.account, internal_name="Visit", position=1)
        TypeResource.objects.create(appointment_type=visit, agent=priya)
        install_panel(connection=desk.connection, url=f"{live_server.url}/panel/{desk.connection.public_id}/")
        yield desk


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    faults: list[str] = []
    with browser.new_context(viewport={"width": 1400, "height": 1400}, locale="en-US") as context:
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
    assert faults == []


def open_panel(page: Page, desk: Desk, ticket: dict[str, Any]) -> FrameLocator:
    page.goto(f"{desk.sandbox.url}/tickets/{ticket['id']}")
    panel = page.frame_locator("iframe")
    expect(panel.get_by_role("button", name="Ask client to schedule")).to_be_visible()
    return panel


def assert_accessible(page: Page) -> None:
    panel = next(frame for frame in page.frames if "/panel/" in frame.url)
    assert what_is_wrong(panel) == []


class TestMoreOptions:
    def test_find_another_client_and_begin_afresh_once_asked(self, desk: Desk, page: Page) -> None:
        panel = open_panel(page, desk, desk.ticket())
        panel.get_by_text("More options").click()
        panel.get_by_role("button", name="Find at").click()
        contact = panel.locator(".contacts button[data-email*='@']").first
        email = contact.get_attribute("data-email")
        contact.click()
        panel.get_by_label("Guests", exact=True).fill("bo@client.example")
        assert_accessible(page)

        panel.get_by_role("button", name="Ask client to schedule").click()

        expect(panel.get_by_text("gets an e-mail with the link")).to_be_visible()
        expect(panel.locator("#guests")).to_have_value("")
        with active(desk.account):
            request = SchedulingRequest.objects.get()
            assert request.client_email == email
            assert request.guests.get().email == "bo@client.example"

    def test_keep_what_was_typed_when_something_is_wrong(self, desk: Desk, page: Page) -> None:
        panel = open_panel(page, desk, desk.ticket())
        panel.get_by_text("More options").click()
        panel.get_by_label("Guests", exact=True).fill("bo@client.example, nobody")

        panel.get_by_role("button", name="Ask client to schedule").click()

        expect(panel.get_by_text("“nobody” is not an e-mail address")).to_be_visible()
        expect(panel.get_by_label("Guests", exact=True)).to_have_value("bo@client.example, nobody")

    def test_offer_only_those_whom_the_type_may_ask(self, desk: Desk, page: Page) -> None:
        panel = open_panel(page, desk, desk.ticket())

        panel.get_by_label("Appointment type").select_option("Visit")

        resource = panel.get_by_label("Appointment with")
        expect(resource.locator("option:checked")).to_have_text("Priya Raman")
        expect(resource.locator("option", has_text="Jordan Doe")).to_be_disabled()


class TestAgreedTime:
    def test_is_booked_with_the_rules_set_aside_once_they_were_read(self, desk: Desk, page: Page) -> None:
        panel = open_panel(page, desk, desk.ticket())
        panel.get_by_text("Book a time agreed with the client").click()
        panel.get_by_label("Date", exact=True).fill("2031-03-04")
        expect(panel.locator("#agreed-times")).to_contain_text("Nothing is free")
        panel.get_by_label("Date", exact=True).fill(_in_three_days(page))
        panel.get_by_label("Another time").fill("23:10")
        panel.get_by_label("Note").fill("Agreed by phone")
        assert_accessible(page)

        panel.get_by_role("button", name="Book this time").click()
        expect(panel.get_by_text("Outside of working hours.")).to_be_visible()
        assert_accessible(page)
        panel.get_by_text("Set the rules aside").click()
        panel.get_by_role("button", name="Book it all the same").click()

        expect(panel.get_by_text("Booked:")).to_be_visible()
        with active(desk.account):
            assert Appointment.objects.get().note == "Agreed by phone"


def _in_three_days(page: Page) -> str:
    return str(page.evaluate("new Date(Date.now() + 3 * 864e5).toISOString().slice(0, 10)"))
