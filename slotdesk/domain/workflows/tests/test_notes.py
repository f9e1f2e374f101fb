"""What a note says where the step has no words of its own: what the trigger is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.catalog.workflow import AROUND, Trigger
from slotdesk.domain.connections.queries import find_psa
from slotdesk.domain.events.models import Event
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.actions import Context, Will, get_action
from slotdesk.domain.workflows.models import StepRun
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type

pytestmark = pytest.mark.django_db

START = datetime(2027, 5, 10, 14, 0, tzinfo=UTC)
WHEN = "10:00 AM"
SAYS = {
    Trigger.CREATED: "Jo asked Ana Ruiz <ana@client.example> to schedule: ",
    Trigger.SENT: "The invitation was sent to Ana Ruiz <ana@client.example>: ",
    Trigger.UNANSWERED: "Ana Ruiz <ana@client.example> has not picked a time yet: ",
    Trigger.REQUEST_CANCELLED: "Jo took the scheduling request back: ",
    Trigger.CLOSED: "Jo closed the scheduling request: ",
    Trigger.READDRESSED: "Jo sent the scheduling request to Ana Ruiz <ana@client.example>: ",
    Trigger.GUESTS_ADDED: "Jo named guests: ",
    Trigger.BOOKED: "Jo entered, as agreed with Ana Ruiz <ana@client.example>: ",
    Trigger.RESCHEDULED: "Jo moved ",
    Trigger.REASSIGNED: "Jo handed 30-minute phone call over from Sam Lee to Jordan Doe: ",
    Trigger.CANCELLED: "Jo cancelled ",
    Trigger.BEFORE: "The appointment is coming up: ",
    Trigger.AFTER: "The appointment is over: ",
    Trigger.TICKET_CLOSED: "The ticket was closed while this was open: ",
    Trigger.TICKET_STATUS_CHANGED: "The ticket’s status was changed (New → Waiting): ",
}
BEFORE_BOOKING = {Trigger.CREATED, Trigger.SENT, Trigger.UNANSWERED, Trigger.REQUEST_CANCELLED, Trigger.CLOSED}
WITHOUT_TIME = BEFORE_BOOKING | {Trigger.READDRESSED, Trigger.GUESTS_ADDED}


@pytest.fixture
def request_() -> Iterator[SchedulingRequest]:
    account = make_account()
    with active(account):
        request = make_request(make_type(account), [make_agent(account, "Jordan Doe")])
        request.connection = find_psa()
        request.ticket_id, request.ticket_kind = "1", "service_ticket"
        request.save()
        yield request


def note(request: SchedulingRequest, trigger: Trigger, data: dict[str, Any]) -> str:
    counted = {Trigger.UNANSWERED: Trigger.CREATED} | dict.fromkeys(AROUND, Trigger.BOOKED)
    event = Event(
        account=request.account,
        kind=counted.get(trigger, trigger).value,
        subject=request.public_id,
        actor="Jo",
        created_at=NOW,
        data=data | {"from": "New", "to": "Waiting"},
        changes={"agent": ["Sam Lee", "Jordan Doe"]},
    )
    run = StepRun(request=request, event=event, trigger=trigger.value, settings={})
    prepared = get_action("add_note").prepare(Context(run=run, now=NOW))
    assert isinstance(prepared, Will)
    return prepared.text.partition("“")[2].removesuffix("”")


class TestEveryTrigger:
    def test_has_words_of_its_own(self) -> None:
        assert SAYS.keys() == set(Trigger)

    @pytest.mark.parametrize("trigger", SAYS)
    def test_is_told_on_the_ticket(self, request_: SchedulingRequest, trigger: Trigger) -> None:
        data = {}
        if trigger not in WITHOUT_TIME:
            booked = book_slot(
                request=request_, starts_at=START, answers=Answers(zone="UTC", name=""), key="k", now=NOW
            )
            data = {"appointment": booked.public_id}

        text = note(request_, trigger, data)

        assert text.startswith(SAYS[trigger])
        assert (WHEN in text) is bool(data)
