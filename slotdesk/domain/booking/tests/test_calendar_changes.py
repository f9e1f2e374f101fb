"""What happens in a technician's calendar between looking and booking, with a real PSA."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from slotdesk.domain.booking.choosing import SlotTaken
from slotdesk.domain.booking.models import Appointment, Reservation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment, reschedule_appointment
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.connections.models import Calendar
from tests.support.factories import make_type
from tests.support.msp import Msp, connected_msp, refresh

pytestmark = pytest.mark.django_db

HALF, QUARTER = timedelta(minutes=30), timedelta(minutes=15)


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        yield msp


@pytest.fixture
def request_(msp: Msp) -> SchedulingRequest:
    return msp.invite(msp.open_ticket())


def put(msp: Msp, starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """Enter something into the technician's schedule, as at the PSA's own screen."""
    member = Calendar.objects.get(agent=msp.agent).external_id
    times = {name: f"{at:%Y-%m-%dT%H:%M:%SZ}" for name, at in (("dateStart", starts_at), ("dateEnd", ends_at))}
    another = msp.psa.store.all("entries")[0]
    fields = {"name": "Dentist", "member": {"id": int(member)}, "doneFlag": False, "objectId": None, **times}
    return msp.psa.store.add("entries", {key: value for key, value in another.items() if key != "id"} | fields)


def read_again(msp: Msp) -> None:
    """The periodic reading, though nothing was told."""
    Calendar.objects.update(synced_at=timezone.now() - timedelta(minutes=10))
    refresh(msp.connection)


def offered(request: SchedulingRequest, without: Appointment | None = None) -> list[datetime]:
    now = timezone.now()
    times = list_times(
        request, starts_at=now, ends_at=now + timedelta(days=10), client_zone="UTC", now=now, without=without
    )
    return [datetime.fromtimestamp(slot.start, UTC) for slot in times.slots]


def book(request: SchedulingRequest, starts_at: datetime) -> Appointment:
    return book_slot(
        request=request, starts_at=starts_at, answers=Answers("UTC", "Client"), key="key", now=timezone.now()
    )


class TestBetweenLookingAndBooking:
    def test_f5_an_entry_that_appeared_meanwhile_is_found(self, msp: Msp, request_: SchedulingRequest) -> None:
        start = offered(request_)[3]
        put(msp, start + QUARTER, start + HALF)

        with pytest.raises(SlotTaken):
            book(request_, start)

        assert start not in offered(request_)

    def test_c14_an_entry_that_was_deleted_meanwhile_does_not_stand_in_the_way(
        self, msp: Msp, request_: SchedulingRequest
    ) -> None:
        start = offered(request_)[3]
        entry = put(msp, start, start + HALF)
        read_again(msp)
        taken = start not in offered(request_)
        msp.psa.store.remove("entries", entry["id"])

        appointment = book(request_, start)

        assert taken
        assert appointment.starts_at == start


class TestReadingAgain:
    def test_c14_finds_what_was_moved_and_deleted_without_being_told(
        self, msp: Msp, request_: SchedulingRequest
    ) -> None:
        first, later = offered(request_)[3], offered(request_)[12]
        entry = put(msp, first, first + HALF)
        read_again(msp)
        before = offered(request_)
        times = {"dateStart": f"{later:%Y-%m-%dT%H:%M:%SZ}", "dateEnd": f"{later + HALF:%Y-%m-%dT%H:%M:%SZ}"}
        msp.psa.store.put("entries", {**entry, **times})
        read_again(msp)
        moved = offered(request_)
        msp.psa.store.remove("entries", entry["id"])
        read_again(msp)

        assert first not in before
        assert later in before
        assert first in moved
        assert later not in moved
        assert {first, later} <= set(offered(request_))


class TestWhateverHappens:
    @pytest.mark.parametrize("seed", [1, 2])
    def test_f26_no_agent_is_taken_twice_no_buffer_is_broken_and_what_is_listed_can_be_booked(
        self, msp: Msp, seed: int
    ) -> None:
        chance = random.Random(seed)
        types = [
            make_type(msp.account, notice_amount=0, duration=length, buffer_before=before, buffer_after=after)
            for length, before, after in (
                (HALF, QUARTER, QUARTER),
                (3 * QUARTER, timedelta(0), HALF),
                (2 * HALF, HALF, timedelta(0)),
            )
        ]
        booked: list[SchedulingRequest] = []
        entries: list[dict[str, Any]] = []

        for _ in range(30):
            step = chance.choice(["book", "book", "book", "move", "cancel", "entry", "entry gone"])
            if step == "book":
                msp.type = chance.choice(types)
                request = msp.invite(msp.open_ticket())
                book(request, chance.choice(offered(request)[:12]))
                booked.append(request)
            elif step == "move" and booked:
                request = chance.choice(booked)
                free = offered(request, without=Appointment.objects.get(request=request))
                move(request, chance.choice(free[:12]))
            elif step == "cancel" and booked:
                request = booked.pop(chance.randrange(len(booked)))
                cancel_appointment(request=request, actor="test", reason="", now=timezone.now())
            elif step == "entry":
                start = offered(msp.invite(msp.open_ticket()))[0] + timedelta(minutes=chance.randrange(600))
                entries.append(put(msp, start, start + timedelta(minutes=chance.randrange(1, 90))))
                read_again(msp)
            elif step == "entry gone" and entries:
                msp.psa.store.remove("entries", entries.pop()["id"])
                read_again(msp)
            assert broken(msp) == []


def move(request: SchedulingRequest, starts_at: datetime) -> None:
    reschedule_appointment(request=request, starts_at=starts_at, zone="UTC", actor="test", now=timezone.now())


def broken(msp: Msp) -> list[tuple[Reservation, Reservation]]:
    """Standing reservations of the agent that stand nearer to each other than the buffers of both allow."""
    standing = sorted(Reservation.objects.filter(agent=msp.agent, released_at=None), key=lambda each: each.during.lower)
    return [
        (first, second)
        for n, first in enumerate(standing)
        for second in standing[n + 1 :]
        if first.during.upper + first.buffer_after + second.buffer_before > second.during.lower
    ]
