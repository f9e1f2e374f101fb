"""The ticket panel in the PSA's ticket screen, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Browser, FrameLocator, Page, expect
from pytest_django.live_server_helper import LiveServer

from sandbox.connectwise.server import Options, Sandbox, running
from slotdesk.domain.booking.invitations import mark_sent
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.operations import install_panel
from slotdesk.domain.events.models import Event
from slotdesk.domain.tenants.scope import active
from tests.browser.looking import what_is_wrong
from tests.support.browser import chromium
from tests.support.factories import make_agent, make_team, make_type
from tests.support.psa import Desk, broken, make_desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture
def desk(sandbox: Sandbox, live_server: LiveServer) -> Iterator[Desk]:
    """An account whose PSA shows our panel, with two technicians and one type; it is active."""
    desk = make_desk(sandbox)
    with override_settings(PUBLIC_URL=live_server.url), active(desk.account):
        make_agent(desk.account, "Priya Raman")
        make_type(desk.account, internal_name="30-minute phone call", notice_amount=0)
        install_panel(connection=desk.connection, url=f"{live_server.url}/panel/{desk.connection.public_id}/")
        yield desk


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A technician's browser. An error in a script fails the test."""
    faults: list[str] = []
    with browser.new_context(viewport={"width": 1400, "height": 1000}, locale="en-US") as context:
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if _is_refused(said.text) else None)
        yield page
    assert faults == []


def _is_refused(text: str) -> bool:
    """What the content security policy kept a page of ours from; that it keeps others from framing us is no fault."""
    return "Content Security Policy" in text and not text.startswith("Framing")


def open_ticket(page: Page, desk: Desk, ticket: dict[str, Any]) -> FrameLocator:
    page.goto(f"{desk.sandbox.url}/tickets/{ticket['id']}")
    return page.frame_locator("iframe")


def set_status(desk: Desk, ticket: dict[str, Any], name: str, *, is_closed: bool = False) -> None:
    """As somebody, or one of our workflows, does in the PSA."""
    desk.sandbox.store.put("tickets", ticket | {"status": {"id": 1, "name": name}, "closedFlag": is_closed})


def come_back(page: Page) -> None:
    """To the browser's tab, from another one."""
    page.frames[1].evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def only_request(desk: Desk) -> SchedulingRequest:
    with active(desk.account):
        return SchedulingRequest.objects.get()


