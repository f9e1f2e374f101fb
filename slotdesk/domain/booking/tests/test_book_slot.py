"""Booking one slot of one request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from slotdesk.domain.booking.choosing import AvailabilityUnknown, SlotNotOffered, SlotTaken
from slotdesk.domain.booking.invitations import cancel_request
from slotdesk.domain.booking.models import Appointment, Reservation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.booking.queries import RequestClosed, find_appointment
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_busy, make_request, make_type

pytestmark = pytest.mark.django_db

TUESDAY_TEN = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)
ANSWERS = Answers(zone="Europe/London", name="Ana Ruiz")


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def agent(account: Account) -> Agent:
    return make_agent(account)


@pytest.fixture
def request_(account: Account, agent: Agent) -> SchedulingRequest:
    return make_request(make_type(account), [agent])


def book(
    request: SchedulingRequest, starts_at: datetime = TUESDAY_TEN, key: str = "key", now: datetime = NOW
) -> Appointment:
    return book_slot(request=request, starts_at=starts_at, answers=ANSWERS, key=key, now=now)


class TestBookSlot:
    def test_reserves_the_agent_and_schedules_the_request(self, request_: SchedulingRequest, agent: Agent) -> None:
        appointment = book(request_)

        request_.refresh_from_db()
        reservation = Reservation.objects.get()
        assert request_.status == "scheduled"
        assert reservation.agent == agent
        assert reservation.during.lower == appointment.starts_at == TUESDAY_TEN
        assert reservation.during.upper == appointment.ends_at == TUESDAY_TEN + timedelta(minutes=30)

    def test_records_the_event_that_everything_else_follows_from(self, request_: SchedulingRequest) -> None:
        appointment = book(request_)

        event = Event.objects.get(kind="appointment.booked")
        assert event.subject == request_.public_id
        assert event.data["appointment"] == appointment.public_id

    def test_f6_gives_the_same_appointment_for_the_same_key(self, request_: SchedulingRequest) -> None:
        first = book(request_, key="double-click")

        second = book(request_, key="double-click")

        assert second == first
        assert Event.objects.filter(kind="appointment.booked").count() == 1

    def test_refuses_a_second_booking_of_the_request(self, request_: SchedulingRequest) -> None:
        book(request_)

        with pytest.raises(RequestClosed) as caught:
            book(request_, TUESDAY_TEN + timedelta(hours=1), key="another tab")

        assert caught.value.status == "scheduled"

    def test_refuses_a_slot_another_client_took_meanwhile(
        self, account: Account, agent: Agent, request_: SchedulingRequest
    ) -> None:
        other = make_request(make_type(account), [agent])
        book(other)

        with pytest.raises(SlotTaken):
            book(request_)

        request_.refresh_from_db()
        assert request_.status == "new"
        assert find_appointment(request_) is None

    @pytest.mark.parametrize(
        "starts_at",
        [
            TUESDAY_TEN + timedelta(minutes=7),
            TUESDAY_TEN.replace(hour=12),
            NOW + timedelta(hours=1),
            NOW - timedelta(days=3),
            NOW + timedelta(days=40),
        ],
        ids=["off the grid", "before hours", "under notice", "in the past", "beyond the window"],
    )
    def test_f9_refuses_a_start_that_was_never_offered(self, request_: SchedulingRequest, starts_at: datetime) -> None:
        with pytest.raises(SlotNotOffered):
            book(request_, starts_at)

        assert not Appointment.objects.exists()

    def test_c16_an_agent_whose_calendar_was_not_read_lately_is_unknown(self, request_: SchedulingRequest) -> None:
        Calendar.objects.update(is_blocking=True, synced_at=NOW - timedelta(hours=1))

        with pytest.raises(AvailabilityUnknown):
            book(request_)

    def test_c16_a_calendar_that_cannot_be_read_now_is_unknown_though_its_mirror_is_fresh(
        self, request_: SchedulingRequest, agent: Agent, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_busy(agent, TUESDAY_TEN + timedelta(hours=3), TUESDAY_TEN + timedelta(hours=4))
        calendar = Calendar.objects.get(agent=agent)
        seal_settings_for_a_server_that_is_not_there(calendar)

        with pytest.raises(AvailabilityUnknown):
            book(request_)

    def test_c24_buffers_of_both_appointments_are_kept(self, account: Account, agent: Agent) -> None:
        long_after = make_type(account, buffer_after=timedelta(minutes=30))
        long_before = make_type(account, buffer_before=timedelta(minutes=15))
        book(make_request(long_after, [agent]))

        with pytest.raises(SlotTaken):
            book(make_request(long_before, [agent]), TUESDAY_TEN + timedelta(minutes=60))
        appointment = book(make_request(long_before, [agent]), TUESDAY_TEN + timedelta(minutes=75))

        assert appointment.starts_at == TUESDAY_TEN + timedelta(minutes=75)

    def test_d12_the_daily_maximum_counts_per_type(self, account: Account, agent: Agent) -> None:
        capped = make_type(account, daily_maximum=1)
        book(make_request(capped, [agent]))

        with pytest.raises(SlotTaken):
            book(make_request(capped, [agent]), TUESDAY_TEN + timedelta(hours=2))
        book(make_request(make_type(account), [agent]), TUESDAY_TEN + timedelta(hours=2))


class TestFrozenTerms:
    def test_an_edit_of_the_type_does_not_touch_an_open_request(
        self, account: Account, request_: SchedulingRequest
    ) -> None:
        request_.appointment_type.duration = timedelta(minutes=45)
        request_.appointment_type.save()

        appointment = book(request_)

        assert appointment.ends_at - appointment.starts_at == timedelta(minutes=30)


class TestCancel:
    def test_a_cancelled_appointment_gives_the_time_back(
        self, account: Account, agent: Agent, request_: SchedulingRequest
    ) -> None:
        book(request_)

        cancel_appointment(request=request_, actor="Jordan Doe", reason="Ill", now=NOW)

        assert find_appointment(request_) is None
        assert book(make_request(make_type(account), [agent])).starts_at == TUESDAY_TEN

    def test_f13_cancelling_twice_changes_nothing(self, request_: SchedulingRequest) -> None:
        book(request_)
        cancel_appointment(request=request_, actor="Jordan Doe", reason="Ill", now=NOW)

        cancel_appointment(request=request_, actor="Somebody else", reason="Again", now=NOW)

        assert Event.objects.filter(kind="appointment.cancelled").count() == 1

    def test_f14_a_request_that_was_taken_back_books_nothing(self, request_: SchedulingRequest) -> None:
        cancel_request(request=request_, actor="Jordan Doe", now=NOW)

        with pytest.raises(RequestClosed) as caught:
            book(request_)

        assert caught.value.status == "cancelled"

    def test_a_booked_request_cannot_be_taken_back_silently(self, request_: SchedulingRequest) -> None:
        book(request_)

        with pytest.raises(RequestClosed):
            cancel_request(request=request_, actor="Jordan Doe", now=NOW)


class TestListTimes:
    def test_leaves_out_what_the_calendar_holds(self, request_: SchedulingRequest, agent: Agent) -> None:
        make_busy(agent, TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1))

        starts = self.starts(request_)

        assert TUESDAY_TEN not in starts
        assert TUESDAY_TEN - timedelta(minutes=30) in starts
        assert TUESDAY_TEN + timedelta(hours=1) in starts

    def test_entries_marked_free_do_not_block(self, request_: SchedulingRequest, agent: Agent) -> None:
        make_busy(agent, TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1), kind="free")

        assert TUESDAY_TEN in self.starts(request_)

    def test_everything_that_is_listed_can_be_booked(self, request_: SchedulingRequest, agent: Agent) -> None:
        for number, start in enumerate(self.starts(request_)[:12]):
            request = make_request(request_.appointment_type, [agent])
            appointment = book(request, start, key=str(number))
            cancel_appointment(request=request, actor="test", reason="", now=NOW)
            assert appointment.starts_at == start

    def test_offers_nothing_beyond_what_was_read(self, account: Account, agent: Agent) -> None:
        unlimited = make_type(account, window_amount=0)
        times = list_times(
            make_request(unlimited, [agent]),
            starts_at=NOW + timedelta(days=80),
            ends_at=NOW + timedelta(days=400),
            client_zone="UTC",
            now=NOW,
        )

        assert max(slot.start for slot in times.slots) < (NOW + timedelta(days=92)).timestamp()

    def starts(self, request: SchedulingRequest) -> list[datetime]:
        times = list_times(
            request, starts_at=NOW, ends_at=NOW + timedelta(days=7), client_zone="Europe/London", now=NOW
        )
        return [datetime.fromtimestamp(slot.start, UTC) for slot in times.slots]


def seal_settings_for_a_server_that_is_not_there(calendar: Calendar) -> None:
    from slotdesk.domain.connections.credentials import seal
    from slotdesk.domain.connections.registry import get_manifest

    values = get_manifest("connectwise").settings.model_validate(
        {
            "base_url": "http://127.0.0.1:9",
            "company_id": "summit",
            "public_key": "public",
            "private_key": "private",
            "client_id": "7c2f9a50-3d3e-4c1b-9a8e-5f0d2b6e4a11",
        }
    )
    calendar.connection.settings = seal(values)
    calendar.connection.save()
