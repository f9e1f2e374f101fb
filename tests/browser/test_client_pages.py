"""
Each kind of link, and each page that says why nothing can be booked by it: what it says, its status, whom to ask, and
that everybody can read it, in two zones and in both directions of writing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from sandbox.connectwise.server import Options, Sandbox, running
from slotdesk.domain.booking.invitations import cancel_request, close_request
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.new_contacts import NewContacts
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.links.pages import get_page, save_page
from slotdesk.domain.links.signed import sign
from slotdesk.domain.people.models import Agent
from slotdesk.domain.profile.models import Profile
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.browser.booking_page import open_browser
from tests.support.factories import NOW, make_agent, make_request, make_team, make_type
from tests.support.links import make_signed_link
from tests.support.psa import Desk, broken, make_desk

ELEVEN = NOW + timedelta(hours=2)
START = int((NOW + timedelta(days=1, hours=2)).timestamp())
_DAY = timedelta(days=1)
SCREENS: dict[str, dict[str, Any]] = {
    "light desktop in New York": {"color_scheme": "light"},
    "dark phone in Berlin": {
        "color_scheme": "dark",
        "viewport": {"width": 320, "height": 568},
        "timezone_id": "Europe/Berlin",
        "locale": "de-DE",
    },
    "from right to left": {"color_scheme": "light", "viewport": {"width": 375, "height": 760}, "locale": "ar"},
}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@dataclass(frozen=True, slots=True)
class Case:
    """
    A page: where it is, and with which status and main heading.

    presses   the form that the address leads to is sent as it is filled in
    is_down   the PSA does not answer meanwhile
    """

    path: str
    status: int
    presses: bool = False
    is_down: bool = False


@pytest.fixture
def cases(transactional_db: None, sandbox: Sandbox) -> dict[str, Case]:
    """Every page, by kind of link and reason. The account's colours are hard to read on white and on black alike."""
    cache.clear()
    desk = make_desk(sandbox, support_phone="(212) 555-0142", brand_color="#c0a000")
    with active(desk.account):
        Profile.objects.create(account=desk.account, header_color="#777777", most_open_bookings=1)
        Agent.objects.filter(pk=desk.agent.pk).update(slug="jordan")
        desk.agent.refresh_from_db()
        # Nothing in the calendar is read again before a booking: only what links themselves ask the PSA matters here.
        Calendar.objects.filter(agent=desk.agent).update(is_blocking=False, synced_at=NOW)
        return by_request(desk) | by_public_link(desk) | by_signed_link(desk) | by_page(desk)


def by_request(desk: Desk) -> dict[str, Case]:
    kind = make_type(desk.account, internal_name="Invited call")
    made = {name: make_request(kind, [desk.agent]) for name in ("taken back", "closed", "expired", "used", "cancelled")}
    late = make_request(make_type(desk.account, clients_may_change=True, change_notice_amount=48), [desk.agent])
    none = make_request(make_type(desk.account, window_amount=1, window_unit="minutes"), [desk.agent])
    cancel_request(request=made["taken back"], actor="Jordan Doe", now=NOW)
    close_request(request=made["closed"], actor="Jordan Doe", now=NOW)
    SchedulingRequest.objects.filter(pk=made["expired"].pk).update(
        latest_date=date(2027, 5, 2), limits_zone="America/New_York"
    )
    for hour, request in enumerate((made["used"], made["cancelled"], late)):
        answers = Answers("America/New_York", "Ana Ruiz", "+1 212-555-0187")
        book_slot(request=request, starts_at=ELEVEN + timedelta(hours=hour), answers=answers, key="k" * 16, now=NOW)
    cancel_appointment(request=made["cancelled"], actor="Jordan Doe", reason="Ill", now=NOW)
    return {
        "request: unknown": Case("/schedule/nothing/", 404),
        "request: taken back": Case(f"/schedule/{made['taken back'].token}/", 410),
        "request: closed": Case(f"/schedule/{made['closed'].token}/", 410),
        "request: expired": Case(f"/schedule/{made['expired'].token}/", 410),
        "request: used": Case(f"/schedule/{made['used'].token}/", 200),
        "request: cancelled appointment": Case(f"/schedule/{made['cancelled'].token}/", 200),
        "request: too late to change": Case(f"/schedule/{late.token}/appointment/reschedule/", 403),
        "request: nothing free": Case(f"/schedule/{none.token}/", 200),
        "request: calendar unread": Case(f"/schedule/{make_request(kind, [_unread(desk.account)]).token}/", 503),
    }


