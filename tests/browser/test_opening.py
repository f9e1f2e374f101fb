"""Nothing free: asking to be told, the e-mail when an appointment goes, and the booking that comes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.connections.operations import subscribe_to_changes
from slotdesk.domain.links.models import EmailProof, OpeningAlert
from slotdesk.domain.links.proofs import code_of
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.scope import active
from tests.browser.booking_page import elsewhere
from tests.support.browser import chromium
from tests.support.factories import make_type
from tests.support.msp import Msp, Worker, connected_msp, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

TELL_ME = "Tell me when something opens"


@pytest.fixture
def msp(live_server: LiveServer) -> Iterator[Msp]:
    """An MSP with one technician, who has one time left; a worker is at work."""
    with override_settings(PUBLIC_URL=live_server.url), connected_msp() as msp:
        msp.type = make_type(
            msp.account, slug="call", shareable="ticket", notice_amount=0, window_amount=10, checks_email=False
        )
        with_one_time(msp.agent)
        subscribe_to_changes(connection=msp.connection, url=f"{live_server.url}/hooks/{msp.connection.public_id}/")
        worker = Worker(lease_seconds=60, public_url=live_server.url)
        worker.start()
        try:
            yield msp
        finally:
            worker.kill()


def with_one_time(agent: Agent) -> None:
    """Half an hour on one weekday of the coming week, in the middle of whose day nothing else lies."""
    day = datetime.now(ZoneInfo(agent.zone)) + timedelta(days=6)
    hours = [{"days": [day.isoweekday()], "start": "21:00", "end": "21:30"}]
    Agent.objects.filter(pk=agent.pk).update(hours=hours, slug="jordan")
    agent.refresh_from_db()


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        page = browser.new_page(timezone_id="America/Denver", locale="en-US")
        page.set_default_timeout(30_000)
        yield page


def book(msp: Msp) -> SchedulingRequest:
    """Somebody else takes the one time."""
    request, now = msp.invite(msp.open_ticket()), timezone.now()
    times = list_times(request, starts_at=now, ends_at=now + timedelta(days=10), client_zone="UTC", now=now)
    starts_at = datetime.fromtimestamp(times.slots[0].start, UTC)
    book_slot(request=request, starts_at=starts_at, answers=Answers("UTC", ""), key="other", now=now)
    return request


def call_off(request: SchedulingRequest) -> None:
    def cancel() -> None:
        with active(request.account):
            cancel_appointment(request=request, actor="Jordan Doe", reason="", now=timezone.now())

    elsewhere(cancel)


def wait_for_mail(msp: Msp, address: str, subject: str) -> None:
    def has_come() -> bool:
        return any(subject in mail.subject for mail in msp.mails_to(address))

    wait_until(has_come, f"“{subject}” to {address}", seconds=120)


class TestNothingFree:
    def test_a_client_asks_is_told_when_a_time_opens_and_books_it(
        self, msp: Msp, page: Page, live_server: LiveServer
    ) -> None:
        expect.set_options(timeout=30_000)
        other, invited = book(msp), msp.invite(msp.open_ticket())

        page.goto(f"{live_server.url}/schedule/{invited.token}/")
        expect(page.get_by_text("No free times at the moment")).to_be_visible()
        page.get_by_role("button", name=TELL_ME).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We will write to you")
        call_off(other)
        wait_for_mail(msp, invited.client_email, "has opened")

        page.goto(f"{msp.mail.url}/?mailbox={invited.client_email}")
        page.get_by_text("has opened").first.click()
        with page.expect_popup() as opened:
            page.frame_locator("article iframe").get_by_role("link", name="See free times").click()
        client = opened.value
        client.get_by_role("button", name=re.compile("^Earliest")).click()
        client.get_by_role("button", name="Book this time").click()
        expect(client.get_by_role("heading", level=1)).to_contain_text(re.compile("booked", re.IGNORECASE))
        mails = [mail.subject for mail in msp.mails_to(invited.client_email)]
        assert len([subject for subject in mails if "has opened" in subject]) == 1
        assert OpeningAlert.objects.get().ending == "told"

    def test_a_visitor_proves_an_address_first_and_may_take_it_back(
        self, msp: Msp, page: Page, live_server: LiveServer
    ) -> None:
        expect.set_options(timeout=30_000)
        book(msp)
        email = "nina@newcomer.example"

        page.goto(f"{live_server.url}/jordan/call/?utm_source=signature")
        page.get_by_role("button", name=TELL_ME).click()
        page.get_by_label("Your e-mail address").fill(email)
        page.get_by_role("button", name="Tell me", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
        wait_for_mail(msp, email, "code")
        page.get_by_label("Code from the e-mail").fill(code_of(EmailProof.objects.get()))
        page.get_by_role("button", name="Tell me", exact=True).click()
        expect(page.get_by_text("n•••@newcomer.example")).to_be_visible()
        page.get_by_role("button", name="Stop telling me").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("We tell you no more")
        alert = OpeningAlert.objects.get()
        assert (alert.email, alert.campaign, alert.ending) == (email, {"utm_source": "signature"}, "stopped")
