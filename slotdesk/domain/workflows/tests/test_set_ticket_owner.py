"""The ticket, given to whoever takes the appointment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import cancel_appointment
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.events.models import Event
from slotdesk.domain.workflows.actions import Context, Skipped, Will, get_action
from slotdesk.domain.workflows.models import StepRun
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        yield msp


def prepare(request: SchedulingRequest, kind: str = "appointment.booked") -> Will | Skipped:
    run = StepRun(account=request.account, request=request, event=Event.objects.get(kind=kind), step_key="owner")
    return get_action("set_ticket_owner").prepare(Context(run=run, now=timezone.now()))


class TestSetTicketOwner:
    def test_gives_the_ticket_to_whoever_takes_the_appointment(self, msp: Msp) -> None:
        ticket = msp.open_ticket()
        request = msp.invite(ticket)
        msp.book_first(request)

        prepared = prepare(request)
        before = msp.api(f"/service/tickets/{ticket['id']}").get("owner")
        assert isinstance(prepared, Will)
        done = prepared.do()
        prepared.do()

        assert before is None
        assert done.text == f"The ticket is {msp.agent.name}’s."
        assert msp.api(f"/service/tickets/{ticket['id']}")["owner"]["name"] == msp.agent.name

    def test_is_skipped_while_nobody_is_chosen(self, msp: Msp) -> None:
        assert isinstance(prepare(msp.invite(msp.open_ticket()), "request.created"), Skipped)

    def test_is_skipped_for_a_cancelled_appointment(self, msp: Msp) -> None:
        request = msp.invite(msp.open_ticket())
        msp.book_first(request)
        cancel_appointment(request=request, actor="Jordan Doe", reason="", now=timezone.now())

        assert isinstance(prepare(request), Skipped)

    def test_is_skipped_for_somebody_whom_the_psa_does_not_know(self, msp: Msp) -> None:
        request = msp.invite(msp.open_ticket())
        msp.book_first(request)
        Calendar.objects.filter(agent=msp.agent).delete()

        prepared = prepare(request)

        assert isinstance(prepared, Skipped)
        assert msp.agent.name in prepared.text
