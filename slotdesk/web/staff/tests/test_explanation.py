"""Why not this time?, on a request's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from tests.support.factories import NOW, make_agent, make_busy
from tests.support.members import signed_in, text_of

SignIn = Callable[[str], Client]
# 11:00 in New York.
ELEVEN = datetime(2027, 5, 3, 15, 0, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


def ask(browser: Client, request: SchedulingRequest, *, date: str = "2027-05-03", time: str = "11:00") -> str:
    url = f"/app/requests/{request.public_id}/explanation/"
    return text_of(browser.get(url, {"date": date, "time": time}, headers=HTMX))


class TestTheAnswer:
    def test_says_that_a_time_is_offered(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        page = ask(sign_in("dispatcher"), request_)

        assert "The client is offered this time." in page
        assert "Monday, May 3, 2027, 11:00 AM EDT" in page
        assert "Maria Schmidt can take it" in page
        assert "<html" not in page

    def test_names_what_stands_in_the_way_and_what_would_have_to_change(
        self, request_: SchedulingRequest, agent: Agent, sign_in: SignIn
    ) -> None:
        make_busy(agent, ELEVEN, ELEVEN + timedelta(hours=1), title="Dentist")

        page = ask(sign_in("dispatcher"), request_)

        assert "The client is not offered this time." in page
        assert "Maria Schmidt cannot take it" in page
        assert "Busy “Dentist”" in page
        assert "Move or delete the calendar entry, or mark it as free." in page

    def test_shows_no_title_of_a_private_entry(
        self, request_: SchedulingRequest, agent: Agent, sign_in: SignIn
    ) -> None:
        make_busy(agent, ELEVEN, ELEVEN + timedelta(hours=1), title="")

        assert "Busy (ConnectWise PSA)" in ask(sign_in("dispatcher"), request_)

    def test_is_about_moving_once_a_time_is_booked(
        self, request_: SchedulingRequest, agent: Agent, sign_in: SignIn
    ) -> None:
        book_slot(request=request_, starts_at=ELEVEN, answers=Answers("America/Denver", ""), key="k", now=NOW)
        make_busy(agent, ELEVEN + timedelta(hours=3), ELEVEN + timedelta(hours=4))
        browser = sign_in("dispatcher")

        assert "This is the time that was booked." in ask(browser, request_)
        assert "The appointment could be moved to this time." in ask(browser, request_, time="11:15")
        assert "The appointment could not be moved to this time." in ask(browser, request_, time="14:00")

    def test_says_that_nobody_is_left(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        Agent.objects.update(is_active=False)

        assert "Nobody who was asked can be booked any more." in ask(sign_in("dispatcher"), request_)

    @pytest.mark.parametrize(
        ("date", "time", "words"),
        [
            ("2027-05-03", "", "Choose a date and a time."),
            ("soon", "11:00", "Choose a date and a time."),
            ("2027-05-03", "08:59", "This time is over."),
            ("2027-11-08", "11:00", "90 days ahead"),
            ("9999-12-31", "23:59", "Choose a date and a time."),
        ],
    )
    def test_says_what_cannot_be_explained(
        self, request_: SchedulingRequest, sign_in: SignIn, date: str, time: str, words: str
    ) -> None:
        assert words in ask(sign_in("dispatcher"), request_, date=date, time=time)

    def test_knows_the_hour_that_is_missing(self, request_: SchedulingRequest, account: Account) -> None:
        with time_machine.travel(datetime(2028, 3, 1, tzinfo=UTC), tick=False):
            page = ask(signed_in(account), request_, date="2028-03-12", time="02:30")

        assert "There is no 02:30 on that day: clocks go forward then." in page

    def test_explains_both_halves_of_the_hour_that_comes_twice(
        self, request_: SchedulingRequest, account: Account
    ) -> None:
        with time_machine.travel(datetime(2027, 11, 1, tzinfo=UTC), tick=False):
            page = ask(signed_in(account), request_, date="2027-11-07", time="01:30")

        assert "1:30 AM EDT" in page
        assert "1:30 AM EST" in page


class TestTheForm:
    def test_stands_on_the_requests_page_with_the_readers_clock(
        self, account: Account, request_: SchedulingRequest
    ) -> None:
        berlin = make_agent(account, "Jonas", zone="Europe/Berlin")

        page = text_of(signed_in(account, "dispatcher", agent=berlin).get(f"/app/requests/{request_.public_id}/"))

        assert "Why not this time?" in page
        assert "On your clock: Berlin (CEST)." in page

    def test_is_not_there_for_a_request_that_is_over(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        SchedulingRequest.objects.update(status="cancelled")
        browser = sign_in("dispatcher")

        assert "Why not this time?" not in text_of(browser.get(f"/app/requests/{request_.public_id}/"))
        assert browser.get(f"/app/requests/{request_.public_id}/explanation/").status_code == 404

    def test_works_without_scripts(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        url = f"/app/requests/{request_.public_id}/explanation/?date=2027-05-03&time=11:00"

        page = text_of(sign_in("dispatcher").get(url))

        assert "<html" in page
        assert 'value="11:00"' in page
        assert "The client is offered this time." in page

    def test_is_for_those_who_may_see_the_request(self, account: Account, request_: SchedulingRequest) -> None:
        other = make_agent(account, "Jordan Doe")
        url = f"/app/requests/{request_.public_id}/explanation/"

        assert signed_in(account, "user", agent=other).get(url).status_code == 404
