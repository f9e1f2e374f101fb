"""Who else is told of an appointment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from slotdesk.domain.booking.guests import (
    MOST_GUESTS,
    NotAnAddress,
    TooManyGuests,
    add_guests,
    read_addresses,
    remove_guest,
)
from slotdesk.domain.booking.invitations import Client, Options, cancel_request, create_request
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.states import WasCancelled
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_request, make_team, make_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def agent(account: Account) -> Agent:
    return make_agent(account, "Maria Schmidt", email="maria@summit.example")


@pytest.fixture
def request_(account: Account, agent: Agent) -> SchedulingRequest:
    return make_request(make_type(account), [agent])


def add(request: SchedulingRequest, *emails: str) -> list[str]:
    return [guest.email for guest in add_guests(request=request, emails=emails, actor="Maria", now=NOW)]


def there(request: SchedulingRequest) -> list[str]:
    return list(request.guests.order_by("id").values_list("email", flat=True))


class TestAddGuests:
    def test_names_nobody_twice_whatever_the_case(self, request_: SchedulingRequest) -> None:
        add(request_, "bo@client.example", "BO@client.example")

        assert add(request_, "Bo@Client.Example", "cy@client.example") == ["cy@client.example"]
        assert there(request_) == ["bo@client.example", "cy@client.example"]

    def test_leaves_out_the_client_and_whoever_takes_the_appointment(self, account: Account, agent: Agent) -> None:
        team = make_team(account, [make_agent(account, "Ali", email="ali@summit.example")])
        request = make_request(make_type(account), [agent, team])

        added = add(request, "ANA@client.example", "Maria@summit.example", "ali@SUMMIT.example", "bo@client.example")

        assert added == ["bo@client.example"]

    def test_refuses_more_than_there_can_be_and_adds_none_of_them(self, request_: SchedulingRequest) -> None:
        add(request_, *(f"guest-{number}@client.example" for number in range(MOST_GUESTS - 1)))

        with pytest.raises(TooManyGuests):
            add(request_, "one@client.example", "two@client.example")

        assert len(there(request_)) == MOST_GUESTS - 1

    @pytest.mark.parametrize("text", ["nobody", "a@b@c.example", "x@client.example\r\nBcc: all@client.example", "@"])
    def test_refuses_what_is_no_address(self, request_: SchedulingRequest, text: str) -> None:
        with pytest.raises(NotAnAddress):
            add(request_, text)

        assert there(request_) == []

    def test_tells_the_history_who_was_added(self, request_: SchedulingRequest) -> None:
        add(request_, "bo@client.example")

        event = Event.objects.get(kind="request.guests_added")
        assert event.actor == "Maria"
        assert event.changes == {"guests": [[], ["bo@client.example"]]}

    def test_tells_nothing_when_everybody_is_there_already(self, request_: SchedulingRequest) -> None:
        add(request_, "bo@client.example")
        add(request_, "bo@client.example")

        assert Event.objects.filter(kind="request.guests_added").count() == 1

    def test_refuses_what_was_cancelled(self, request_: SchedulingRequest) -> None:
        cancel_request(request=request_, actor="Maria", now=NOW)

        with pytest.raises(WasCancelled):
            add(request_, "bo@client.example")

    def test_begins_with_those_named_when_the_client_was_asked(self, account: Account, agent: Agent) -> None:
        request = create_request(
            account=account,
            psa=None,
            ticket=None,
            appointment_type=make_type(account),
            resources=[agent],
            origin=SchedulingRequest.Origin.PANEL,
            client=Client("Ana Ruiz", "ana@client.example"),
            actor="Maria Schmidt",
            now=NOW,
            options=Options(guests=("bo@client.example", "ana@client.example")),
        )

        assert [(guest.email, guest.added_by) for guest in request.guests.all()] == [
            ("bo@client.example", "Maria Schmidt")
        ]


class TestRemoveGuest:
    def test_takes_one_off_and_tells_so_once(self, request_: SchedulingRequest) -> None:
        bo, _cy = add_guests(request=request_, emails=["bo@client.example", "cy@client.example"], actor="M", now=NOW)

        for _ in range(2):
            remove_guest(request=request_, guest_id=bo.pk, actor="Maria", now=NOW)

        assert there(request_) == ["cy@client.example"]
        assert Event.objects.filter(kind="request.guest_removed").count() == 1

    def test_touches_no_guest_of_another_request(self, request_: SchedulingRequest, agent: Agent) -> None:
        other = make_request(request_.appointment_type, [agent])
        (guest,) = add_guests(request=other, emails=["bo@client.example"], actor="M", now=NOW)

        remove_guest(request=request_, guest_id=guest.pk, actor="Maria", now=NOW)

        assert there(other) == ["bo@client.example"]


class TestReadAddresses:
    def test_reads_what_people_paste(self) -> None:
        text = "bo@client.example; <cy@client.example>,\n dee@client.example "

        assert read_addresses(text) == ["bo@client.example", "cy@client.example", "dee@client.example"]

    def test_names_the_one_that_is_wrong(self) -> None:
        with pytest.raises(NotAnAddress, match="“bo@”"):
            read_addresses("ana@client.example, bo@")
