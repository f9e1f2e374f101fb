"""What is different for one request: dates and times of day, length, silence, whom it may ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from slotdesk.availability.terms import Limits
from slotdesk.domain.booking.choosing import SlotNotOffered, SlotTaken
from slotdesk.domain.booking.guests import TooManyGuests, add_guests
from slotdesk.domain.booking.invitations import Client, NotWithThisType, Options, close_request, create_request
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment, reschedule_appointment
from slotdesk.domain.booking.states import BookedAlready, NotBooked, WasClosed
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.catalog.models import AppointmentType, TypeResource
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_request, make_team, make_type

pytestmark = pytest.mark.django_db
TEN = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)
ZONE = "America/New_York"


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def agent(account: Account) -> Agent:
    return make_agent(account, "Maria Schmidt")


def ask(kind: AppointmentType, agent: Agent, **options: Any) -> SchedulingRequest:
    return create_request(
        account=kind.account,
        psa=None,
        ticket=None,
        appointment_type=kind,
        resources=[agent],
        origin=SchedulingRequest.Origin.PANEL,
        client=Client("Ana Ruiz", "ana@client.example"),
        actor="Maria Schmidt",
        now=NOW,
        options=Options(**options),
    )


def starts(request: SchedulingRequest, *, days: int = 60) -> list[datetime]:
    times = list_times(request, starts_at=NOW, ends_at=NOW + timedelta(days=days), client_zone=ZONE, now=NOW)
    return [datetime.fromtimestamp(slot.start, UTC) for slot in times.slots]


class TestLimits:
    def test_reach_the_engine(self, account: Account, agent: Agent) -> None:
        limits = Limits(ZONE, date(2027, 5, 5), date(2027, 5, 6), time(10), time(11, 30))

        offered = starts(ask(make_type(account), agent, limits=limits))

        assert offered[0] == datetime(2027, 5, 5, 14, 0, tzinfo=UTC)
        assert offered[-1] == datetime(2027, 5, 6, 15, 30, tzinfo=UTC)

    def test_take_the_place_of_notice_and_window(self, account: Account, agent: Agent) -> None:
        kind = make_type(account, notice_amount=20, notice_unit="days", window_amount=21)
        limits = Limits(ZONE, date(2027, 5, 3), date(2027, 6, 11))

        offered = starts(ask(kind, agent, limits=limits))

        assert offered[0] == NOW
        assert offered[-1] == datetime(2027, 6, 11, 20, 30, tzinfo=UTC)

    def test_leave_notice_and_window_alone_where_only_the_time_of_day_is_limited(
        self, account: Account, agent: Agent
    ) -> None:
        offered = starts(ask(make_type(account), agent, limits=Limits(ZONE, latest_time=time(12))))

        assert offered[0] == NOW + timedelta(hours=2)


class TestOptions:
    def test_length_of_this_one_request(self, account: Account, agent: Agent) -> None:
        request = ask(make_type(account), agent, duration=timedelta(minutes=90))

        made = book_slot(request=request, starts_at=TEN, answers=Answers(ZONE, ""), key="key", now=NOW)

        assert made.ends_at - made.starts_at == timedelta(minutes=90)

    def test_silence_of_this_one_request(self, account: Account, agent: Agent) -> None:
        kind = make_type(account)

        assert ask(kind, agent, is_silent=True).is_silent
        assert not ask(kind, agent).is_silent

    def test_refuses_by_name_whom_the_type_may_not_ask(self, account: Account, agent: Agent) -> None:
        kind, other = make_type(account), make_agent(account, "Ali")
        TypeResource.objects.create(appointment_type=kind, team=make_team(account, [agent]))
        TypeResource.objects.create(appointment_type=kind, agent=other)

        with pytest.raises(NotWithThisType, match="Maria Schmidt"):
            ask(kind, agent)

        assert ask(kind, other).pk


class TestGuestsOfTheClient:
    def test_join_those_of_staff_without_doubles(self, account: Account, agent: Agent) -> None:
        request = ask(make_type(account), agent, guests=["bo@client.example"])
        answers = Answers(ZONE, "Ana", guests=("BO@client.example", "cy@client.example"))

        book_slot(request=request, starts_at=TEN, answers=answers, key="key", now=NOW)

        guests = request.guests.order_by("id").values_list("email", "added_by")
        assert list(guests) == [("bo@client.example", "Maria Schmidt"), ("cy@client.example", "Ana (client)")]

    def test_book_nothing_when_there_are_too_many(self, account: Account, agent: Agent) -> None:
        request = ask(make_type(account), agent, guests=[f"guest-{number}@client.example" for number in range(9)])
        answers = Answers(ZONE, "Ana", guests=("bo@client.example", "cy@client.example"))

        with pytest.raises(TooManyGuests):
            book_slot(request=request, starts_at=TEN, answers=answers, key="key", now=NOW)

        assert not Appointment.objects.exists()
        request.refresh_from_db()
        assert request.status == "new"

    def test_of_a_booked_request_are_told_of_the_appointment(self, account: Account, agent: Agent) -> None:
        request = make_request(make_type(account), [agent])
        made = book_slot(request=request, starts_at=TEN, answers=Answers(ZONE, ""), key="key", now=NOW)

        (bo,) = add_guests(request=request, emails=["bo@client.example"], actor="Maria", now=NOW)

        event = Event.objects.get(kind="request.guests_added")
        assert event.data == {"appointment": made.public_id, "guests": [bo.pk]}


class TestCloseRequest:
    def test_kills_the_link_and_tells_so_once(self, account: Account, agent: Agent) -> None:
        request = make_request(make_type(account), [agent])

        for _ in range(2):
            close_request(request=request, actor="Slotdesk", now=NOW)

        assert request.status == "closed"
        assert Event.objects.get(kind="request.closed").actor == "Slotdesk"
        with pytest.raises(WasClosed):
            book_slot(request=request, starts_at=TEN, answers=Answers(ZONE, ""), key="key", now=NOW)

    def test_refuses_a_booked_one_by_name(self, account: Account, agent: Agent) -> None:
        request = make_request(make_type(account), [agent])
        book_slot(request=request, starts_at=TEN, answers=Answers(ZONE, ""), key="key", now=NOW)

        with pytest.raises(BookedAlready):
            close_request(request=request, actor="Slotdesk", now=NOW)

    def test_an_open_one_has_no_appointment_to_cancel(self, account: Account, agent: Agent) -> None:
        with pytest.raises(NotBooked):
            cancel_appointment(request=make_request(make_type(account), [agent]), actor="Slotdesk", reason="", now=NOW)


class TestStaffReschedule:
    def test_keeps_to_the_rules_unless_told(self, account: Account, agent: Agent) -> None:
        request = make_request(make_type(account), [agent])
        book_slot(request=request, starts_at=TEN, answers=Answers(ZONE, ""), key="key", now=NOW)
        at_night = TEN + timedelta(hours=12)

        with pytest.raises(SlotNotOffered):
            reschedule_appointment(request=request, starts_at=at_night, zone=ZONE, actor="Maria", now=NOW)
        moved = reschedule_appointment(
            request=request, starts_at=at_night, zone=ZONE, actor="Maria", now=NOW, overrides_rules=True
        )

        assert moved.starts_at == at_night

    def test_never_books_twice(self, account: Account, agent: Agent) -> None:
        first, second = (make_request(make_type(account), [agent]) for _ in range(2))
        book_slot(request=first, starts_at=TEN, answers=Answers(ZONE, ""), key="key", now=NOW)
        book_slot(request=second, starts_at=TEN + timedelta(hours=1), answers=Answers(ZONE, ""), key="key", now=NOW)

        with pytest.raises(SlotTaken):
            reschedule_appointment(
                request=second, starts_at=TEN, zone=ZONE, actor="Maria", now=NOW, overrides_rules=True
            )
