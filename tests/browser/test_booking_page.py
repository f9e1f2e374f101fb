"""A client chooses a time: with the mouse, the keyboard, a small phone, without scripts, in another zone, too late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.browser.booking_page import elsewhere, open_browser, take_slot
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    """It is Monday, 3 May 2027, just before 09:00 in New York."""
    with time_machine.travel(NOW - timedelta(minutes=5), tick=True):
        yield


@pytest.fixture
def invited(transactional_db: None) -> SchedulingRequest:
    """Ana Ruiz may book half an hour with Maria Schmidt in New York, from 11:00 on."""
    account = make_account()
    with active(account):
        return make_request(make_type(account, window_amount=60), [make_agent(account, "Maria Schmidt")])


@pytest.fixture
def link(live_server: LiveServer, invited: SchedulingRequest) -> str:
    return f"{live_server.url}/schedule/{invited.token}/"


def pick(page: Page, time: str) -> None:
    page.get_by_role("button", name=time, exact=True).locator("visible=true").click()


def expect_booked(page: Page, day: str, period: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked")
    expect(page.get_by_role("time")).to_have_text(f"{day}, {period}")


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never reaches {target}")


class TestChoosingATime:
    def test_with_the_mouse(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            page.get_by_role("radio", name="Wednesday, May 5").check()
            pick(page, "2:00 PM")
            page.get_by_label("Anything we should know?").fill("It is the one by the window.")
            page.get_by_role("button", name="Book this time").click()

            expect_booked(page, "Wednesday, May 5, 2027", "2:00 PM – 2:30 PM")
            expect(page.get_by_text("It is the one by the window.")).to_be_visible()

    def test_with_the_keyboard_alone(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            tab_to(page, page.get_by_role("radio", name="Monday, May 3, today"))
            page.keyboard.press("ArrowRight")
            tab_to(page, page.get_by_role("button", name="9:15 AM").locator("visible=true"))
            page.keyboard.press("Enter")
            tab_to(page, page.get_by_label("Your name"))
            page.keyboard.press("Enter")

            expect_booked(page, "Tuesday, May 4, 2027", "9:15 AM – 9:45 AM")

    def test_without_scripts(self, link: str) -> None:
        with open_browser(java_script_enabled=False) as page:
            page.goto(link)
            page.get_by_text("Change").click()
            page.get_by_label("Time zone", exact=True).select_option("Europe/Berlin")
            page.get_by_role("button", name="Show times in this zone").click()
            page.get_by_role("button", name="Later month").click()
            page.get_by_role("radio", name="Thursday, June 17").check()
            pick(page, "8:00 PM")
            page.get_by_role("button", name="Book this time").click()

            expect_booked(page, "Thursday, June 17, 2027", "8:00 PM – 8:30 PM")
            expect(page.get_by_text("Berlin (UTC+02:00)")).to_be_visible()

    def test_on_the_narrowest_phone_without_scrolling_sideways(self, link: str) -> None:
        with open_browser(viewport={"width": 320, "height": 568}, has_touch=True, is_mobile=True) as page:
            page.goto(link)
            widths = [page.evaluate("document.documentElement.scrollWidth")]
            small = page.evaluate(
                "[...document.querySelectorAll('button, summary, .square')].filter(one => one.checkVisibility()"
                " && one.getBoundingClientRect().height < 44).map(one => one.textContent)"
            )
            page.get_by_role("button", name="Earliest").tap()
            expect(page.get_by_role("heading", name="Your details")).to_be_visible()
            widths.append(page.evaluate("document.documentElement.scrollWidth"))
            page.get_by_role("button", name="Book this time").tap()

            expect_booked(page, "Monday, May 3, 2027", "11:00 AM – 11:30 AM")
            assert [*widths, page.evaluate("document.documentElement.scrollWidth")] == [320, 320, 320]
            assert small == []

    def test_in_the_dark(self, link: str) -> None:
        with open_browser(color_scheme="dark") as page:
            page.goto(link)

            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 18, 24)"

    def test_with_a_double_click_books_once(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            pick(page, "11:30 AM")
            page.get_by_role("button", name="Book this time").dblclick()

            expect_booked(page, "Monday, May 3, 2027", "11:30 AM – 12:00 PM")
        with all_accounts():
            assert Appointment.objects.count() == 1


class TestZones:
    def test_are_the_browsers_own_from_the_start_and_so_is_the_language(self, link: str) -> None:
        with open_browser(timezone_id="Europe/Berlin", locale="de-DE") as page:
            page.goto(link)

            expect(page.locator("#zone-label")).to_have_text("Berlin (UTC+02:00)")
            expect(page.get_by_role("button", name="Frühestens")).to_contain_text("Mo., 3. Mai, 17:00")

    def test_move_times_to_the_clients_own_day(self, link: str) -> None:
        with open_browser(timezone_id="Asia/Tokyo", locale="en-GB") as page:
            page.goto(link)

            expect(page.get_by_role("button", name="Earliest")).to_contain_text("Tue 4 May, 00:00")

    def test_are_found_by_what_people_call_them_with_the_keyboard(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            page.get_by_text("Change").click()
            expect(page.get_by_role("combobox")).to_be_focused()
            page.keyboard.type("pacific los")
            page.keyboard.press("Enter")

            expect(page.locator("#zone-label")).to_have_text("Los Angeles (UTC−07:00)")
            expect(page.get_by_role("button", name="Earliest")).to_contain_text("8:00 AM")
            expect(page.locator("#zone summary")).to_be_focused()
            expect(page.get_by_role("status").first).to_contain_text("Los Angeles")

    @pytest.mark.parametrize(
        ("asked", "place"),
        [
            ("Germany", "Berlin, Germany"),
            ("EST", "New York, United States"),
            ("pt", "Los Angeles, United States"),
            ("sao p", "Sao Paulo, Brazil"),
            ("uk", "London, United Kingdom"),
            ("gmt+9", "Tokyo, Japan"),
        ],
    )
    def test_are_found_by_country_abbreviation_and_offset(self, link: str, asked: str, place: str) -> None:
        with open_browser() as page:
            page.goto(link)
            page.get_by_text("Change").click()
            page.get_by_role("combobox").fill(asked)

            expect(page.get_by_role("option", name=place)).to_be_visible()

    def test_of_no_name_say_what_to_try(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            page.get_by_text("Change").click()
            page.get_by_role("combobox").fill("Atlantis")

            expect(page.get_by_text("Try a large city nearby")).to_be_visible()


class TestMonths:
    def test_turn_in_place_and_say_so(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            page.get_by_role("button", name="Later month").click()

            expect(page.get_by_role("heading", name="June 2027")).to_be_focused()
            expect(page.get_by_role("status").first).to_contain_text("June 2027: 775 free times")

    def test_come_back_with_the_back_button(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            page.get_by_role("button", name="Later month").click()
            expect(page.get_by_role("heading", name="June 2027")).to_be_visible()
            page.go_back()

            expect(page.get_by_role("heading", name="May 2027")).to_be_visible()

    def test_are_walked_through_like_a_calendar(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            tab_to(page, page.get_by_role("radio", name="Monday, May 3, today"))
            walked = []
            for key in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowUp", "End", "Home"):
                page.keyboard.press(key)
                walked.append(page.evaluate("document.activeElement.value"))
            page.keyboard.press("PageDown")

            assert walked == ["2027-05-10", "2027-05-11", "2027-05-18", "2027-05-11", "2027-06-04", "2027-05-03"]
            expect(page.get_by_role("heading", name="June 2027")).to_be_visible()


class TestLosingTheRace:
    def test_keeps_what_was_typed_for_the_next_choice(self, link: str, invited: SchedulingRequest) -> None:
        with open_browser() as page:
            page.goto(link)
            pick(page, "11:30 AM")
            page.get_by_label("Anything we should know?").fill("Second door on the left")
            take_slot(invited, NOW + timedelta(hours=2, minutes=30))
            page.get_by_role("button", name="Book this time").click()

            expect(page.get_by_role("alert")).to_contain_text("Mon, May 3, 11:30 AM has just been taken")
            page.get_by_role("button", name="Later month").click()
            expect(page.get_by_role("heading", name="June 2027")).to_be_visible()
            pick(page, "9:00 AM")
            expect(page.get_by_label("Anything we should know?")).to_have_value("Second door on the left")
            assert "door" not in page.url
            page.get_by_role("button", name="Book this time").click()

            expect_booked(page, "Tuesday, June 1, 2027", "9:00 AM – 9:30 AM")

    def test_is_noticed_by_a_tab_that_comes_back(self, link: str, invited: SchedulingRequest) -> None:
        with open_browser() as page:
            page.clock.install()
            page.goto(link)
            show = "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
            show += " document.dispatchEvent(new Event('visibilitychange')); }"
            page.evaluate(show, True)
            take_slot(invited, NOW + timedelta(hours=2))
            page.clock.fast_forward(61_000)
            page.evaluate(show, False)

            expect(page.get_by_role("button", name="Earliest")).to_contain_text("11:30 AM")

    def test_is_noticed_by_a_page_that_is_looked_at_and_nothing_moves(
        self, link: str, invited: SchedulingRequest
    ) -> None:
        with open_browser() as page:
            page.clock.install()
            page.goto(link)
            page.get_by_role("radio", name="Tuesday, May 4").check()
            before = page.get_by_role("button", name="3:00 PM").locator("visible=true").bounding_box()
            take_slot(invited, NOW + timedelta(days=1, hours=1))
            page.clock.fast_forward(76_000)

            expect(page.get_by_role("button", name="10:00 AM", exact=True).locator("visible=true")).to_be_disabled()
            expect(page.get_by_role("status").first).to_contain_text("Somebody else has just taken a time")
            expect(page.get_by_role("radio", name="Tuesday, May 4")).to_be_checked()
            assert page.get_by_role("button", name="3:00 PM").locator("visible=true").bounding_box() == before

    def test_leaves_the_focus_on_the_earliest_time_when_that_was_it(
        self, link: str, invited: SchedulingRequest
    ) -> None:
        with open_browser() as page:
            page.clock.install()
            page.goto(link)
            earliest = page.get_by_role("button", name="Earliest")
            expect(earliest).to_contain_text("11:00 AM")
            earliest.focus()
            take_slot(invited, NOW + timedelta(hours=2))
            page.clock.fast_forward(76_000)

            expect(earliest).to_contain_text("11:30 AM")
            expect(earliest).to_be_focused()

    def test_is_not_asked_for_by_a_page_that_was_left_open(self, link: str) -> None:
        asked: list[str] = []
        with open_browser() as page:
            page.clock.install()
            page.goto(link)
            page.on("request", lambda request: asked.append(request.url))
            for _ in range(60):
                page.clock.run_for(60_000)
            page.wait_for_load_state("networkidle")

        assert 5 <= len(asked) <= 10


class TestComingBack:
    def test_after_booking_shows_the_appointment(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            pick(page, "11:30 AM")
            page.get_by_role("button", name="Book this time").click()
            expect_booked(page, "Monday, May 3, 2027", "11:30 AM – 12:00 PM")
            page.go_back()

            expect_booked(page, "Monday, May 3, 2027", "11:30 AM – 12:00 PM")

    def test_downloads_the_calendar_file(self, link: str, invited: SchedulingRequest) -> None:
        with open_browser() as page:
            page.goto(link)
            pick(page, "11:30 AM")
            page.get_by_role("button", name="Book this time").click()
            with page.expect_download() as download:
                page.get_by_role("link", name="Add to my calendar").click()

            made = elsewhere(lambda: _appointment_of(invited))
            assert f"UID:{made.public_id}@slotdesk" in download.value.path().read_text()


def _appointment_of(request: SchedulingRequest) -> Appointment:
    with active(request.account):
        return Appointment.objects.get(request=request)
