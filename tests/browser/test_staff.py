"""The staff pages in a real browser: looked at by axe on desktop and phone, light and dark, and worked with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.models import Board
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.finding import Link
from slotdesk.domain.messages.models import Template
from slotdesk.domain.people.holiday_lists import add_holiday, create_list
from slotdesk.domain.people.models import Agent, HolidayList, Team
from slotdesk.domain.tenants.models import Account, User
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.advance import advance
from slotdesk.domain.workflows.models import StepRun
from tests.browser.looking import what_is_wrong
from tests.support.browser import chromium
from tests.support.factories import make_account, make_agent, make_busy, make_request, make_team, make_type
from tests.support.members import give_place
from tests.support.openings import ask_at

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL, PASSWORD = "alex@summit.example", "correct horse battery"
SCREENS = {"desktop": {"width": 1360, "height": 900}, "phone": {"width": 390, "height": 844}}


@dataclass
class Shop:
    """An account with one of everything, and how a step of its request fared."""

    account: Account
    agent: Agent
    type: AppointmentType
    request: SchedulingRequest
    failed: StepRun
    event: Event

    @property
    def tomorrow(self) -> date:
        return datetime.now(UTC).date() + timedelta(days=1)

    @property
    def pages(self) -> list[str]:
        return [
            "/app/requests/",
            "/app/requests/?q=nobody",
            f"/app/requests/{self.request.public_id}/",
            f"/app/requests/{self.request.public_id}/explanation/?date={self.tomorrow}&time=03:07",
            "/app/types/",
            "/app/requests/waiting/",
            "/app/types/archived/",
            "/app/types/new/",
            f"/app/types/{self.type.public_id}/",
            "/app/users/",
            "/app/invitations/",
            "/app/invitations/new/",
            f"/app/users/{self.agent.public_id}/handover/",
            "/app/settings/roles/",
            "/app/settings/roles/users/",
            "/app/settings/roles/new/",
            f"/app/users/{self.agent.public_id}/",
            f"/app/users/{self.agent.public_id}/hours/",
            f"/app/users/{self.agent.public_id}/time-off/",
            f"/app/users/{self.agent.public_id}/calendars/",
            f"/app/users/{self.agent.public_id}/notices/",
            f"/app/users/{self.agent.public_id}/psa-member/",
            "/app/teams/",
            "/app/teams/new/",
            f"/app/teams/{Team.objects.get().public_id}/",
            "/app/holidays/",
            f"/app/holidays/{HolidayList.objects.get().public_id}/",
            "/app/settings/account/",
            "/app/settings/branding/",
            "/app/settings/branding/preview/?color=%23ffee00&greeting=Hello&has_header=on&header_color=%23003366",
            "/app/settings/e-mail/",
            "/app/settings/e-mail/built-in/?kind=confirmation",
            "/app/settings/e-mail/new/?kind=appointment_reminder",
            f"/app/settings/e-mail/{Template.objects.get().public_id}/",
            "/app/settings/e-mail/preview/?kind=confirmation",
            "/app/settings/privacy/",
            "/app/settings/audit/",
            f"/app/settings/audit/{self.event.pk}/",
            "/app/integrations/",
            "/app/integrations/psa/connectwise/",
            "/app/integrations/psa/connectwise/statuses/",
            "/accounts/2fa/",
            "/accounts/sessions/",
            "/accounts/password/change/",
            "/accounts/reauthenticate/",
            "/app/nothing/",
        ]


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Shop]:
    cache.clear()
    account = make_account()
    user = User.objects.create_user(EMAIL, PASSWORD, name="Alex Stone")
    with active(account):
        give_place(account, user, "administrator")
        now = datetime.now(UTC)
        agent, kind = make_agent(account, "Maria Schmidt", now=now), make_type(account)
        board = {"connection": agent.calendars.get().connection, "external_id": "1", "name": "Service Desk"}
        Board.objects.create(**board, statuses=[{"id": "7", "name": "Scheduled", "is_closed": False}])
        request = make_request(kind, [agent], now=now)
        make_team(account, [agent])
        days = create_list(account=account, name="Company days", actor="Alex", now=now)
        add_holiday(holiday_list=days, day=date(now.year + 1, 3, 4), name="Founders’ day", actor="Alex", now=now)
        for number, email in (("", "nina@newcomer.example"), ("48213", "bo@newcomer.example")):
            ask_at(Link(account, (agent,), kind), email, now=now, ticket_number=number)
        make_busy(agent, now + timedelta(days=1), now + timedelta(days=1, hours=3))
        Template.objects.create(account=account, name="Short", kind="confirmation", subject="Hi", body="<p>Hi</p>")
        advance(event_id=Event.objects.get(subject=request.public_id).pk, now=now)
        failed, retried, done = StepRun.objects.order_by("id")[:3]
        _settle(failed, "failed", "The board lost this status.")
        _settle(retried, "waiting", "The PSA does not answer.")
        _settle(done, "done", "Sent to ana@client.example.")
        yield Shop(account, agent, kind, request, failed, failed.event)


def _settle(run: StepRun, state: str, outcome: str) -> None:
    now = datetime.now(UTC)
    StepRun.objects.filter(pk=run.pk).update(
        state=state,
        outcome=outcome,
        attempts=2,
        due_at=now + timedelta(minutes=5),
        finished_at=None if state == "waiting" else now,
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def enter(browser: Browser, live_server: LiveServer, shop: Shop) -> Iterator[Callable[..., Page]]:
    """Return a page of somebody who has just signed in. An error in a script fails the test."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def enter(**options: Any) -> Page:
        contexts.append(browser.new_context(base_url=live_server.url, locale="en-US", **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto("/accounts/login/")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1, name="Requests")).to_be_visible()
        return page

    yield enter
    for context in contexts:
        context.close()
    assert faults == []


