"""Whoever proves an address, and whoever errs on the way, can read every page, also large, dark and in Arabic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

import pytest
import time_machine
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.tenants.scope import active
from tests.browser.booking_page import open_browser
from tests.browser.looking import SCREENS, latin_words, what_is_wrong
from tests.support.factories import NOW, make_account, make_agent, make_type

READERS = {
    f"{language} {name}": {**screen, "locale": locale}
    for language, locale in (("English", "en-US"), ("Arabic", "ar-EG"))
    for name, screen in SCREENS.items()
}
NAMES = ("Summit MSP", "Maria Schmidt", "Quick call", "Slotdesk", "UTC")
START = int((NOW + timedelta(days=1)).timestamp())


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW - timedelta(minutes=5), tick=True):
        yield


@pytest.fixture
def link(live_server: LiveServer, transactional_db: None) -> str:
    account = make_account(support_phone="(212) 555-0142", brand_color="#c0a000")
    with active(account):
        make_agent(account, "Maria Schmidt", slug="maria")
        fields = {"internal_name": "Quick call", "slug": "call", "phone_rule": "required", "asks_guests": True}
        make_type(account, shareable="activity", checks_email=True, **fields)
    return f"{live_server.url}/maria/call/"


def steps_of_a_ticket(page: Page, link: str) -> Iterator[str]:
    page.goto(f"{link}ticket/4711/")
    yield "who are you"
    send(page, "email", "nobody")
    yield "a wrong address"
    send(page, "email", "ana@client.example")
    yield from steps_of_a_code(page)


def steps_of_a_form(page: Page, link: str) -> Iterator[str]:
    page.goto(f"{link}details/?start={START}")
    yield "the form"
    send(page, "email", "nobody")
    yield "a wrong form"
    for name, text in (("name", "Nina New"), ("phone", "+1 212-555-0187")):
        page.locator(f"input[name={name}]").fill(text)
    send(page, "email", "nina@newcomer.example")
    yield from steps_of_a_code(page)


def steps_of_a_code(page: Page) -> Iterator[str]:
    page.locator("input[name=code]").wait_for()
    yield "the code"
    send(page, "code", "")
    yield "no code"
    for _ in range(5):
        send(page, "code", "1")
    page.locator(".banner").wait_for()
    yield "another code"


def send(page: Page, name: str, text: str) -> None:
    page.locator(f"input[name={name}]").fill(text)
    with page.expect_navigation():
        page.locator("form .main-button").click()


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
class TestEveryStep:
    def test_can_be_read_by_everybody(self, link: str, reader: dict[str, object]) -> None:
        wrong = {}
        with open_browser(**reader) as page:
            for step in chain(steps_of_a_ticket(page, link), steps_of_a_form(page, link)):
                found = what_is_wrong(page)
                if reader["locale"] == "ar-EG":
                    found += latin_words(page, without=NAMES)
                if found:
                    wrong[step] = found

        assert wrong == {}
