"""
Whatever kind of link it is and whatever speaks against a booking: the page says so, in the visitor's language and on
their clock, says whom to ask, tells nothing of a ticket, and can be read by everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Error, Page, Response
from pytest_django.live_server_helper import LiveServer

from sandbox.connectwise.server import Options, Sandbox, running
from slotdesk.web.public import link_limits
from tests.browser.booking_page import code_that_was_sent, elsewhere, open_browser, take_slot
from tests.browser.links_world import NAMES, NINA, Address, World, make_world
from tests.browser.looking import is_too_wide, latin_words, make_of, settle, troubles_of, what_axe_finds
from tests.browser.negative_pages import CELLS, PAGES, Cell, Does
from tests.support.factories import NOW
from tests.support.psa import broken

PHONE = {"width": 320, "height": 568}
# More than any limit.
_MANY = 1000
# Days from now on which people work.
_OPEN_DAYS = (1, 2, 3, 4, 10, 11)


@dataclass(frozen=True, slots=True)
class Reader:
    """language: which the browser asks for, as ours is called; country and zone: whose half hours no other has."""

    language: str
    locale: str
    zone: str
    scheme: str


READERS = [
    Reader("en", "en-IN", "Asia/Kolkata", "light"),
    Reader("en", "en-CA", "America/St_Johns", "dark"),
    Reader("ar", "ar-EG", "Asia/Kolkata", "dark"),
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW - timedelta(minutes=5), tick=True):
        yield


@pytest.fixture
def world(sandbox: Sandbox, transactional_db: None) -> World:
    return make_world(sandbox)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: f"{reader.locale} in {reader.zone}")
class TestEveryLink:
    def test_says_why_nothing_can_be_booked(
        self, live_server: LiveServer, sandbox: Sandbox, world: World, reader: Reader
    ) -> None:
        wrong = {}
        makes: set[str] = set()
        options = {"locale": reader.locale, "timezone_id": reader.zone, "color_scheme": reader.scheme}
        with open_browser(**options, viewport=PHONE) as page:
            for number, cell in enumerate(CELLS):
                with troubles_of(page) as found:
                    found += look(page, live_server.url, sandbox, world, cell, number, reader)
                    if is_new(makes, make_of(page)):
                        found += what_axe_finds(page)
                if found:
                    wrong[cell.name] = found

        assert wrong == {}


def look(page: Page, server: str, sandbox: Sandbox, world: World, cell: Cell, number: int, reader: Reader) -> list[str]:
    """What is wrong with this cell; one that cannot be reached is told as well, and hides no other."""
    try:
        answer = go(page, server, sandbox, world, cell, number)
        return list(faults_of(page, answer, cell, world, reader))
    except Error as error:
        return [str(error)]


def go(page: Page, server: str, sandbox: Sandbox, world: World, cell: Cell, number: int) -> Response:
    """Do what the cell says, and return the answer that is shown in the end."""
    address = world.addresses.get(cell.address) or Address(cell.address)
    if cell.does in (Does.BOOK_AFTER_MANY, Does.ASK_FOR_CODE_AFTER_MANY):
        elsewhere(lambda: do_too_much(world))
    if cell.does in (Does.LOOK, Does.ASK_FOR_CODE, Does.ASK_FOR_CODE_AFTER_MANY):
        answer = page.goto(f"{server}{address}")
        assert answer is not None
        if cell.does == Does.LOOK:
            return answer
        page.locator("input[type=email]").fill(NINA)
    else:
        # A time for each.
        day, half_hour = divmod(number, 16)
        starts_at = NOW + timedelta(days=_OPEN_DAYS[day], minutes=30 * half_hour)
        page.goto(f"{server}{address.details(starts_at, cell.email)}")
        if cell.does == Does.LOSE:
            take_slot(world.both, starts_at)
    answer = press(page, sandbox if cell.does == Does.BOOK_WITHOUT_PSA else None)
    if cell.does == Does.BOOK_WITH_CODE:
        page.locator("input[name=code]").fill(code_that_was_sent())
        answer = press(page)
    return answer


def press(page: Page, down: Sandbox | None = None) -> Response:
    with broken(down, "down") if down else nullcontext(), page.expect_navigation() as sent:
        page.locator("form .main-button").last.click()
    return sent.value


def do_too_much(world: World) -> None:
    request = RequestFactory().get("/")  # from where the browser is
    for _ in range(_MANY):
        if not link_limits.may_book(request, world.account):
            break
    for number in range(_MANY):
        if not link_limits.may_ask_for_code(request, world.account, f"somebody-{number}@else.example"):
            break


def faults_of(page: Page, answer: Response, cell: Cell, world: World, reader: Reader) -> Iterator[str]:
    expected = PAGES[cell.page]
    settle(page)
    if answer.status != expected.status:
        yield f"Its status is {answer.status}."
    said = page.locator(expected.place).all_inner_texts()
    with translation.override(reader.language):
        words = gettext(expected.words).split("%(time)s")
    if not any(all(part in text for part in words) for text in said):
        yield f"It says {said}."
    if expected.asks != page.locator("main a[href^='mailto:'], main a[href^='tel:']").first.is_visible():
        yield "It says whom to ask, or not."
    if not expected.is_open and any(secret in page.content() for secret in world.secrets):
        yield "It tells something of a ticket."
    if cell.says is not None:
        yield from clock_faults(page, cell.says, reader, on_day=cell.on_day)
    if is_too_wide(page):
        yield "It scrolls sideways."
    if reader.language == "ar":
        direction = page.locator("html")
        if (direction.get_attribute("dir"), direction.get_attribute("lang")) != ("rtl", "ar"):
            yield "It does not run from right to left."
        if found := latin_words(page, without=NAMES):
            yield f"It is not all Arabic: {found}"


def is_new(known: set[str], make: str) -> bool:
    """Whether a page of this make was not looked at before: axe-core judges how pages are made, and takes its time."""
    is_known = make in known
    known.add(make)
    return not is_known


def clock_faults(page: Page, moment: datetime, reader: Reader, *, on_day: bool) -> Iterator[str]:
    """Whether the page names the moment as it reads on the reader's own clock."""
    local = moment.astimezone(ZoneInfo(reader.zone))
    clock = f"{(local.hour - 1) % 12 + 1}:{local.minute:02}"
    lead = page.locator(".lead")
    said = lead.inner_text()
    expected = [str(local.day), str(local.year)] if on_day else [str(local.day), str(local.year), clock]
    if any(part not in said for part in expected):
        yield f"It should name {expected}: {said}"
