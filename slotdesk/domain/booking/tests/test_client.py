"""Correcting whom an open request asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from slotdesk.domain.booking.client import change_client
from slotdesk.domain.booking.drafts import Client
from slotdesk.domain.booking.guests import NotAnAddress, add_guests
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.booking.queries import find_request_by_token
from slotdesk.domain.booking.states import BookedAlready
from slotdesk.domain.events.models import Event
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_() -> Iterator[SchedulingRequest]:
    account = make_account()
    with active(account):
        yield make_request(make_type(account), [make_agent(account)])


def change(
    request: SchedulingRequest, name: str = "Ana Ruiz", email: str = "ana@client.example", phone: str = ""
) -> None:
    change_client(request=request, client=Client(name, email, phone), actor="Maria", now=NOW)


class TestChangeClient:
    def test_keeps_the_link_where_only_the_number_changes(self, request_: SchedulingRequest) -> None:
        token = request_.token

        change(request_, phone="+1 212 555 0100")

        request_.refresh_from_db()
        assert (request_.token, request_.client_phone) == (token, "+1 212 555 0100")
        assert Event.objects.get(kind="request.client_changed").changes == {"phone": ["", "+1 212 555 0100"]}

    def test_makes_the_old_link_useless_with_another_address(self, request_: SchedulingRequest) -> None:
        token = request_.token

        change(request_, email="ana.ruiz@client.example")

        assert find_request_by_token(token) is None
        assert Event.objects.get(kind="request.readdressed").changes["email"][1] == "ana.ruiz@client.example"

    def test_changes_nothing_when_saved_as_it_is(self, request_: SchedulingRequest) -> None:
        change(request_)

        assert not Event.objects.exclude(kind="request.created").exists()

    def test_makes_no_guest_of_the_client(self, request_: SchedulingRequest) -> None:
        add_guests(request=request_, emails=["bo@client.example"], actor="Maria", now=NOW)

        change(request_, "Bo", "Bo@client.example")

        assert not request_.guests.exists()

    def test_refuses_what_is_no_address(self, request_: SchedulingRequest) -> None:
        with pytest.raises(NotAnAddress):
            change(request_, email="ana@")

    def test_refuses_a_booked_one(self, request_: SchedulingRequest) -> None:
        starts_at = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)
        book_slot(request=request_, starts_at=starts_at, answers=Answers("UTC", ""), key="key", now=NOW)

        with pytest.raises(BookedAlready):
            change(request_, "Bo")
