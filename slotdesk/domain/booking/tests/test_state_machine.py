"""
The state machine of a request, done for real: every operation on a request in every state.

test_states.py holds the table that operations ask; this holds that every operation asks it, changes what it should, and
leaves a request that it refuses as it was, without an event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from slotdesk.domain.booking.changes import cancel_as_client, reschedule_as_client
from slotdesk.domain.booking.client import change_client
from slotdesk.domain.booking.drafts import Client
from slotdesk.domain.booking.guests import add_guests
from slotdesk.domain.booking.handover import reassign_appointment, reassign_request
from slotdesk.domain.booking.invitations import cancel_request, close_request, mark_sent
from slotdesk.domain.booking.models import Appointment, Cancellation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment, reschedule_appointment
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type

pytestmark = pytest.mark.django_db

START = datetime(2027, 5, 10, 14, 0, tzinfo=UTC)
LATER = START + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class World:
    """A request, who is asked, and somebody who could take it over."""

    request: SchedulingRequest
    agent: Agent
    other: Agent

    def fresh(self) -> SchedulingRequest:
        return SchedulingRequest.objects.select_related("account").get(pk=self.request.pk)


@pytest.fixture
def world() -> Iterator[World]:
    account = make_account()
    with active(account):
        agent, other = make_agent(account), make_agent(account, "Sam Lee")
        yield World(make_request(make_type(account, clients_may_change=True), [agent]), agent, other)


def send(world: World) -> None:
    mark_sent(request=world.fresh(), now=NOW)


def book(world: World, key: str = "first") -> None:
    book_slot(request=world.fresh(), starts_at=START, answers=Answers(zone="UTC", name=""), key=key, now=NOW)


def book_otherwise(world: World) -> None:
    book(world, "another form")


def reschedule(world: World) -> None:
    reschedule_appointment(request=world.fresh(), starts_at=LATER, zone="UTC", actor="Jo", now=NOW)


def reschedule_by_client(world: World) -> None:
    reschedule_as_client(request=world.fresh(), starts_at=LATER, zone="UTC", sequence=0, now=NOW)


def cancel_by_client(world: World) -> None:
    cancel_as_client(request=world.fresh(), reason="", sequence=0, now=NOW)


def cancel_by_staff(world: World) -> None:
    cancel_appointment(request=world.fresh(), actor="Jo", reason="", now=NOW)


def take_back(world: World) -> None:
    cancel_request(request=world.fresh(), actor="Jo", now=NOW)


def close(world: World) -> None:
    close_request(request=world.fresh(), actor="Jo", now=NOW)


def hand_over_appointment(world: World) -> None:
    reassign_appointment(request=world.fresh(), leaving=world.agent, to=world.other, actor="Jo", now=NOW)


def hand_over_request(world: World) -> None:
    reassign_request(request=world.fresh(), leaving=world.agent, to=world.other, actor="Jo", now=NOW)


def correct_client(world: World) -> None:
    client = Client(name="Ana Ruiz-Lopez", email="ana@client.example", company="Client Ltd")
    change_client(request=world.fresh(), client=client, actor="Jo", now=NOW)


def name_guests(world: World) -> None:
    add_guests(request=world.fresh(), emails=["guest@client.example"], actor="Jo", now=NOW)


STATES: dict[str, tuple[Callable[[World], None], ...]] = {
    "new": (),
    "sent": (send,),
    "scheduled": (send, book),
    "taken back": (send, take_back),
    "called off": (send, book, cancel_by_staff),
    "closed": (send, close),
}
# What each operation comes to: the status afterwards, "=" for no change at all, or the name of its refusal.
TABLE: dict[Callable[[World], None], dict[str, str]] = {
    send: {
        "new": "sent",
        "sent": "=",
        "scheduled": "=",
        "taken back": "=",
        "called off": "=",
        "closed": "=",
    },
    book: {
        "new": "scheduled",
        "sent": "scheduled",
        "scheduled": "=",
        "taken back": "WasCancelled",
        "called off": "=",
        "closed": "WasClosed",
    },
    book_otherwise: {
        "new": "scheduled",
        "sent": "scheduled",
        "scheduled": "BookedAlready",
        "taken back": "WasCancelled",
        "called off": "WasCancelled",
        "closed": "WasClosed",
    },
    reschedule: {
        "new": "NotBooked",
        "sent": "NotBooked",
        "scheduled": "scheduled",
        "taken back": "WasCancelled",
        "called off": "WasCancelled",
        "closed": "WasClosed",
    },
    reschedule_by_client: {
        "new": "NotBooked",
        "sent": "NotBooked",
        "scheduled": "scheduled",
        "taken back": "WasCancelled",
        "called off": "WasCancelled",
        "closed": "WasClosed",
    },
    cancel_by_client: {
        "new": "NotBooked",
        "sent": "NotBooked",
        "scheduled": "cancelled",
        "taken back": "=",
        "called off": "=",
        "closed": "WasClosed",
    },
    cancel_by_staff: {
        "new": "NotBooked",
        "sent": "NotBooked",
        "scheduled": "cancelled",
        "taken back": "=",
        "called off": "=",
        "closed": "WasClosed",
    },
    take_back: {
        "new": "cancelled",
        "sent": "cancelled",
        "scheduled": "BookedAlready",
        "taken back": "=",
        "called off": "=",
        "closed": "WasClosed",
    },
    close: {
        "new": "closed",
        "sent": "closed",
        "scheduled": "BookedAlready",
        "taken back": "WasCancelled",
        "called off": "WasCancelled",
        "closed": "=",
    },
    hand_over_appointment: {
        "new": "NotBooked",
        "sent": "NotBooked",
        "scheduled": "scheduled",
        "taken back": "WasCancelled",
        "called off": "WasCancelled",
        "closed": "WasClosed",
    },
    hand_over_request: {
        "new": "new",
        "sent": "sent",
        "scheduled": "BookedAlready",
        "taken back": "WasCancelled",
        "called off": "WasCancelled",
        "closed": "WasClosed",
    },
    correct_client: {
        "new": "new",
        "sent": "sent",
        "scheduled": "BookedAlready",
        "taken back": "WasCancelled",
        "called off": "WasCancelled",
        "closed": "WasClosed",
    },
    name_guests: {
        "new": "new",
        "sent": "sent",
        "scheduled": "scheduled",
        "taken back": "WasCancelled",
        "called off": "WasCancelled",
        "closed": "WasClosed",
    },
}


def snapshot(world: World) -> tuple[object, ...]:
    request = world.fresh()
    appointments = list(Appointment.objects.order_by("id").values_list("starts_at", "sequence"))
    resources = list(request.resources.values_list("agent", flat=True))
    told = (request.client_name, request.guests.count(), Cancellation.objects.count())
    return (request.status, appointments, resources, told, Event.objects.count())


@pytest.mark.parametrize("operation", TABLE, ids=lambda operation: operation.__name__)
@pytest.mark.parametrize("state", STATES)
def test_every_operation_in_every_state(world: World, state: str, operation: Callable[[World], None]) -> None:
    for step in STATES[state]:
        step(world)
    before = snapshot(world)
    expected = TABLE[operation][state]

    if expected[0].isupper():
        with pytest.raises(Exception) as refused:  # noqa: PT011 (its name is what is looked at)
            operation(world)
        assert type(refused.value).__name__ == expected
        assert snapshot(world) == before
    elif expected == "=":
        operation(world)
        assert snapshot(world) == before
    else:
        operation(world)
        assert world.fresh().status == expected
        assert snapshot(world) != before


def test_every_pair_is_in_the_table() -> None:
    assert {operation.__name__: set(row) for operation, row in TABLE.items()} == {
        operation.__name__: set(STATES) for operation in TABLE
    }
