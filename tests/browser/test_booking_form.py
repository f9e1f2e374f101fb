"""A client fills in the form: guests one by one, a number of another country, and sees what is about to be booked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.browser.booking_page import open_browser, take_slot
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type

ELEVEN = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW - timedelta(minutes=5), tick=True):
        yield


@pytest.fixture
def link(live_server: LiveServer, transactional_db: None) -> str:
    """The form for Monday, eleven o'clock in New York."""
    account = make_account()
    with active(account):
        request = make_request(make_type(account, asks_guests=True), [make_agent(account, "Maria Schmidt")])
    return f"{live_server.url}/schedule/{request.token}/details/?start={int(ELEVEN.timestamp())}&zone=Europe/Berlin"


def add_guest(page: Page, address: str) -> None:
    page.get_by_role("button", name="Add a guest").click()
    page.keyboard.type(address)


class TestGuests:
    def test_are_added_line_by_line_and_taken_out_again(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            add_guest(page, "bo@client.example")
            page.keyboard.press("Enter")
            page.keyboard.type("cy@client.example")
            add_guest(page, "di@client.example")
            page.get_by_role("button", name="Remove this guest").nth(1).click()
            page.get_by_role("button", name="Book this time").click()

            expect(page.get_by_role("heading", level=1)).to_have_text("You are booked")
            expect(page.get_by_text("bo@client.example, di@client.example")).to_be_visible()

    def test_that_are_no_addresses_stay_to_be_mended(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            add_guest(page, "bo@client.example")
            add_guest(page, "nobody")
            page.get_by_role("button", name="Book this time").click()
            wrong = page.get_by_role("textbox", name="E-mail address of a guest").nth(1)

            expect(wrong).to_have_value("nobody")
            expect(wrong).to_have_attribute("aria-invalid", "true")
            expect(wrong).to_have_accessible_description("“nobody” does not look like an e-mail address.")

    def test_are_at_most_as_many_as_may_come(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            for number in range(10):
                add_guest(page, f"guest-{number}@client.example")

            expect(page.get_by_role("button", name="Add a guest")).to_be_hidden()

    def test_without_scripts_share_one_field(self, link: str) -> None:
        with open_browser(java_script_enabled=False) as page:
            page.goto(link)
            page.get_by_label("Guests").fill("bo@client.example, cy@client.example")
            page.get_by_role("button", name="Book this time").click()

            expect(page.get_by_text("bo@client.example, cy@client.example")).to_be_visible()


class TestPhone:
    @pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
    def test_is_dialled_in_the_country_that_was_chosen(self, link: str, *, scripts: bool) -> None:
        with open_browser(java_script_enabled=scripts) as page:
            page.goto(link)
            country, number = page.get_by_label("Country of this number"), page.get_by_label("Phone number")
            country.select_option("United States (+1)")
            number.fill("0301 2345678")
            page.get_by_role("button", name="Book this time").click()
            expect(page.get_by_role("alert")).to_contain_text("does not fit the chosen country (United States)")
            expect(number).to_have_value("0301 2345678")

            country.select_option("Germany (+49)")
            page.get_by_role("button", name="Book this time").click()

            expect(page.get_by_text("We call +49 30 12345678")).to_be_visible()

    @pytest.mark.parametrize(
        ("options", "country"),
        [
            ({"locale": "en-US", "timezone_id": "Europe/Berlin"}, "DE"),
            # In the account's own zone, which is named all the same.
            ({"locale": "de-DE", "timezone_id": "America/New_York"}, "US"),
            ({"locale": "de-DE", "timezone_id": "America/New_York", "java_script_enabled": False}, "DE"),
            ({"locale": "es-US", "timezone_id": "Europe/Berlin", "java_script_enabled": False}, "US"),
        ],
        ids=["by the zone", "by the account's zone", "without scripts by the language", "else the account's"],
    )
    def test_begins_with_the_country_of_whoever_comes(self, link: str, options: dict[str, Any], country: str) -> None:
        with open_browser(**options) as page:
            page.goto(link.partition("details/")[0])
            expect(page.locator("#times")).not_to_have_attribute("aria-busy", "true")
            page.locator(".slots button:visible").first.click()

            expect(page.locator("select[name=country_phone]")).to_have_value(country)

    def test_brings_its_country_along_when_it_is_written_with_its_code(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            page.get_by_label("Phone number").fill("+44 20 7946 0958")

            expect(page.get_by_label("Country of this number")).to_have_value("GB")


class TestTakenMeanwhile:
    def test_keeps_what_was_typed_by_whoever_came_straight_to_the_form(self, link: str) -> None:
        """Its address named no zone, so the page of times asks for the browser's own then."""
        with all_accounts():
            request = SchedulingRequest.objects.select_related("account", "appointment_type").get()
        with open_browser(timezone_id="Europe/Berlin") as page:
            page.goto(link.partition("&zone=")[0])
            page.get_by_label("Anything we should know?").fill("Second door on the left")
            take_slot(request, ELEVEN)
            page.get_by_role("button", name="Book this time").click()
            expect(page.get_by_role("alert")).to_contain_text("has just been taken")
            expect(page.locator("#zone-label")).to_contain_text("Berlin")
            page.locator(".slots button:visible").first.click()

            expect(page.get_by_label("Anything we should know?")).to_have_value("Second door on the left")


class TestSummary:
    def test_says_what_is_about_to_be_booked_in_the_clients_zone(self, link: str) -> None:
        with open_browser() as page:
            page.goto(link)
            summary = page.get_by_role("region", name="What you are about to book")

            expect(summary).to_contain_text("Monday, May 3, 2027, 5:00 PM – 5:30 PM")
            expect(summary).to_contain_text("Berlin (UTC+02:00)")
            expect(summary).to_contain_text("Maria Schmidt · Summit MSP")
            expect(summary).to_contain_text("Phone call · 30 minutes")


class TestConfirmation:
    def test_leads_to_online_calendars_and_asks_nothing_of_them_before(self, link: str) -> None:
        asked: list[str] = []
        with open_browser() as page:
            page.on("request", lambda request: asked.append(request.url))
            page.goto(link)
            page.get_by_role("button", name="Book this time").click()
            links = [
                page.get_by_role("link", name=name).get_attribute("href") or ""
                for name in ("Google", "Outlook.com", "Microsoft 365")
            ]

        assert [address.split("/")[2] for address in links] == [
            "calendar.google.com",
            "outlook.live.com",
            "outlook.office.com",
        ]
        assert "dates=20270503T150000Z%2F20270503T153000Z" in links[0]
        assert all("startdt=2027-05-03T15%3A00%3A00Z" in address for address in links[1:])
        assert not [address for address in asked if "google" in address or "outlook" in address]