class TestInATicket:
    def test_asks_the_client(self, page: Page, desk: Desk) -> None:
        ticket = desk.ticket()
        panel = open_ticket(page, desk, ticket)

        expect(panel.get_by_text(ticket["contactEmailAddress"])).to_be_visible()
        expect(panel.get_by_label("Appointment with")).to_contain_text("Jordan Doe (you)")
        panel.get_by_label("Appointment with").select_option(label="Priya Raman")
        panel.get_by_label("Minutes").fill("45")
        panel.get_by_role("button", name="Ask client to schedule").click()

        expect(panel.get_by_role("status")).to_contain_text("gets an e-mail with the link")
        expect(panel.get_by_role("region", name="Requests of this ticket")).to_contain_text("Priya Raman")
        made = only_request(desk)
        assert made.terms["duration_minutes"] == 45
        assert made.created_by == "Jordan Doe"

    def test_copies_the_link_with_a_text_for_mails_though_frames_are_denied_the_clipboard(
        self, page: Page, desk: Desk
    ) -> None:
        page.context.grant_permissions(["clipboard-read"], origin=desk.sandbox.url)
        panel = open_ticket(page, desk, desk.ticket())
        panel.get_by_role("button", name="Copy link instead").click()

        panel.get_by_role("button", name="Copy", exact=True).click()

        expect(panel.get_by_role("button", name="Copied")).to_be_visible()
        page.bring_to_front()
        page.get_by_role("heading", level=1).click()
        copied = page.evaluate(
            "navigator.clipboard.read().then(items => Promise.all("
            "items[0].types.map(async type => [type, await (await items[0].getType(type)).text()])))"
        )
        link = f"{settings.PUBLIC_URL}/schedule/{only_request(desk).token}/"
        parts = dict(copied)
        assert parts["text/plain"] == link
        assert f'<a href="{link}">30-minute phone call</a>' in parts["text/html"]

    def test_gives_a_link_and_cancels(self, page: Page, desk: Desk, live_server: LiveServer) -> None:
        panel = open_ticket(page, desk, desk.ticket(has_email=False))

        expect(panel.get_by_role("button", name="Ask client to schedule")).to_be_disabled()
        panel.get_by_role("button", name="Copy link instead").click()
        expect(panel.get_by_text("Nothing was sent")).to_be_visible()
        expect(panel.get_by_label("The client’s link")).to_have_value(
            f"{live_server.url}/schedule/{only_request(desk).token}/"
        )
        panel.get_by_label("More for").click()
        panel.get_by_role("button", name="Cancel the request").click()

        expect(panel.get_by_role("status")).to_contain_text("Cancelled.")
        assert only_request(desk).status == "cancelled"

    def test_is_worked_by_keyboard(self, page: Page, desk: Desk) -> None:
        panel = open_ticket(page, desk, desk.ticket())

        panel.get_by_label("Appointment with").focus()
        for _ in range(5):
            page.keyboard.press("Tab")
        expect(panel.get_by_role("button", name="Ask client to schedule")).to_be_focused()
        page.keyboard.press("Enter")
        expect(panel.get_by_role("status")).to_contain_text("Asked.")
        panel.get_by_label("More for").focus()
        page.keyboard.press("Enter")
        expect(panel.get_by_role("button", name="Cancel the request")).to_be_visible()
        page.keyboard.press("Escape")

        expect(panel.get_by_role("button", name="Cancel the request")).to_be_hidden()
        expect(panel.get_by_label("More for")).to_be_focused()

    def test_asks_for_several_people_and_teams(self, page: Page, desk: Desk) -> None:
        make_team(desk.account, [desk.agent], internal_name="Network team")
        panel = open_ticket(page, desk, desk.ticket())
        add = panel.get_by_role("button", name="Add a person or team")

        for _ in range(3):
            add.click()
        expect(add).to_be_hidden()
        expect(panel.get_by_label("Also with").last).to_be_focused()
        panel.get_by_label("Also with").nth(0).select_option(label="Network team")
        panel.get_by_label("Also with").nth(1).select_option(label="Priya Raman")
        panel.get_by_role("button", name="Take away").last.click()
        expect(add).to_be_focused()
        panel.get_by_role("button", name="Ask client to schedule").click()

        requests = panel.get_by_role("region", name="Requests of this ticket")
        expect(requests).to_contain_text("with Jordan Doe, Network team, Priya Raman")

    def test_shows_by_itself_that_the_client_was_written_to(self, page: Page, desk: Desk) -> None:
        panel = open_ticket(page, desk, desk.ticket())
        panel.get_by_role("button", name="Ask client to schedule").click()
        badge = panel.locator("#lines .badge")
        expect(badge).to_have_text("New")

        made = only_request(desk)
        mark_sent(request=made, now=timezone.now())
        Event.objects.update(advanced_at=made.created_at)

        expect(badge).to_have_text("Sent")
        expect(panel.get_by_role("status")).to_contain_text("Asked.")
        expect(panel.locator("[data-moving]")).to_have_count(0)

    def test_follows_the_tickets_status_after_an_action_and_when_somebody_comes_back(
        self, page: Page, desk: Desk
    ) -> None:
        ticket = desk.ticket()
        panel = open_ticket(page, desk, ticket)
        line = panel.locator("#ticket-status")
        expect(line).to_contain_text(ticket["status"]["name"])
        panel.get_by_label("Minutes").fill("20")

        set_status(desk, ticket, "Schedule Sent")
        panel.get_by_role("button", name="Copy link instead").click()
        expect(line).to_have_text(f"{ticket['board']['name']}: Schedule Sent")
        set_status(desk, ticket, "Waiting on Client")
        come_back(page)
        expect(line).to_have_text(f"{ticket['board']['name']}: Waiting on Client")

        assert page.frames[1].evaluate("document.querySelector('[name=status_seen]').value") == "Waiting on Client"

    def test_shows_that_the_ticket_was_closed_meanwhile(self, page: Page, desk: Desk) -> None:
        ticket = desk.ticket()
        panel = open_ticket(page, desk, ticket)
        expect(panel.get_by_role("button", name="Ask client to schedule")).to_be_visible()

        set_status(desk, ticket, "Closed", is_closed=True)
        come_back(page)

        expect(panel.get_by_text("This ticket is closed.")).to_be_visible()
        expect(panel.get_by_role("button", name="Ask client to schedule")).to_have_count(0)

    def test_tells_why_a_time_is_not_offered(self, page: Page, desk: Desk) -> None:
        panel = open_ticket(page, desk, desk.ticket())
        panel.get_by_role("button", name="Copy link instead").click()

        panel.get_by_text("Why not this time?").focus()
        page.keyboard.press("Enter")
        panel.get_by_label("Time", exact=True).fill("03:00")
        panel.get_by_role("textbox", name="Date", exact=True).fill(f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}")
        panel.get_by_role("textbox", name="Date", exact=True).press("Enter")

        expect(panel.get_by_text("The client is not offered this time.")).to_be_visible()
        expect(panel.get_by_text("Jordan Doe cannot take it")).to_be_visible()
        expect(panel.get_by_text("Outside of working hours.")).to_be_visible()

    def test_says_that_the_psa_is_down_and_keeps_what_was_chosen(self, page: Page, desk: Desk) -> None:
        panel = open_ticket(page, desk, desk.ticket())
        panel.get_by_label("Minutes").fill("20")

        with broken(desk.sandbox, "500"):
            panel.get_by_role("button", name="Ask client to schedule").click()
            expect(panel.get_by_role("alert")).to_contain_text("Nothing is lost")

        expect(panel.get_by_label("Minutes")).to_have_value("20")
        panel.get_by_role("button", name="Ask client to schedule").click()
        expect(panel.get_by_role("status")).to_contain_text("Asked.")

    def test_says_that_it_cannot_be_opened_and_tries_again(self, page: Page, desk: Desk) -> None:
        with broken(desk.sandbox, "500"):
            panel = open_ticket(page, desk, desk.ticket())
            expect(panel.get_by_role("alert")).to_contain_text("Try again in a minute")

        panel.get_by_role("button", name="Try again").click()

        expect(panel.get_by_role("button", name="Ask client to schedule")).to_be_visible()

    def test_proves_its_viewer_again_when_the_token_has_run_out(self, page: Page, desk: Desk) -> None:
        panel = open_ticket(page, desk, desk.ticket())
        expect(panel.get_by_role("button", name="Ask client to schedule")).to_be_visible()

        page.frames[1].evaluate("const real = Date.now; Date.now = () => real() + 16 * 60 * 1000")
        with page.expect_request("**/session/"):
            panel.get_by_role("button", name="Ask client to schedule").click()

        expect(panel.get_by_role("status")).to_contain_text("Asked.")

    def test_takes_the_length_of_the_type(self, page: Page, desk: Desk) -> None:
        make_type(desk.account, internal_name="On-site visit", duration="02:00:00", position=5)
        panel = open_ticket(page, desk, desk.ticket())

        expect(panel.get_by_label("Minutes")).to_have_value("30")
        panel.get_by_label("Appointment type").select_option(label="On-site visit")

        expect(panel.get_by_label("Minutes")).to_have_value("120")
        assert AppointmentType.objects.count() == 2


