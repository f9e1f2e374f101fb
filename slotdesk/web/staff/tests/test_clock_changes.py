"""A12 as staff see it: an appointment whose zone has got other clocks since the client booked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from slotdesk.domain.booking.clock_changes import mark_clock_changes
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.tenants.models import Account, Role
from tests.support.factories import NOW
from tests.support.members import signed_in, text_of

SignIn = Callable[[str], Client]
# 5:00 PM in Berlin.
START = datetime(2027, 5, 3, 15, 0, tzinfo=UTC)
WORDS = (
    "The clocks of Europe/Berlin have been changed since this was booked: the client read 4:00 PM, it is 5:00 PM now. "
    "Talk to the client, then move it or confirm."
)
MARK = "Clocks changed"


@pytest.fixture
def changed(account: Account, request_: SchedulingRequest) -> Appointment:
    """Booked when Berlin was to be on winter time that day, and noticed since."""
    answers = Answers("Europe/Berlin", "")
    appointment = book_slot(request=request_, starts_at=START, answers=answers, key="k", now=NOW)
    read_otherwise(appointment, "2027-05-03T16:00")
    mark_clock_changes(account=account, now=NOW)
    return appointment


def read_otherwise(appointment: Appointment, wall_start: str) -> None:
    Appointment.objects.filter(pk=appointment.pk).update(wall_start=wall_start)


def page_of(browser: Client, request: SchedulingRequest) -> str:
    return text_of(browser.get(f"/app/requests/{request.public_id}/"))


def confirm(browser: Client, request: SchedulingRequest, reads: str = "2027-05-03T17:00") -> str:
    return text_of(browser.post(f"/app/requests/{request.public_id}/time-confirmation/", {"reads": reads}, follow=True))


class TestTheList:
    def test_a12_lists_it_among_what_needs_attention(self, changed: Appointment, sign_in: SignIn) -> None:
        page = text_of(sign_in("administrator").get("/app/requests/?attention=true"))

        assert "Ana Ruiz" in page
        assert MARK in page

    def test_a12_leaves_it_out_once_it_was_confirmed(
        self, request_: SchedulingRequest, changed: Appointment, sign_in: SignIn
    ) -> None:
        browser = sign_in("dispatcher")

        confirm(browser, request_)

        assert "Ana Ruiz" not in text_of(browser.get("/app/requests/?attention=true"))
        assert MARK not in text_of(browser.get("/app/requests/"))


class TestTheRequest:
    def test_a12_says_what_the_client_read_and_what_it_is_now(
        self, request_: SchedulingRequest, changed: Appointment, sign_in: SignIn
    ) -> None:
        page = page_of(sign_in("dispatcher"), request_)

        assert WORDS in page
        assert "5:00 PM is agreed" in page
        assert "clock will show another time than agreed" in page

    def test_a12_says_the_days_where_they_differ(
        self, request_: SchedulingRequest, changed: Appointment, sign_in: SignIn
    ) -> None:
        read_otherwise(changed, "2027-05-02T23:30")

        page = page_of(sign_in("dispatcher"), request_)

        assert "the client read 11:30 PM on Sunday, 2 May 2027, it is 5:00 PM on Monday, 3 May 2027 now" in page

    def test_a12_is_confirmed(self, request_: SchedulingRequest, changed: Appointment, sign_in: SignIn) -> None:
        page = confirm(sign_in("dispatcher"), request_)

        assert "Confirmed" in page
        assert "Time on the client’s clock confirmed" in page
        assert WORDS not in page
        changed.refresh_from_db()
        assert changed.starts_at == START

    def test_a12_is_not_confirmed_at_a_time_that_it_does_not_have(
        self, request_: SchedulingRequest, changed: Appointment, sign_in: SignIn
    ) -> None:
        page = confirm(sign_in("dispatcher"), request_, "2027-05-03T18:00")

        assert "changed while you were looking" in page
        assert WORDS in page

    def test_a12_is_told_to_whoever_may_not_move_it_without_a_button(
        self, account: Account, request_: SchedulingRequest, changed: Appointment
    ) -> None:
        Role.objects.filter(key="dispatcher").update(permissions=["requests.view_own", "requests.view_all"])
        browser = signed_in(account, "dispatcher")

        page = page_of(browser, request_)

        assert WORDS in page
        assert "is agreed" not in page
        assert browser.post(f"/app/requests/{request_.public_id}/time-confirmation/", {"reads": ""}).status_code == 403
