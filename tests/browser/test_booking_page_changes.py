"""A client moves and cancels in a real browser: by mouse, without scripts, too late, in two tabs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.booking.models import Cancellation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.browser.booking_page import elsewhere, open_browser, take_slot
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type

TUESDAY_TEN = NOW + timedelta(hours=25)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    """It is Monday, 3 May 2027, just before 09:00 in New York."""
    with time_machine.travel(NOW - timedelta(minutes=5), tick=True):
        yield


@pytest.fixture
def booked(transactional_db: None) -> SchedulingRequest:
    """Ana Ruiz has Tuesday at ten with Maria Schmidt, and may change it."""
    account = make_account(support_phone="(212) 555-0142")
    with active(account):
        request = make_request(
            make_type(account, clients_may_change=True, window_amount=60), [make_agent(account, "Maria Schmidt")]
        )
        answers = Answers("America/New_York", "Ana Ruiz")
        book_slot(request=request, starts_at=TUESDAY_TEN, answers=answers, key="key", now=NOW)
        return request


@pytest.fixture
def link(live_server: LiveServer, booked: SchedulingRequest) -> str:
    return f"{live_server.url}/schedule/{booked.token}/appointment/"


def pick(page: Page, time: str) -> None:
    page.get_by_role("button", name=time, exact=True).locator("visible=true").click()


def expect_booked(page: Page, day: str, period: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked")
    expect(page.get_by_role("time")).to_have_text(f"{day}, {period}")


class TestMoving:
    def test_with_the_mouse(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            page.get_by_role("link", name="Choose another time").click()
            page.get_by_role("radio", name="Tuesday, May 4").check()
            expect(page.get_by_role("button", name="10:00 AM (your time now)")).to_be_visible()
            page.get_by_role("radio", name="Wednesday, May 5").check()
            pick(page, "2:00 PM")
            page.get_by_role("button", name="Move the appointment").click()

            expect_booked(page, "Wednesday, May 5, 2027", "2:00 PM – 2:30 PM")

    def test_by_half_its_own_length(self, link: str) -> None:
        with open_browser() as page:
            page.goto(f"{link}reschedule/?from=2027-05-04")
            pick(page, "10:15 AM")
            page.get_by_role("button", name="Move the appointment").press("Enter")

            expect_booked(page, "Tuesday, May 4, 2027", "10:15 AM – 10:45 AM")

    def test_without_scripts_in_another_zone_and_month(self, link: str) -> None:
        with open_browser(java_script_enabled=False) as page:
            page.goto(f"{link}reschedule/")
            page.get_by_text("Change", exact=True).click()
            page.get_by_label("Time zone", exact=True).select_option("Europe/Berlin")
            page.get_by_role("button", name="Show times in this zone").click()
            page.get_by_role("button", name="Later month").click()
            page.get_by_role("radio", name="Thursday, June 17").check()
            pick(page, "8:00 PM")
            page.get_by_role("button", name="Move the appointment").click()

            expect_booked(page, "Thursday, June 17, 2027", "8:00 PM – 8:30 PM")
            expect(page.get_by_text("Berlin (UTC+02:00)")).to_be_visible()

    def test_other_months_and_zones_come_without_a_new_page(self, link: str) -> None:
        with open_browser() as page:
            page.goto(f"{link}reschedule/")
            page.evaluate("window.isSamePage = true")
            page.get_by_role("button", name="Later month").click()
            expect(page.get_by_role("heading", name="June 2027")).to_be_focused()

            assert page.evaluate("window.isSamePage")
            assert "/appointment/reschedule/?" in page.url

    def test_a_time_that_is_taken_meanwhile_leaves_the_old_one(self, link: str, booked: SchedulingRequest) -> None:
        with open_browser() as page:
            page.goto(f"{link}reschedule/?from=2027-05-04")
            pick(page, "2:00 PM")
            take_slot(booked, TUESDAY_TEN + timedelta(hours=4))
            page.get_by_role("button", name="Move the appointment").click()

            expect(page.get_by_role("alert")).to_contain_text("Tue, May 4, 2:00 PM has just been taken")
            expect(page.get_by_text("Your appointment stays as it was")).to_be_visible()
            pick(page, "3:00 PM")
            page.get_by_role("button", name="Move the appointment").click()
            expect_booked(page, "Tuesday, May 4, 2027", "3:00 PM – 3:30 PM")

    def test_of_two_tabs_the_later_one_sees_how_it_stands(self, link: str) -> None:
        with open_browser() as page:
            other = page.context.new_page()
            for tab, time in ((page, "1:00 PM"), (other, "3:00 PM")):
                tab.goto(f"{link}reschedule/?from=2027-05-04")
                pick(tab, time)
            for tab in (page, other):
                tab.get_by_role("button", name="Move the appointment").click()

            expect_booked(other, "Tuesday, May 4, 2027", "1:00 PM – 1:30 PM")
            expect(other.get_by_role("alert")).to_contain_text("The appointment has changed meanwhile")


class TestCancelling:
    @pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
    def test_with_a_reason(self, link: str, has_scripts: bool) -> None:
        with open_browser(java_script_enabled=has_scripts) as page:
            page.goto(link)
            page.get_by_role("link", name="Cancel the appointment").click()
            page.get_by_label("Would you tell us why?").fill("The printer works again.")
            page.get_by_role("button", name="Cancel the appointment").click()

            expect(page.get_by_role("heading", level=1)).to_have_text("This appointment was cancelled")
            page.go_back()
            page.reload()
            expect(page.get_by_role("heading", level=1)).to_have_text("This appointment was cancelled")
        assert reasons() == ["The printer works again."]

    def test_can_be_thought_better_of(self, link: str) -> None:
        with open_browser() as page:
            page.goto(f"{link}cancellation/")
            page.get_by_role("link", name="Keep it").click()

            expect_booked(page, "Tuesday, May 4, 2027", "10:00 AM – 10:30 AM")
        assert reasons() == []

    def test_too_late_on_a_page_that_was_open_for_long(self, link: str) -> None:
        with open_browser() as page:
            page.goto(f"{link}cancellation/")
            with time_machine.travel(TUESDAY_TEN - timedelta(hours=1), tick=True):
                page.get_by_role("button", name="Cancel the appointment").click()

                expect(page.get_by_role("alert")).to_contain_text("It could be changed here until Tue, May 4, 8:00 AM")
                expect(page.get_by_role("link", name="(212) 555-0142")).to_be_visible()
                expect(page.get_by_role("link", name="Choose another time")).to_have_count(0)
        assert reasons() == []


def reasons() -> list[str]:
    def read() -> list[str]:
        with all_accounts():
            return list(Cancellation.objects.values_list("reason", flat=True))

    return elsewhere(read)