class TestOutsideOfATicket:
    def test_says_what_it_is(self, page: Page, desk: Desk, live_server: LiveServer) -> None:
        page.goto(f"{live_server.url}/panel/{desk.connection.public_id}/")

        expect(page.get_by_role("heading", name="This is the Slotdesk ticket panel")).to_be_visible()
        expect(page.get_by_text("Install the panel")).to_be_visible()

    def test_is_not_framed_by_others(self, page: Page, desk: Desk, live_server: LiveServer) -> None:
        page.goto(f"{live_server.url}/accounts/login/")
        page.evaluate(
            """url => {
                const frame = document.createElement("iframe");
                frame.src = url;
                document.body.append(frame);
                return new Promise((resolve) => frame.addEventListener("load", resolve));
            }""",
            f"{live_server.url}/panel/{desk.connection.public_id}/",
        )

        assert not page.frames[1].url.startswith(live_server.url)


class TestForEverybody:
    @pytest.mark.parametrize(("width", "scheme"), [(300, "light"), (420, "dark")])
    def test_fits_and_passes_axe(self, page: Page, desk: Desk, scheme: Any, width: int) -> None:
        page.emulate_media(color_scheme=scheme)
        panel = open_ticket(page, desk, desk.ticket())
        panel.get_by_role("button", name="Copy link instead").click()
        panel.get_by_role("button", name="Add a person or team").click()
        panel.get_by_text("Why not this time?").click()
        panel.get_by_label("Time", exact=True).fill("03:00")
        panel.get_by_role("button", name="Explain").click()
        expect(panel.locator(".answer, .why .notice")).to_be_visible()
        panel.get_by_label("More for").click()
        page.evaluate(f"document.querySelector('iframe').style.width = '{width}px'")

        frame = page.frames[1]
        frame.wait_for_function(f"innerWidth === {width}")
        assert what_is_wrong(frame) == []
