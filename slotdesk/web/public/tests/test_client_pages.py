"""Pages that say why nothing can be booked: of invitations whose day is over, of tickets, and whom to ask."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.web.public.tests.visiting import ELEVEN, answers, change, hidden, last_code, send_codes
from tests.support.factories import NOW, make_agent
from tests.support.psa import Desk

pytestmark = pytest.mark.django_db(transaction=True)


def limit(request: SchedulingRequest, **limits: object) -> None:
    with active(request.account):
        SchedulingRequest.objects.filter(pk=request.pk).update(limits_zone="America/New_York", **limits)


def address(request: SchedulingRequest, part: str = "") -> str:
    return f"/schedule/{request.token}/{part}"


class TestInvitationWhoseLastDayIsOver:
    @pytest.fixture
    def over(self, invited: SchedulingRequest) -> SchedulingRequest:
        limit(invited, latest_date=date(2027, 5, 2))
        return invited

    def test_has_expired_on_every_page(self, browser: Client, over: SchedulingRequest) -> None:
        start = str(int(ELEVEN.timestamp()))

        pages = [browser.get(address(over)), browser.get(address(over, "details/"), {"start": start})]
        pages.append(browser.post(address(over, "appointment/"), {"start": start, "name": "Ana Ruiz"}))

        assert [page.status_code for page in pages] == [410] * 3
        for page in pages:
            text = page.content.decode()
            assert "<h1>This invitation has expired</h1>" in text
            assert "was to take place by Sunday, May 2, 2027" in text
            assert "help@summit.example" in text
        assert browser.get(address(over, "times/")).status_code == 409

    def test_can_be_booked_until_the_day_is_over(self, browser: Client, invited: SchedulingRequest) -> None:
        limit(invited, latest_date=date(2027, 5, 3))

        statuses = []
        for moment in (NOW, NOW + timedelta(hours=14, minutes=59), NOW + timedelta(hours=15)):
            with time_machine.travel(moment, tick=False):
                statuses.append(browser.get(address(invited)).status_code)

        assert statuses == [200, 200, 410]

    def test_ends_with_its_latest_time_on_the_last_day(self, browser: Client, invited: SchedulingRequest) -> None:
        limit(invited, latest_date=date(2027, 5, 3), latest_time=time(8))

        assert browser.get(address(invited)).status_code == 410

    def test_that_was_booked_in_time_shows_the_appointment(self, browser: Client, invited: SchedulingRequest) -> None:
        with active(invited.account):
            book_slot(
                request=invited,
                starts_at=ELEVEN,
                answers=Answers("UTC", "Ana Ruiz", "+12125550187"),
                key="k" * 16,
                now=NOW,
            )
        limit(invited, latest_date=date(2027, 5, 2))

        page = browser.get(address(invited), follow=True)

        assert page.status_code == 200
        assert "You are booked" in page.content.decode()

    def test_whose_first_day_lies_ahead_shows_the_times_from_then_on(
        self, browser: Client, invited: SchedulingRequest
    ) -> None:
        limit(invited, earliest_date=date(2027, 6, 1))

        page = browser.get(address(invited))

        assert page.status_code == 200
        assert "Tue, Jun 1" in page.content.decode()


class TestTicketLink:
    def test_says_that_the_ticket_is_closed_once_an_address_of_it_is_proved(
        self, browser: Client, desk: Desk, kind: AppointmentType
    ) -> None:
        ticket = next(
            each
            for each in desk.sandbox.store.all("tickets")
            if each["closedFlag"] and each.get("contactEmailAddress") and each["recordType"] == "ServiceTicket"
        )
        path = f"/jordan/call/ticket/{ticket['id']}/code/"
        page = browser.post(path, {"email": ticket["contactEmailAddress"]})
        send_codes()

        answer = browser.post(path, hidden(page.content.decode()) | {"code": last_code()})

        assert "Look into your mailbox" in page.content.decode()
        assert answer.status_code == 410
        assert "<h1>The ticket is closed</h1>" in answer.content.decode()
        assert ticket["summary"] not in answer.content.decode()

    def test_asks_once_more_whoever_has_taken_too_long(
        self, browser: Client, desk: Desk, kind: AppointmentType
    ) -> None:
        page = browser.get("/jordan/call/ticket/4711/", {"pass": "run-out"}).content.decode()

        assert "That took a while" in page
        assert "That took a while" not in browser.get("/jordan/call/ticket/4711/").content.decode()


class TestWhomToAsk:
    @pytest.fixture(autouse=True)
    def _nobody_named(self, desk: Desk) -> None:
        Account.objects.filter(pk=desk.account.pk).update(support_email="", support_phone="")

    def test_is_whoever_gave_a_link_where_no_email_brought_anybody_here(
        self, browser: Client, desk: Desk, kind: AppointmentType
    ) -> None:
        change(kind, window_amount=1, window_unit="minutes")
        pages = [browser.get(path).content.decode() for path in ("/jordan/call/", "/jordan/call/ticket/4711/", "/a/b/")]

        for page in pages:
            assert "Please ask whoever gave you this link." in page
            assert "reply to the e‑mail" not in page

    def test_is_asked_by_reply_of_an_invitation(self, browser: Client, invited: SchedulingRequest) -> None:
        Account.objects.update(support_email="", support_phone="")
        limit(invited, latest_date=date(2027, 5, 2))

        assert "Please reply to the e‑mail" in browser.get(address(invited)).content.decode()


class TestUnknownLink:
    def test_of_an_account_that_is_there_reads_the_same_whatever_is_missing(
        self, browser: Client, desk: Desk, kind: AppointmentType
    ) -> None:
        with active(desk.account):
            make_agent(desk.account, "Maria Schmidt", slug="maria")
        change(kind, shareable="off")

        pages = [browser.get(path) for path in ("/jordan/call/", "/nobody/call/", "/jordan/nothing/", "/maria/", "/x/")]

        assert [page.status_code for page in pages] == [404] * 5
        said = {page.content.decode().partition("<main")[2].partition("</main>")[0] for page in pages}
        assert len(said) == 1
        assert "help@summit.example" in said.pop()

    def test_books_nothing_however_it_is_asked(self, browser: Client, desk: Desk, kind: AppointmentType) -> None:
        assert browser.post("/jordan/nothing/booking/", answers()).status_code == 404
