"""Handing appointments and requests over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from slotdesk.domain.booking.choosing import SlotNotOffered, SlotTaken
from slotdesk.domain.booking.handover import (
    NobodyElse,
    NotTheirs,
    list_appointments_of,
    list_open_requests_of,
    reassign_appointment,
    reassign_request,
)
from slotdesk.domain.booking.models import Reservation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.booking.queries import RequestClosed
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_request, make_team, make_type

pytestmark = pytest.mark.django_db

TEN = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def ana(account: Account) -> Agent:
    return make_agent(account, "Ana")


@pytest.fixture
def ben(account: Account) -> Agent:
    return make_agent(account, "Ben")


@pytest.fixture
def booked(account: Account, ana: Agent) -> SchedulingRequest:
    request = make_request(make_type(account), [ana])
    book_slot(request=request, starts_at=TEN, answers=Answers("UTC", "Client"), key="key", now=NOW)
    return request


def hand_over(request: SchedulingRequest, leaving: Agent, to: Agent | Team, *, now: datetime = NOW) -> None:
    reassign_appointment(request=request, leaving=leaving, to=to, actor="Bo", now=now)


def holders(request: SchedulingRequest) -> list[str]:
    standing = Reservation.objects.filter(appointment__request=request, released_at=None)
    return sorted(item.agent.name for item in standing)


class TestReassignAppointment:
    def test_gives_it_to_the_other_one_at_its_time(self, booked: SchedulingRequest, ana: Agent, ben: Agent) -> None:
        hand_over(booked, ana, ben)

        event = Event.objects.get(kind="appointment.reassigned")
        assert holders(booked) == ["Ben"]
        assert event.changes == {"agent": ["Ana", "Ben"]}
        assert event.data["former"] == [ana.public_id]
        assert [item.name for item in booked.resources.all()] == ["Ben"]
        assert booked.appointments.get().sequence == 1

    def test_works_for_somebody_who_cannot_be_booked_any_more_and_within_the_notice(
        self, booked: SchedulingRequest, ana: Agent, ben: Agent
    ) -> None:
        Agent.objects.filter(pk=ana.pk).update(is_active=False)

        hand_over(booked, ana, ben, now=TEN - timedelta(minutes=5))

        assert holders(booked) == ["Ben"]

    def test_chooses_whoever_of_a_team_is_free(
        self, account: Account, booked: SchedulingRequest, ana: Agent, ben: Agent
    ) -> None:
        cem = make_agent(account, "Cem")
        other = make_request(make_type(account), [ben])
        book_slot(request=other, starts_at=TEN, answers=Answers("UTC", "Other"), key="other", now=NOW)

        hand_over(booked, ana, make_team(account, [ana, ben, cem]))

        assert holders(booked) == ["Cem"]

    def test_leaves_it_where_it_is_when_the_other_one_is_taken(
        self, account: Account, booked: SchedulingRequest, ana: Agent, ben: Agent
    ) -> None:
        other = make_request(make_type(account), [ben])
        book_slot(request=other, starts_at=TEN, answers=Answers("UTC", "Other"), key="other", now=NOW)

        with pytest.raises(SlotTaken):
            hand_over(booked, ana, ben)

        assert holders(booked) == ["Ana"]
        assert not Event.objects.filter(kind="appointment.reassigned").exists()

    def test_keeps_to_the_other_one_s_hours(self, account: Account, booked: SchedulingRequest, ana: Agent) -> None:
        late = make_agent(account, "Late", hours=[{"days": [1, 2, 3, 4, 5], "start": "18:00", "end": "22:00"}])

        with pytest.raises(SlotNotOffered):
            hand_over(booked, ana, late)

    def test_touches_nobody_else_of_the_appointment(self, account: Account, ana: Agent, ben: Agent) -> None:
        dan = make_agent(account, "Dan")
        panel = make_request(make_type(account), [ana, dan])
        book_slot(request=panel, starts_at=TEN, answers=Answers("UTC", "Client"), key="key", now=NOW)

        hand_over(panel, ana, ben)

        assert holders(panel) == ["Ben", "Dan"]
        with pytest.raises(NobodyElse):
            hand_over(panel, dan, ben)

    def test_refuses_what_is_not_theirs_or_over(self, booked: SchedulingRequest, ana: Agent, ben: Agent) -> None:
        with pytest.raises(NotTheirs):
            hand_over(booked, ben, ana)
        cancel_appointment(request=booked, actor="Bo", reason="", now=NOW)
        with pytest.raises(RequestClosed):
            hand_over(booked, ana, ben)

    def test_refuses_whoever_cannot_be_booked(self, booked: SchedulingRequest, ana: Agent, ben: Agent) -> None:
        ben.is_schedulable = False

        with pytest.raises(NobodyElse):
            hand_over(booked, ana, ben)


class TestReassignRequest:
    def test_asks_for_the_other_one_with_the_same_link(self, account: Account, ana: Agent, ben: Agent) -> None:
        request = make_request(make_type(account), [ana])
        token = request.token

        reassign_request(request=request, leaving=ana, to=ben, actor="Bo", now=NOW)

        request.refresh_from_db()
        assert [item.name for item in request.resources.all()] == ["Ben"]
        assert request.token == token
        assert Event.objects.get(kind="request.reassigned").changes == {"asked": ["Ana", "Ben"]}

    def test_asks_for_a_team(self, account: Account, ana: Agent, ben: Agent) -> None:
        request = make_request(make_type(account), [ana])

        reassign_request(request=request, leaving=ana, to=make_team(account, [ben]), actor="Bo", now=NOW)

        assert [item.name for item in request.resources.all()] == ["Help desk"]

    def test_refuses_what_is_booked_or_not_theirs(
        self, account: Account, booked: SchedulingRequest, ana: Agent, ben: Agent
    ) -> None:
        with pytest.raises(RequestClosed):
            reassign_request(request=booked, leaving=ana, to=ben, actor="Bo", now=NOW)
        other = make_request(make_type(account), [ben])
        with pytest.raises(NotTheirs):
            reassign_request(request=other, leaving=ana, to=make_agent(account), actor="Bo", now=NOW)


class TestLists:
    def test_tell_what_is_somebody_s(self, account: Account, booked: SchedulingRequest, ana: Agent, ben: Agent) -> None:
        waiting = make_request(make_type(account), [ana])

        assert list(list_appointments_of(ana, now=NOW)) == [booked]
        assert list(list_appointments_of(ana, now=TEN)) == []
        assert list(list_open_requests_of(ana)) == [waiting]
        assert not list_open_requests_of(ben).exists()
