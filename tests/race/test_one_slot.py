"""
Two clients, one slot: real threads on real rows.

The control switches the lock and the constraint off and must double-book, so that the other tests are known to prove
something.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection, connections

from slotdesk.domain.booking import choosing, locking, operations
from slotdesk.domain.booking.choosing import SlotTaken
from slotdesk.domain.booking.locking import Lock, lock_and_look
from slotdesk.domain.booking.models import Appointment, Reservation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, prepare_booking
from slotdesk.domain.booking.queries import RequestClosed
from slotdesk.domain.booking.writing import Booking
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.round_trip import Statement
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.support.factories import NOW, make_account, make_agent, make_request, make_team, make_type

pytestmark = pytest.mark.django_db(transaction=True)

TEN = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)
CLIENTS = 8


@pytest.fixture
def account() -> Account:
    return make_account()


@pytest.fixture
def agent(account: Account) -> Agent:
    with active(account):
        return make_agent(account)


@pytest.fixture
def requests(account: Account, agent: Agent) -> list[SchedulingRequest]:
    with active(account):
        appointment_type = make_type(account, notice_amount=0)
        return [make_request(appointment_type, [agent]) for _ in range(CLIENTS)]


def together(tasks: list[Callable[[], Appointment]]) -> list[Appointment | Exception]:
    """Run the tasks at the same moment, each in a thread with a connection of its own, and return what each made."""
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], Appointment]) -> Appointment | Exception:
        start.wait(timeout=30)
        try:
            return task()
        except Exception as error:  # noqa: BLE001 (which error it is, is what the test looks at)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def booking(request: SchedulingRequest, starts_at: datetime = TEN, key: str = "key") -> Callable[[], Appointment]:
    def book() -> Appointment:
        with active(request.account):
            return book_slot(request=request, starts_at=starts_at, answers=Answers("UTC", "Ana Ruiz"), key=key, now=NOW)

    return book


def strictly(task: Callable[[], Appointment]) -> Callable[[], Appointment]:
    def run() -> Appointment:
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE")
        return task()

    return run


def no_locks(_agent_ids: Collection[int]) -> tuple[Statement, ...]:
    """As if there were no lock to wait for."""
    return ()


def overlapping() -> int:
    """How many pairs of standing reservations take one agent twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM booking_reservation a JOIN booking_reservation b ON a.id < b.id"
            " AND a.agent_id = b.agent_id AND a.during && b.during"
            " WHERE a.released_at IS NULL AND b.released_at IS NULL"
        )
        return int(cursor.fetchone()[0])


class TestOneSlot:
    def test_f1_exactly_one_of_many_clients_gets_it(self, requests: list[SchedulingRequest]) -> None:
        results = together([booking(request) for request in requests])

        assert sum(isinstance(result, Appointment) for result in results) == 1
        assert sum(isinstance(result, SlotTaken) for result in results) == CLIENTS - 1

    def test_f1_the_losers_leave_no_trace(self, requests: list[SchedulingRequest]) -> None:
        together([booking(request) for request in requests])

        with all_accounts():
            assert Appointment.objects.count() == Reservation.objects.count() == 1
            assert Event.objects.filter(kind="appointment.booked").count() == 1
            assert SchedulingRequest.objects.filter(status="new").count() == CLIENTS - 1

    def test_f2_of_overlapping_times_one_wins(self, requests: list[SchedulingRequest]) -> None:
        tasks = [booking(requests[0]), booking(requests[1], TEN + timedelta(minutes=15))]

        results = together(tasks)

        assert sum(isinstance(result, Appointment) for result in results) == 1
        assert overlapping() == 0

    def test_f3_of_a_team_of_two_both_are_taken_and_no_third(self, account: Account) -> None:
        with active(account):
            team = make_team(account, [make_agent(account, "Ana"), make_agent(account, "Ben")], rule="round_robin")
            appointment_type = make_type(account, notice_amount=0)
            asked = [make_request(appointment_type, [team]) for _ in range(3)]

        results = together([booking(request) for request in asked])

        assert sum(isinstance(result, Appointment) for result in results) == 2
        assert sum(isinstance(result, SlotTaken) for result in results) == 1
        with all_accounts():
            assert set(Reservation.objects.values_list("agent__name", flat=True)) == {"Ana", "Ben"}

    def test_f18_what_the_database_wants_again_is_done_again(self, requests: list[SchedulingRequest]) -> None:
        """A server that keeps transactions strictly apart calls them off, instead of letting them wait."""
        tasks = [booking(request, TEN + timedelta(hours=n % 2)) for n, request in enumerate(requests)]

        results = together([strictly(task) for task in tasks])

        assert sum(isinstance(result, Appointment) for result in results) == 2
        assert all(isinstance(result, Appointment | SlotTaken) for result in results)

    def test_the_constraint_alone_is_enough(self, requests: list[SchedulingRequest]) -> None:
        with mock.patch.object(locking, "lock_agents_sql", no_locks):
            results = together([booking(request) for request in requests])

        assert sum(isinstance(result, Appointment) for result in results) == 1
        assert all(isinstance(result, Appointment | SlotTaken) for result in results)


