"""Moving an appointment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from slotdesk.domain.booking.choosing import SlotTaken
from slotdesk.domain.booking.models import Appointment, Reservation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment, reschedule_appointment
from slotdesk.domain.booking.queries import RequestClosed, find_appointment
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_request, make_team, make_type

pytestmark = pytest.mark.django_db

TEN = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def agent(account: Account) -> Agent:
    return make_agent(account, "Ana")


@pytest.fixture
def booked(account: Account, agent: Agent) -> SchedulingRequest:
    request = make_request(make_type(account, buffer_after=QUARTER), [agent])
    book(request)
    return request


def book(request: SchedulingRequest, starts_at: datetime = TEN) -> Appointment:
    return book_slot(request=request, starts_at=starts_at, answers=Answers("UTC", "Client"), key="key", now=NOW)


def move(request: SchedulingRequest, starts_at: datetime) -> Appointment:
    return reschedule_appointment(request=request, starts_at=starts_at, zone="UTC", actor="Client (client)", now=NOW)


def holders(request: SchedulingRequest) -> list[str]:
    standing = Reservation.objects.filter(appointment__request=request, released_at=None).order_by("id")
    return [item.agent.name for item in standing]


class TestReschedule:
    def test_d16_the_appointments_own_time_is_free_for_itself(self, booked: SchedulingRequest) -> None:
        moved = move(booked, TEN + QUARTER)

        (reservation,) = Reservation.objects.filter(released_at=None)
        assert moved.starts_at == reservation.during.lower == TEN + QUARTER
        assert moved.ends_at == reservation.during.upper == TEN + 3 * QUARTER

    def test_the_old_time_is_given_back(self, account: Account, agent: Agent, booked: SchedulingRequest) -> None:
        move(booked, TEN + timedelta(hours=3))

        assert book(make_request(make_type(account), [agent])).starts_at == TEN

    def test_f11_a_time_that_is_taken_leaves_the_old_one(
        self, account: Account, agent: Agent, booked: SchedulingRequest
    ) -> None:
        book(make_request(make_type(account), [agent]), TEN + timedelta(hours=2))

        with pytest.raises(SlotTaken):
            move(booked, TEN + timedelta(hours=2))

        appointment = find_appointment(booked)
        assert appointment is not None
        assert appointment.starts_at == TEN
        assert holders(booked) == ["Ana"]

    def test_f12_moving_to_the_same_time_changes_nothing(self, booked: SchedulingRequest) -> None:
        move(booked, TEN)

        assert not Event.objects.filter(kind="appointment.rescheduled").exists()

    def test_the_sequence_grows_so_that_calendars_follow(self, booked: SchedulingRequest) -> None:
        assert move(booked, TEN + QUARTER).sequence == 1
        assert move(booked, TEN).sequence == 2

    def test_what_was_cancelled_cannot_be_moved(self, booked: SchedulingRequest) -> None:
        cancel_appointment(request=booked, actor="test", reason="", now=NOW)

        with pytest.raises(RequestClosed):
            move(booked, TEN + QUARTER)


class TestWhoTakesIt:
    def test_e14_the_same_person_keeps_it_where_they_are_free(self, account: Account, agent: Agent) -> None:
        idle = make_agent(account, "Ben")
        request = make_request(make_type(account), [make_team(account, [agent, idle])])
        book(request)
        first = holders(request)
        for name in ("Ana", "Ben"):  # whoever has it is not the one the team's rule would choose now
            if name in first:
                busy = agent if name == "Ana" else idle
                book(make_request(make_type(account), [busy]), TEN + timedelta(hours=5))

        move(request, TEN + timedelta(hours=1))

        assert holders(request) == first

    def test_somebody_else_takes_it_when_the_type_allows(self, account: Account, agent: Agent) -> None:
        request = self._of_a_team(account, agent, moved_to="anybody")

        move(request, TEN + timedelta(hours=1))

        assert holders(request) == ["Ben"]

    def test_nobody_else_takes_it_when_the_type_says_so(self, account: Account, agent: Agent) -> None:
        request = self._of_a_team(account, agent, moved_to="same")

        with pytest.raises(SlotTaken):
            move(request, TEN + timedelta(hours=1))

    def _of_a_team(self, account: Account, agent: Agent, *, moved_to: str) -> SchedulingRequest:
        """Ana has the appointment, and is busy an hour later; Ben is free."""
        request = make_request(make_type(account, moved_to=moved_to), [make_team(account, [agent])])
        book(request)
        book(make_request(make_type(account), [agent]), TEN + timedelta(hours=1))
        team = request.resources.get().team
        assert team is not None
        team.members.create(agent=make_agent(account, "Ben"))
        return request
