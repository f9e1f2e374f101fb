"""The whole story in a browser: ticket page, mail, booking page, and what the ticket page shows afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.connections.operations import install_panel, subscribe_to_changes
from tests.support.browser import chromium
from tests.support.msp import Msp, Worker, connected_msp

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def msp(live_server: LiveServer) -> Iterator[Msp]:
    """An MSP whose PSA shows our panel and tells us of changes, with a worker at work."""
    with override_settings(PUBLIC_URL=live_server.url), connected_msp() as msp:
        install_panel(connection=msp.connection, url=f"{live_server.url}/panel/{msp.connection.public_id}/")
        subscribe_to_changes(connection=msp.connection, url=f"{live_server.url}/hooks/{msp.connection.public_id}/")
        worker = Worker(lease_seconds=60, public_url=live_server.url)
        worker.start()
        try:
            yield msp
        finally:
            worker.kill()


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        page = browser.new_page(timezone_id="America/Denver", locale="en-US")
        page.set_default_timeout(30_000)
        yield page


class TestWholeStory:
    def test_a_technician_asks_and_the_client_books(self, msp: Msp, page: Page) -> None:
        expect.set_options(timeout=30_000)
        ticket = msp.open_ticket()
        ticket_page = f"{msp.psa.url}/tickets/{ticket['id']}"

        page.goto(ticket_page)
        panel = page.frame_locator("iframe")
        expect(panel.get_by_text(ticket["contactEmailAddress"])).to_be_visible()
        panel.get_by_label("Appointment type").select_option(label=msp.type.internal_name)
        panel.get_by_role("button", name="Ask client to schedule").click()
        expect(page.get_by_text(re.compile(r"asked .* to schedule"))).to_be_visible()
        expect(page.get_by_text("Schedule Sent").first).to_be_visible()

        page.goto(msp.mail.url)
        page.get_by_text("Choose a time with").first.click()
        with page.expect_popup() as opened:
            page.frame_locator("article iframe").get_by_role("link", name="See free times").click()
        client = opened.value
        client.get_by_role("button", name=re.compile("^Earliest")).click()
        client.get_by_label("Phone number").fill("303 555 0123")
        client.get_by_role("button", name="Book this time").click()
        expect(client.get_by_role("heading", level=1)).to_contain_text(re.compile("booked", re.IGNORECASE))

        page.goto(ticket_page)
        expect(page.get_by_text(re.compile(r"booked .* with"))).to_be_visible()
        expect(page.get_by_text("Scheduled").first).to_be_visible()
        expect(page.frame_locator("iframe").get_by_text("Scheduled").first).to_be_visible()
        page.goto(msp.mail.url)
        expect(page.get_by_text(re.compile("^Booked: ")).first).to_be_visible()
        assert len(msp.effects("entry.created")) == 1
        assert SchedulingRequest.objects.get().status == "scheduled"
