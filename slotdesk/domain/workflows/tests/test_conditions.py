"""Conditions: what they compare, and what they say when they do not hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.catalog.workflow import Condition, Operator
from slotdesk.domain.events.models import Event
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.actions.base import Context
from slotdesk.domain.workflows.conditions import FIELDS, describe, why_not
from slotdesk.domain.workflows.models import StepRun
from tests.support.factories import NOW, make_account, make_agent, make_request, make_team, make_type
from tests.support.following import follow, outcome_of, states
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db

START = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)


@pytest.fixture
def request_() -> Iterator[SchedulingRequest]:
    account = make_account()
    with active(account):
        agent = make_agent(account, "Jordan Doe")
        team = make_team(account, [make_agent(account, "Sam Lee")])
        yield make_request(make_type(account), [agent, team], phone="+1 303 555 0123")


def ask(request: SchedulingRequest, condition: Condition, **event: Any) -> str:
    defaults = {"kind": "request.created", "data": {}, "created_at": NOW, "actor": ""}
    run = StepRun(request=request, event=Event(account=request.account, **(defaults | event)), settings={})
    return why_not([condition], Context(run=run, now=NOW))


def condition(field: str, operator: str, *values: str) -> Condition:
    return Condition(field=field, operator=Operator(operator), values=values)


HOLDS = [
    ("request.origin", "is", "panel"),
    ("request.origin", "is_not", "link"),
    ("request.invited", "is", "yes"),
    ("request.silent", "is", "no"),
    ("type", "contains", "PHONE"),
    ("company", "is", " client ltd "),
    ("company", "one_of", "Other", "Client Ltd"),
    ("company", "is_filled"),
    ("contact.name", "contains", "ruiz"),
    ("contact.email", "contains", "@client.example"),
    ("contact.phone", "is_filled"),
    ("resource", "is", "jordan doe"),
    ("resource", "contains", "desk"),
    ("ticket.board", "is_empty"),
    ("answer.device", "is_empty"),
    ("attribute.tier", "is_empty"),
]
FAILS = [
    ("request.origin", "is", "link", "How the request came about is Invitation from the ticket, not Link made in the"),
    ("request.silent", "is", "yes", "The client is to get no e-mail is no, not yes."),
    ("company", "is", "Other", "The client’s company is Client Ltd, not Other."),
    ("company", "is_not", "client ltd", "The client’s company is Client Ltd."),
    ("company", "contains", "GmbH", "The client’s company is Client Ltd, which does not contain GmbH."),
    ("company", "is_empty", "", "The client’s company is Client Ltd."),
    ("resource", "is_not", "Help desk", "Who was asked or takes it is Jordan Doe, Help desk."),
    ("ticket.priority", "is", "High", "The ticket’s priority is empty, not High."),
    ("appointment.lead_hours", "at_least", "4", "The hours from booking to start is empty, not at least 4."),
    ("nobody.knows", "is", "x", "Nothing is known of “nobody.knows”, which this step asks about."),
]


class TestConditions:
    @pytest.mark.parametrize(("field", "operator", "values"), [(each[0], each[1], each[2:]) for each in HOLDS])
    def test_hold(self, request_: SchedulingRequest, field: str, operator: str, values: tuple[str, ...]) -> None:
        assert ask(request_, condition(field, operator, *values)) == ""

    @pytest.mark.parametrize(("field", "operator", "value", "reason"), FAILS)
    def test_say_why_they_do_not(
        self, request_: SchedulingRequest, field: str, operator: str, value: str, reason: str
    ) -> None:
        said = ask(request_, condition(field, operator, *([value] if value else [])))

        assert said.startswith(reason)

    def test_know_who_cancelled(self, request_: SchedulingRequest) -> None:
        wanted = condition("cancelled_by", "is", "client")

        assert ask(request_, wanted, kind="appointment.cancelled", actor="Ana Ruiz (client)") == ""
        assert "one of us" in ask(request_, wanted, kind="appointment.cancelled", actor="Jo")
        assert "Slotdesk itself" in ask(request_, wanted, kind="appointment.cancelled", actor="Slotdesk")

    def test_compare_the_hours_between_booking_and_start(self, request_: SchedulingRequest) -> None:
        booked = Appointment.objects.create(
            account=request_.account,
            request=request_,
            starts_at=START,
            ends_at=START + timedelta(minutes=30),
            zone="UTC",
            wall_start=f"{START:%Y-%m-%dT%H:%M}",
            key="k",
            booked_at=NOW,
            answers=[{"key": "seats", "label": "Seats", "value": "12"}],
        )
        event = {"kind": "appointment.booked", "data": {"appointment": booked.public_id}}

        assert ask(request_, condition("appointment.lead_hours", "at_least", "25"), **event) == ""
        assert ask(request_, condition("appointment.lead_hours", "at_most", "24.5"), **event) != ""
        assert ask(request_, condition("answer.seats", "at_least", "10"), **event) == ""
        assert ask(request_, condition("answer.seats", "at_most", "ten"), **event) != ""

    def test_are_described_as_staff_read_them(self) -> None:
        assert describe(condition("ticket.priority", "one_of", "High", "Critical")) == (
            "The ticket’s priority is one of High or Critical"
        )

    @pytest.mark.parametrize("name", FIELDS)
    def test_can_ask_about_every_field_of_a_request_that_has_little(
        self, request_: SchedulingRequest, name: str
    ) -> None:
        ask(request_, Condition(field=name, operator=FIELDS[name].operators[0], values=("1",)))


class TestTicketConditions:
    @pytest.fixture
    def msp(self) -> Iterator[Msp]:
        with connected_msp() as msp:
            yield msp

    def test_read_the_ticket_when_the_step_is_about_to_run(self, msp: Msp) -> None:
        ticket = msp.open_ticket()
        other = {"field": "ticket.priority", "operator": "is", "values": ["Nobody has this"]}
        same = {"field": "ticket.board", "operator": "is", "values": [ticket["board"]["name"]]}
        self._with_note(msp, [same, other])
        msp.invite(ticket)

        follow(timezone.now())

        assert states() == {"note": "skipped"}
        assert outcome_of("note") == f"The ticket’s priority is {ticket['priority']['name']}, not Nobody has this."

    def test_wait_for_a_psa_that_is_down(self, msp: Msp) -> None:
        self._with_note(msp, [{"field": "ticket.status", "operator": "is_filled", "values": []}])
        msp.invite(msp.open_ticket())
        msp.psa.switchboard.replace([{"kind": "down"}])

        follow(timezone.now())

        assert states() == {"note": "waiting"}

    def _with_note(self, msp: Msp, when: list[dict[str, Any]]) -> None:
        step = {"key": "note", "action": "add_note", "settings": {}, "when": when}
        branch = {"trigger": "request.created", "minutes": 0, "when": [], "steps": [step]}
        msp.type.workflow = {"version": 2, "branches": [branch]}
        msp.type.save()