def by_public_link(desk: Desk) -> dict[str, Case]:
    make_type(desk.account, slug="off")
    make_type(desk.account, slug="full", shareable="activity", window_amount=1, window_unit="minutes")
    _offered(desk, "call")
    _unread(desk.account, "Robin Okafor", slug="robin")
    return {
        "shareable: foreign": Case("/jordan/nothing/", 404),
        "shareable: turned off": Case("/jordan/off/", 404),
        "shareable: nothing free": Case("/jordan/full/", 200),
        "shareable: calendar unread": Case("/robin/call/", 503),
        "ticket: unknown": Case("/jordan/nothing/ticket/4711/", 404),
        "ticket: nobody knows who it is": Case("/jordan/call/ticket/4711/", 200),
        "ticket: took too long": Case("/jordan/call/ticket/4711/?pass=over", 200),
    }


def by_signed_link(desk: Desk) -> dict[str, Case]:
    kind = _offered(desk, "signed")
    picky = _offered(desk, "picky", new_contacts=NewContacts.REJECT_ADDRESS)
    off = make_type(desk.account, slug="signed-off")

    def link(kind: AppointmentType, **fields: Any) -> str:
        signed = make_signed_link(kind, [desk.agent], **fields)
        number = signed.ticket_number
        return f"/jordan/{kind.slug}/{f'ticket/{number}/' if number else ''}?s={sign(signed)}"

    def form(path: str) -> str:
        return f"{path.replace('?', 'details/?')}&start={START}"

    found: dict[str, Case] = {}
    for whose, fields in (("client", {}), ("ticket", {"ticket_number": "4711", "ticket_summary": "A secret"})):
        found |= {
            f"signed {whose}: too early": Case(link(kind, opens_at=NOW + 7 * _DAY, **fields), 403),
            f"signed {whose}: expired": Case(link(kind, expires_at=NOW - _DAY, **fields), 410),
            f"signed {whose}: taken back": Case(link(kind, revoked_at=NOW, **fields), 410),
        }
    closed, there = desk.ticket(is_closed=True), desk.ticket()
    me = {"name": "Bo Client", "email": "bo@client.example"}
    over, open_, gone = (
        link(kind, ticket_number=str(number), **me) for number in (closed["id"], there["id"], 987654321)
    )
    full = make_request(kind, [desk.agent], email="full@client.example")
    SchedulingRequest.objects.filter(pk=full.pk).update(origin=SchedulingRequest.Origin.SHAREABLE)
    _book(full, hours=5)
    return found | {
        "signed client: turned off": Case(link(off), 404),
        "signed client: refused": Case(form(link(picky, email="stranger@newcomer.example")), 403, presses=True),
        "signed client: too many": Case(form(link(kind, email="full@client.example")), 429, presses=True),
        "signed ticket: closed": Case(form(over), 410, presses=True),
        "signed ticket: gone": Case(form(gone), 404, presses=True),
        "signed ticket: PSA down": Case(form(open_), 503, presses=True, is_down=True),
    }


def by_page(desk: Desk) -> dict[str, Case]:
    idle = make_agent(desk.account, "Maria Schmidt", slug="maria", is_schedulable=False)
    team = make_team(desk.account, [], slug="help-desk")
    for resource in (idle, team):
        page = get_page(resource)
        page.is_on = True
        save_page(page=page, slug=resource.slug, offers=[], actor="Alex", now=NOW)
    return {
        "personal page: off": Case("/jordan/", 404),
        "personal page: nothing": Case("/maria/", 200),
        "team page: unknown": Case("/nobody/", 404),
        "team page: nothing": Case("/help-desk/", 200),
    }