class TestWhatWasSeenBefore:
    def test_is_looked_at_again_once_the_agents_are_ours(self, requests: list[SchedulingRequest]) -> None:
        """The time was free when the engine was asked, and another client took it before the lock was there."""
        others = [booking(requests[1])]

        def let_another_be_first(lock: Lock) -> list[int]:
            if others:
                together([others.pop()])
            return lock_and_look(lock)

        with (
            mock.patch.object(choosing, "lock_and_look", let_another_be_first),
            pytest.raises(SlotTaken) as raised,
        ):
            booking(requests[0])()

        assert raised.value.__cause__ is None, "the engine said so, not the constraint"

    def test_has_somebody_else_of_a_team_take_what_was_meant_for_another(self, account: Account) -> None:
        """What is to be written is ready before the lock; by then it may be for the wrong one."""
        with active(account):
            first, second = make_agent(account), make_agent(account)
            appointment_type = make_type(account, notice_amount=0)
            by_name = make_request(appointment_type, [first])
            by_team = make_request(appointment_type, [make_team(account, [first, second])])
        others = [booking(by_name)]
        meant_for = []

        def let_another_be_first(lock: Lock) -> list[int]:
            if others:
                together([others.pop()])
            return lock_and_look(lock)

        def prepare(*arguments: Any, **options: Any) -> Booking:
            meant_for.append([each.agent_id for each in arguments[1]])
            return prepare_booking(*arguments, **options)

        with (
            mock.patch.object(choosing, "lock_and_look", let_another_be_first),
            mock.patch.object(operations, "prepare_booking", prepare),
        ):
            appointment = booking(by_team)()

        with active(account):
            assert [item.agent_id for item in appointment.reservations.all()] == [second.pk]
        # The other client's own booking lies between the two.
        assert [meant_for[0], meant_for[-1]] == [[first.pk], [second.pk]]


class TestOneRequest:
    def test_f6_the_same_form_sent_many_times_gives_one_appointment(self, requests: list[SchedulingRequest]) -> None:
        results = together([booking(requests[0], key="same form")] * CLIENTS)

        assert len({result.pk for result in results if isinstance(result, Appointment)}) == 1
        assert all(isinstance(result, Appointment) for result in results)

    def test_two_tabs_book_one_appointment(self, requests: list[SchedulingRequest]) -> None:
        tasks = [booking(requests[0], TEN + timedelta(hours=n), key=f"tab {n}") for n in range(4)]

        results = together(tasks)

        assert sum(isinstance(result, Appointment) for result in results) == 1
        assert sum(isinstance(result, RequestClosed) for result in results) == 3


@pytest.fixture
def without_constraint() -> Iterator[None]:
    name = "reservation_one_agent_one_time"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
        (definition,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE booking_reservation DROP CONSTRAINT {name}")
    yield
    with all_accounts():
        Reservation.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE booking_reservation ADD CONSTRAINT {name} {definition}")


class TestControl:
    def test_without_lock_and_constraint_an_agent_is_booked_twice(
        self, requests: list[SchedulingRequest], without_constraint: None
    ) -> None:
        everybody_has_looked = threading.Barrier(CLIENTS)

        def look_together(lock: Lock) -> list[int]:
            standing = lock_and_look(lock)
            everybody_has_looked.wait(timeout=30)
            return standing

        with (
            mock.patch.object(locking, "lock_agents_sql", no_locks),
            mock.patch.object(choosing, "lock_and_look", look_together),
        ):
            together([booking(request) for request in requests])

        # Everybody had looked before anybody wrote, so that everybody was let in.
        assert overlapping() == CLIENTS * (CLIENTS - 1) // 2
