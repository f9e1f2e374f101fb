"""Every state of the booking page can be read by everybody: axe-core finds nothing, and nothing runs off the side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import time_machine
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.booking.invitations import cancel_request
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.connections.credentials import seal
from slotdesk.domain.connections.models import Calendar, Connection
from slotdesk.domain.connections.registry import get_manifest
from slotdesk.domain.people.models import Agent
from slotdesk.domain.profile.models import Profile
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.browser.booking_page import open_browser
from tests.browser.looking import SCREENS, what_is_wrong
from tests.support.factories import NOW, make_account, make_agent, make_busy, make_request, make_type

ELEVEN = NOW + timedelta(hours=2)
_DAY = timedelta(days=1)
# What is ours to say, and none of it a name.
_SAYS = "h2, h3, h4, dt, label, main .lead, main .contact, main .hint"
_ARABIC = re.compile(r"[\u0600-\u06ff]")


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW - timedelta(minutes=5), tick=True):
        yield


@dataclass(frozen=True, slots=True)
class States:
    """One link per state of a request."""

    invited: str
    booked: str
    changeable: str
    too_late: str
    cancelled: str
    taken_back: str
    without_times: str
    with_later_times: str
    unreachable: str
    unread: str

    def addresses(self) -> dict[str, str]:
        moving = f"{self.changeable}/appointment/reschedule"
        return {
            "times": f"{self.invited}/",
            "details": f"{self.invited}/details/?start={int((ELEVEN + timedelta(hours=3)).timestamp())}",
            "a time that is gone": f"{self.invited}/details/?start={int(NOW.timestamp())}",
            "a damaged link": f"{self.invited}/details/?start=x",
            "booked": f"{self.booked}/",
            "booked and changeable": f"{self.changeable}/",
            "another time": f"{moving}/?from=2027-05-04",
            "a move": f"{moving}/?start={int((ELEVEN + _DAY * 2).timestamp())}",
            "a move to the same": f"{moving}/?start={int((ELEVEN + _DAY).timestamp())}",
            "a cancellation": f"{self.changeable}/appointment/cancellation/",
            "too late": f"{self.too_late}/appointment/cancellation/",
            "cancelled": f"{self.cancelled}/",
            "taken back": f"{self.taken_back}/",
            "nothing free": f"{self.without_times}/",
            "nothing free this month": f"{self.with_later_times}/?from=2027-05-03",
            "calendar unread": f"{self.unread}/",
            "unknown link": "nothing/",
        }


@pytest.fixture
def states(transactional_db: None) -> States:
    """Requests in all states. The account's colours are hard to read on white and on black alike."""
    account = make_account(support_phone="(212) 555-0142", brand_color="#c0a000")
    with active(account):
        Profile.objects.create(account=account, header_color="#777777")
        maria = make_agent(account, "Maria Schmidt")
        kind = make_type(account, description="Please have the printer at hand.", asks_guests=True)
        booked, cancelled, taken_back = (make_request(kind, [maria]) for _ in range(3))
        changeable = make_request(make_type(account, clients_may_change=True), [maria])
        too_late = make_request(make_type(account, clients_may_change=True, change_notice_amount=24), [maria])
        hours = {booked: 0, cancelled: 1, changeable: 24, too_late: 2}
        for request, starts_at in ((request, ELEVEN + timedelta(hours=hour)) for request, hour in hours.items()):
            answers = Answers("Europe/Berlin", "Ana Ruiz", "+1 212-555-0187", "By the window")
            book_slot(request=request, starts_at=starts_at, answers=answers, key="key", now=NOW)
        cancel_appointment(request=cancelled, actor="Maria Schmidt", reason="Ill", now=NOW)
        cancel_request(request=taken_back, actor="Maria Schmidt", now=NOW)
        return States(
            invited=make_request(kind, [maria]).token,
            booked=booked.token,
            changeable=changeable.token,
            too_late=too_late.token,
            cancelled=cancelled.token,
            taken_back=taken_back.token,
            without_times=make_request(make_type(account, window_amount=1, window_unit="minutes"), [maria]).token,
            with_later_times=make_request(
                make_type(account, notice_amount=35, notice_unit="days", window_amount=60), [maria]
            ).token,
            unreachable=make_request(kind, [agent_out_of_reach(account, "Robin Okafor")]).token,
            unread=make_request(kind, [agent_out_of_reach(account, "Lee Chan", read=NOW - timedelta(hours=1))]).token,
        )