TITLES = {
    "unknown": "This link leads nowhere",
    "foreign": "This link leads nowhere",
    "turned off": "This link leads nowhere",
    "off": "This link leads nowhere",
    "gone": "This link leads nowhere",
    "closed": "This invitation is closed",
    "used": "You are booked",
    "cancelled appointment": "This appointment was cancelled",
    "too late to change": "You are booked",
    "too early": "It is too early to book here",
    "refused": "We do not know this address yet",
    "too many": "This cannot be done here at the moment",
    "signed ticket: closed": "The ticket is closed",
    "request: taken back": "This invitation was taken back",
    "taken back": "This link was taken back",
    "request: expired": "This invitation has expired",
    "expired": "This link has expired",
    "personal page: nothing": "Book a time with Maria Schmidt",
    "team page: nothing": "Book a time with Help desk",
}


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
class TestEveryPage:
    def test_says_what_is_the_case_and_can_be_read_by_everybody(
        self,
        live_server: LiveServer,
        sandbox: Sandbox,
        cases: dict[str, Case],
        screen: dict[str, Any],
        request: pytest.FixtureRequest,
    ) -> None:
        is_english = screen.get("locale", "en") == "en"
        wrong: dict[str, list[str]] = {}
        with open_browser(**screen) as page:
            for name, case in cases.items():
                status = open_page(page, live_server, sandbox, case)
                found = what_is_wrong(page)
                if status != case.status:
                    found.append(f"status {status} instead of {case.status}")
                title = TITLES.get(name) or TITLES.get(name.partition(": ")[2])
                heading = page.locator("h1").inner_text()
                if is_english and title and heading != title:
                    found.append(f"“{heading}” instead of “{title}”")
                text = page.locator("main").inner_text()
                if "A secret" in text:
                    found.append("It tells of the ticket.")
                if case.status >= 400 and "help@summit.example" not in text and name != "request: unknown":
                    found.append("It does not say whom to ask.")
                if screen.get("locale") == "ar" and page.locator("html").get_attribute("dir") != "rtl":
                    found.append("It is written from left to right.")
                if found:
                    wrong[name] = found
                keep_picture(page, request, name)

        assert wrong == {}


def open_page(page: Page, live_server: LiveServer, sandbox: Sandbox, case: Case) -> int:
    """Open it as a client would, and return the status of what is shown."""
    answer = page.goto(f"{live_server.url}{case.path}")
    if not case.presses:
        return answer.status if answer else 0
    page.locator("input[type=tel]").fill("(212) 555-0187")
    with page.expect_response(lambda response: response.request.method == "POST") as posted:
        if case.is_down:
            with broken(sandbox, "down"):
                page.locator(".main-button").click()
                page.wait_for_load_state("networkidle")
        else:
            page.locator(".main-button").click()
    page.wait_for_load_state("networkidle")
    return posted.value.status


def what_is_wrong(page: Page) -> list[str]:
    """What axe-core finds, and whether the page is wider than the screen."""
    page.wait_for_load_state("networkidle")
    found = [f"{item['id']}: {item['nodes'][0]['html']}" for item in Axe().run(page).response["violations"]]
    too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, "It scrolls sideways."] if too_wide else found


def keep_picture(page: Page, request: pytest.FixtureRequest, name: str) -> None:
    """For somebody to look at: PICTURES names a folder."""
    import os

    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{request.node.callspec.id}-{name}.png".replace(" ", "-").replace(":", ""))


def _offered(desk: Desk, slug: str, **fields: Any) -> AppointmentType:
    """A type that anybody can book, without a code."""
    more = {"shareable": "activity", "checks_email": False, "asks_guests": False, "notice_amount": 0} | fields
    return make_type(desk.account, internal_name=slug.capitalize(), slug=slug, **more)


def _unread(account: Account, name: str = "Lee Chan", **fields: Any) -> Agent:
    """Their calendar was read an hour ago, and does not answer any more."""
    agent = make_agent(account, name, **fields)
    Calendar.objects.filter(agent=agent).update(is_blocking=True, synced_at=NOW - timedelta(hours=1))
    return agent


def _book(request: SchedulingRequest, *, hours: int) -> None:
    answers = Answers("America/New_York", "Ana Ruiz", "+1 212-555-0187")
    book_slot(request=request, starts_at=NOW + timedelta(hours=hours), answers=answers, key="k" * 16, now=NOW)
