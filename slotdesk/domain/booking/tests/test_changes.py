"""What clients may do with their appointment, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from slotdesk.domain.booking.changes import (
    Allowed,
    ChangeRefused,
    Reason,
    Refused,
    cancel_as_client,
    may_client_change,
    reschedule_as_client,
)
from slotdesk.domain.booking.choosing import SlotTaken
from slotdesk.domain.booking.models import Appointment, Cancellation, Reservation, SchedulingRequest
from slotdesk.domain.booking.operations import (
    Answers,
    MovedMeanwhile,
    book_slot,
    cancel_appointment,
    reschedule_appointment,
)
from slotdesk.domain.booking.queries import RequestClosed, find_appointment
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.operations import create_default_types
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_request, make_team, make_type

pytestmark = pytest.mark.django_db

TEN = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


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
    """Tomorrow at ten; the client may change it until an hour before."""
    return book(make_request(changeable(account), [agent]))


def changeable(account: Account, **fields: object) -> AppointmentType:
    return make_type(
        account, **({"clients_may_change": True, "change_notice_amount": 1, "change_notice_unit": "hours"} | fields)
    )


def book(request: SchedulingRequest, starts_at: datetime = TEN) -> SchedulingRequest:
    book_slot(request=request, starts_at=starts_at, answers=Answers("UTC", "Ana Ruiz"), key="key", now=NOW)
    return request


def standing(request: SchedulingRequest) -> Appointment:
    appointment = find_appointment(request)
    assert appointment is not None
    return appointment


def cancel(request: SchedulingRequest, *, sequence: int = 0, now: datetime = NOW) -> None:
    cancel_as_client(request=request, reason="We are away", sequence=sequence, now=now)


def move(request: SchedulingRequest, starts_at: datetime, *, sequence: int = 0, now: datetime = NOW) -> Appointment:
    return reschedule_as_client(request=request, starts_at=starts_at, zone="UTC", sequence=sequence, now=now)


class TestTheRule:
    @pytest.mark.parametrize(
        ("amount", "unit", "until"),
        [
            (0, "minutes", TEN),
            (90, "minutes", TEN - timedelta(minutes=90)),
            (4, "hours", TEN - 4 * HOUR),
            (1, "days", TEN - 24 * HOUR),
        ],
    )
    def test_counts_back_from_the_start(
        self, account: Account, agent: Agent, amount: int, unit: str, until: datetime
    ) -> None:
        kind = changeable(account, change_notice_amount=amount, change_notice_unit=unit)
        request = book(make_request(kind, [agent]))

        assert may_client_change(request, standing(request), NOW) == Allowed(until)

    def test_the_last_moment_is_still_in_time(self, booked: SchedulingRequest) -> None:
        assert isinstance(may_client_change(booked, standing(booked), TEN - HOUR), Allowed)

    def test_says_until_when_it_was_possible(self, booked: SchedulingRequest) -> None:
        late = TEN - HOUR + timedelta(seconds=1)

        assert may_client_change(booked, standing(booked), late) == Refused(Reason.TOO_LATE, TEN - HOUR)

    def test_is_over_when_the_appointment_begins(self, booked: SchedulingRequest) -> None:
        assert may_client_change(booked, standing(booked), TEN) == Refused(Reason.STARTED)

    def test_without_notice_it_is_over_at_the_start(self, account: Account, agent: Agent) -> None:
        request = book(make_request(changeable(account, change_notice_amount=0), [agent]))

        second_before = TEN - timedelta(seconds=1)
        assert isinstance(may_client_change(request, standing(request), second_before), Allowed)
        assert may_client_change(request, standing(request), TEN) == Refused(Reason.STARTED)

    def test_is_off_unless_the_type_says_so(self, account: Account, agent: Agent) -> None:
        request = book(make_request(make_type(account), [agent]))

        assert may_client_change(request, standing(request), NOW) == Refused(Reason.NOT_BY_CLIENTS)

    def test_nothing_is_left_to_change_once_it_is_cancelled(self, booked: SchedulingRequest) -> None:
        appointment = standing(booked)
        cancel(booked)

        appointment.refresh_from_db()
        assert may_client_change(booked, appointment, NOW) == Refused(Reason.CANCELLED)

    def test_is_the_one_the_request_was_made_with(self, account: Account, booked: SchedulingRequest) -> None:
        AppointmentType.objects.update(clients_may_change=False)
        booked.refresh_from_db()

        assert isinstance(may_client_change(booked, standing(booked), NOW), Allowed)

    def test_lets_clients_change_calls_and_remote_sessions_of_a_new_account_but_no_visits(
        self, account: Account
    ) -> None:
        types = {kind.slug: kind.clients_may_change for kind in create_default_types(account)}

        assert types == {
            "15-minute-call": True,
            "30-minute-call": True,
            "30-minute-remote": True,
            "30-minute-in-person": False,
        }


class TestCancelAsClient:
    def test_calls_it_off_in_the_clients_name_with_the_reason(self, booked: SchedulingRequest) -> None:
        cancel(booked)

        cancellation = Cancellation.objects.get()
        assert (cancellation.by, cancellation.reason) == ("Ana Ruiz (client)", "We are away")
        assert not Reservation.objects.filter(released_at=None).exists()
        assert Event.objects.get(kind="appointment.cancelled").data["reason"] == "We are away"

    def test_twice_is_once(self, booked: SchedulingRequest) -> None:
        cancel(booked)
        cancel(booked)

        assert Event.objects.filter(kind="appointment.cancelled").count() == 1

    @pytest.mark.parametrize(
        ("now", "reason"),
        [(TEN - timedelta(minutes=59), Reason.TOO_LATE), (TEN + timedelta(minutes=5), Reason.STARTED)],
    )
    def test_f13_is_refused_by_name_and_leaves_everything(
        self, booked: SchedulingRequest, now: datetime, reason: Reason
    ) -> None:
        with pytest.raises(ChangeRefused) as caught:
            cancel(booked, now=now)

        assert caught.value.refused.reason == reason
        assert not standing(booked).is_cancelled

    def test_is_refused_where_the_type_does_not_offer_it(self, account: Account, agent: Agent) -> None:
        request = book(make_request(make_type(account), [agent]))

        with pytest.raises(ChangeRefused, match="not by clients"):
            cancel(request)

    def test_staff_cancel_whatever_the_type_says(self, account: Account, agent: Agent) -> None:
        request = book(make_request(make_type(account), [agent]))

        cancel_appointment(request=request, actor="Jordan Doe", reason="", now=TEN)

        assert find_appointment(request) is None

    def test_does_not_call_off_a_time_the_client_has_not_seen(self, booked: SchedulingRequest) -> None:
        reschedule_appointment(request=booked, starts_at=TEN + HOUR, zone="UTC", actor="Jordan Doe", now=NOW)

        with pytest.raises(MovedMeanwhile):
            cancel(booked, sequence=0)

        assert standing(booked).starts_at == TEN + HOUR

    def test_has_nothing_to_do_before_anything_is_booked(self, account: Account, agent: Agent) -> None:
        with pytest.raises(RequestClosed):
            cancel(make_request(changeable(account), [agent]))


class TestRescheduleAsClient:
    def test_moves_it_in_the_clients_name(self, booked: SchedulingRequest) -> None:
        move(booked, TEN + HOUR)

        assert standing(booked).starts_at == TEN + HOUR
        assert Event.objects.get(kind="appointment.rescheduled").actor == "Ana Ruiz (client)"

    def test_the_same_form_twice_moves_it_once(self, booked: SchedulingRequest) -> None:
        move(booked, TEN + HOUR)
        again = move(booked, TEN + HOUR)

        assert again.sequence == 1
        assert Event.objects.filter(kind="appointment.rescheduled").count() == 1

    def test_f12_of_two_tabs_one_wins(self, booked: SchedulingRequest) -> None:
        move(booked, TEN + HOUR)

        with pytest.raises(MovedMeanwhile):
            move(booked, TEN + 2 * HOUR)

        assert standing(booked).starts_at == TEN + HOUR

    def test_a_time_that_was_taken_leaves_the_old_one(
        self, account: Account, agent: Agent, booked: SchedulingRequest
    ) -> None:
        book(make_request(make_type(account), [agent]), TEN + HOUR)

        with pytest.raises(SlotTaken):
            move(booked, TEN + HOUR)

        assert standing(booked).starts_at == TEN

    @pytest.mark.parametrize("now", [TEN - timedelta(minutes=59), TEN])
    def test_is_refused_when_it_is_too_late(self, booked: SchedulingRequest, now: datetime) -> None:
        with pytest.raises(ChangeRefused):
            move(booked, TEN + 3 * HOUR, now=now)

        assert standing(booked).starts_at == TEN

    def test_what_was_cancelled_cannot_be_moved(self, booked: SchedulingRequest) -> None:
        cancel(booked)

        with pytest.raises(RequestClosed):
            move(booked, TEN + HOUR)


class TestTimesForAMove:
    def test_have_the_appointments_own_time_and_buffers_free(self, account: Account, agent: Agent) -> None:
        kind = changeable(account, buffer_before=timedelta(minutes=30), buffer_after=timedelta(minutes=30))
        request = book(make_request(kind, [agent]))

        quarter = timedelta(minutes=15)
        assert {TEN - quarter, TEN, TEN + quarter} <= starts(request, without=standing(request))
        assert not {TEN - quarter, TEN, TEN + quarter} & starts(request)

    def test_are_of_the_same_person_where_the_type_says_so(self, account: Account, agent: Agent) -> None:
        team = make_team(account, [agent])
        request = book(make_request(changeable(account, moved_to="same"), [team]))
        free = book(make_request(changeable(account), [team]), TEN + HOUR)
        team.members.create(agent=make_agent(account, "Ben"))

        assert TEN + HOUR not in starts(request, without=standing(request))
        assert TEN in starts(free, without=standing(free))  # this one may go to Ben


def starts(request: SchedulingRequest, *, without: Appointment | None = None) -> set[datetime]:
    found = list_times(
        request, starts_at=TEN - HOUR, ends_at=TEN + 3 * HOUR, client_zone="UTC", now=NOW, without=without
    )
    return {datetime.fromtimestamp(slot.start, UTC) for slot in found.slots}