def agent_out_of_reach(account: Account, name: str, *, read: datetime = NOW) -> Agent:
    """Their calendar was read at that time, and does not answer any more."""
    values = {"company_id": "summit", "public_key": "public", "private_key": "private", "client_id": "id"}
    settings = get_manifest("connectwise").settings(**values, base_url="http://127.0.0.1:9")
    agent = make_agent(account, name)
    Connection.objects.filter(account=account).update(settings=seal(settings))
    make_busy(agent, NOW + timedelta(days=1), NOW + timedelta(days=1, hours=1))
    Calendar.objects.filter(agent=agent).update(synced_at=read)
    return agent


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
class TestEveryState:
    def test_can_be_read_by_everybody(self, live_server: LiveServer, screen: dict[str, object], states: States) -> None:
        wrong, titles = {}, {}
        with open_browser(**screen) as page:
            for state, address in states.addresses().items():
                page.goto(f"{live_server.url}/schedule/{address}")
                titles[state] = page.title().partition(":")[0].partition(" · ")[0]
                wrong[state] = what_is_wrong(page)

        assert titles == {
            "times": "Choose a time",
            "details": "Your details",
            "a time that is gone": "Choose a time",
            "a damaged link": "Choose a time",
            "booked": "Booked",
            "booked and changeable": "Booked",
            "another time": "Choose another time",
            "a move": "Move to this time?",
            "a move to the same": "Choose another time",
            "a cancellation": "Cancel this appointment?",
            "too late": "Booked",
            "cancelled": "Cancelled",
            "taken back": "This invitation was taken back",
            "nothing free": "Choose a time",
            "nothing free this month": "Choose a time",
            "calendar unread": "Choose a time",
            "unknown link": "This link leads nowhere",
        }
        assert {state: found for state, found in wrong.items() if found} == {}

    def test_can_be_read_from_right_to_left(
        self, live_server: LiveServer, screen: dict[str, object], states: States
    ) -> None:
        wrong, english = {}, {}
        with open_browser(**screen, locale="ar-EG") as page:
            for state, address in states.addresses().items():
                page.goto(f"{live_server.url}/schedule/{address}")
                assert page.locator("html").get_attribute("dir") == "rtl"
                wrong[state] = what_is_wrong(page)
                texts = filter(None, page.locator(_SAYS).all_inner_texts())
                if found := [text for text in texts if not _ARABIC.search(text)]:
                    english[state] = found
            page.goto(f"{live_server.url}/schedule/{states.invited}/")
            page.locator("#zone summary").click()
            page.get_by_role("combobox").fill("برلين")
            page.get_by_role("option").first.wait_for()
            page.locator(".languages summary").click()
            wrong["choosing zone and language"] = what_is_wrong(page)

        assert {state: found for state, found in wrong.items() if found} == {}
        assert english == {}

    def test_can_be_read_while_something_is_being_done(
        self, live_server: LiveServer, screen: dict[str, object], states: States
    ) -> None:
        wrong = {}
        with open_browser(**screen) as page:
            page.goto(f"{live_server.url}/schedule/{states.invited}/")
            page.get_by_text("Change").click()
            page.get_by_role("combobox").fill("berlin")
            wrong["choosing a zone"] = what_is_wrong(page)

            page.get_by_role("button", name="Earliest").click()
            page.get_by_label("Your name").fill("")
            page.get_by_role("button", name="Add a guest").click()
            page.keyboard.type("nobody")
            page.get_by_role("button", name="Book this time").click()
            page.get_by_role("alert").get_by_text("Please check your details").wait_for()
            wrong["a wrong form"] = what_is_wrong(page)

            page.goto(f"{live_server.url}/schedule/{states.unreachable}/")
            page.get_by_role("button", name="Earliest").click()
            page.get_by_role("button", name="Book this time").click()
            page.get_by_role("heading", name="We cannot check the calendar right now").wait_for()
            wrong["the calendar does not answer"] = what_is_wrong(page)

        assert {state: found for state, found in wrong.items() if found} == {}