class TestEveryPage:
    @pytest.mark.parametrize(("screen", "scheme"), [("desktop", "light"), ("phone", "dark")])
    def test_fits_and_passes_axe(self, enter: Callable[..., Page], shop: Shop, screen: str, scheme: Any) -> None:
        page = enter(viewport=SCREENS[screen], color_scheme=scheme, reduced_motion="reduce")

        problems = {}
        for path in shop.pages:
            page.goto(path)
            if found := what_is_wrong(page):
                problems[path] = found

        assert problems == {}

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_before_signing_in_passes_axe(
        self, browser: Browser, live_server: LiveServer, shop: Shop, scheme: Any
    ) -> None:
        page = browser.new_context(base_url=live_server.url, color_scheme=scheme).new_page()

        for path in ("/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/"):
            page.goto(path)
            assert what_is_wrong(page) == [], path


class TestRequestPage:
    def test_tries_a_failed_step_again_and_follows_it(self, enter: Callable[..., Page], shop: Shop) -> None:
        page = enter()
        page.goto(f"/app/requests/{shop.request.public_id}/")

        expect(page.get_by_role("alert")).to_contain_text("1 step failed for good")
        page.locator(".run", has_text="The board lost this status.").get_by_role("button", name="Try again now").click()
        expect(page.get_by_role("alert")).to_have_count(0)
        _settle(shop.failed, "done", "New → Scheduled.")

        expect(page.get_by_text("New → Scheduled.")).to_be_visible()

    def test_tells_why_a_time_is_not_offered(self, enter: Callable[..., Page], shop: Shop) -> None:
        page = enter()
        page.goto(f"/app/requests/{shop.request.public_id}/")

        page.get_by_label("Date", exact=True).fill(f"{shop.tomorrow}")
        page.get_by_label("Time", exact=True).fill("03:00")
        page.get_by_label("Time", exact=True).press("Enter")

        expect(page.get_by_text("The client is not offered this time.")).to_be_visible()
        expect(page.get_by_text("Maria Schmidt cannot take it")).to_be_visible()
        assert what_is_wrong(page) == []
        assert page.url.endswith(f"/app/requests/{shop.request.public_id}/")

    def test_cancels_after_asking(self, enter: Callable[..., Page], shop: Shop) -> None:
        page = enter()
        page.goto(f"/app/requests/{shop.request.public_id}/")

        page.get_by_role("button", name="Cancel the request").first.click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        assert what_is_wrong(page) == []
        dialog.get_by_role("button", name="Cancel the request").click()

        expect(page.get_by_text("Cancelled. The ticket and everybody concerned are being told.")).to_be_visible()

    def test_copies_the_clients_link(self, enter: Callable[..., Page], shop: Shop) -> None:
        page = enter(permissions=["clipboard-read", "clipboard-write"])
        page.goto(f"/app/requests/{shop.request.public_id}/")

        page.get_by_role("button", name="Copy the client's link").click()

        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()").endswith(f"/schedule/{shop.request.token}/")


class TestRequestList:
    def test_is_searched_while_typing(self, enter: Callable[..., Page], shop: Shop) -> None:
        page = enter()

        page.get_by_label("Search").fill("nobody")
        expect(page.get_by_text("Nothing matches")).to_be_visible()
        page.get_by_label("Search").fill("ruiz")
        expect(page.get_by_role("link", name="Ana Ruiz")).to_be_visible()

        assert "q=ruiz" in page.url

    def test_opens_a_request_by_its_row(self, enter: Callable[..., Page], shop: Shop) -> None:
        page = enter()

        page.get_by_role("row", name="Ana Ruiz").get_by_text("30-minute phone call").click()

        expect(page.get_by_role("heading", level=1, name="Ana Ruiz")).to_be_visible()


class TestUsers:
    def test_are_switched_without_leaving_the_list(self, enter: Callable[..., Page], shop: Shop) -> None:
        page = enter()
        page.goto("/app/users/")
        switch = page.get_by_role("switch", name="Clients can book Maria Schmidt")

        expect(switch).to_be_checked()
        switch.click()

        expect(switch).not_to_be_checked()
        assert not Agent.objects.get().is_schedulable

    def test_take_own_hours(self, enter: Callable[..., Page], shop: Shop) -> None:
        page = enter()
        page.goto(f"/app/users/{shop.agent.public_id}/hours/")

        page.get_by_label("Own hours", exact=True).check()
        page.get_by_role("button", name="More hours").click()
        row = page.locator("#hours-rows .hour-row").last
        row.get_by_label("Sat").check()
        row.get_by_label("From").fill("10:00")
        row.get_by_label("To").fill("14:00")
        page.get_by_role("button", name="Save").click()

        expect(page.get_by_text("The hours of Maria Schmidt are saved.")).to_be_visible()
        assert Agent.objects.get().hours[-1] == {"days": [6], "start": "10:00", "end": "14:00"}


class TestColours:
    def test_are_changed_by_hand_and_stay(self, enter: Callable[..., Page], shop: Shop) -> None:
        page = enter(color_scheme="light")

        page.get_by_role("button", name="Alex Stone").click()
        page.get_by_role("button", name="Dark colours").click()
        page.goto("/app/types/")

        assert page.locator("html").get_attribute("data-bs-theme") == "dark"
