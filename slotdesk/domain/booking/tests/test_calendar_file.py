"""The one calendar file of an appointment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from icalendar import Calendar

from slotdesk.domain.booking.calendar_file import invitation_of
from slotdesk.domain.booking.links import appointment_link, request_link
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment, reschedule_appointment
from slotdesk.domain.booking.queries import find_latest_appointment
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_busy, make_request, make_team, make_type

pytestmark = pytest.mark.django_db

TEN = NOW + timedelta(days=1, hours=1)


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def team(account: Account) -> list[Agent]:
    return [make_agent(account, "Jordan Doe"), make_agent(account, "Priya Raman")]


@pytest.fixture
def request_(account: Account, team: list[Agent]) -> SchedulingRequest:
    """It asks whoever of the two is free."""
    return make_request(make_type(account, place="phone"), [make_team(account, team)])


def book(request: SchedulingRequest) -> Appointment:
    return book_slot(request=request, starts_at=TEN, answers=Answers("Europe/London", ""), key="k", now=NOW)


def event_of(request: SchedulingRequest) -> Any:
    appointment = find_latest_appointment(request)
    assert appointment is not None
    return Calendar.from_ical(invitation_of(appointment, now=NOW)).walk("VEVENT")[0]


class TestInvitation:
    def test_says_who_when_and_how(self, request_: SchedulingRequest) -> None:
        appointment = book(request_)

        event = event_of(request_)

        assert event["summary"] == "30-minute phone call with Jordan Doe (Summit MSP)"
        assert event["description"] == f"Jordan Doe will call you.\n\n{appointment_link(request_)}"
        assert (event["uid"], event["sequence"]) == (f"{appointment.public_id}@slotdesk", 0)
        assert event.decoded("dtstart") == TEN
        assert event["attendee"] == "mailto:ana@client.example"

    def test_names_who_has_it_after_a_move(self, request_: SchedulingRequest, team: list[Agent]) -> None:
        book(request_)
        later = TEN + timedelta(hours=2)
        make_busy(team[0], later, later + timedelta(hours=1))

        reschedule_appointment(request=request_, starts_at=later, zone="Europe/London", actor="Ana", now=NOW)

        event = event_of(request_)
        assert event["summary"] == "30-minute phone call with Priya Raman (Summit MSP)"
        assert (event["sequence"], event.decoded("dtstart")) == (1, later)

    def test_takes_a_cancelled_one_out_and_still_names_who_had_it(self, request_: SchedulingRequest) -> None:
        book(request_)
        cancel_appointment(request=request_, actor="Jordan Doe", reason="", now=NOW)

        event = event_of(request_)

        assert event["status"] == "CANCELLED"
        assert "Jordan Doe" in event["summary"]

    def test_invites_nobody_without_an_address(self, request_: SchedulingRequest) -> None:
        SchedulingRequest.objects.update(client_email="")
        book(request_)

        assert "attendee" not in event_of(request_)


class TestLinks:
    def test_are_the_addresses_of_the_pages(self, request_: SchedulingRequest) -> None:
        assert request_link(request_).endswith(reverse("public:choose_time", args=[request_.token]))
        assert appointment_link(request_).endswith(reverse("public:appointment", args=[request_.token]))
