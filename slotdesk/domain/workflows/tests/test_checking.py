"""What is said against a workflow before it is saved, and what a dry run says of steps that wait for the booking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from slotdesk.domain.catalog.workflow import Branch, Condition, Step, Trigger, Workflow
from slotdesk.domain.connections.models import Board
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.checking import find_problems
from slotdesk.domain.workflows.dry_run import Verdict, try_out
from tests.support.factories import NOW, make_account, make_agent, make_connection, make_request, make_team, make_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


def step(action: str, key: str = "", when: tuple[Condition, ...] = (), **settings: Any) -> Step:
    return Step(key=key or action, action=action, settings=settings, when=when)


def workflow(trigger: Trigger, *steps: Step, minutes: int = 0) -> Workflow:
    return Workflow(branches=(Branch(trigger=trigger, minutes=minutes, steps=steps),))


def said(checked: Workflow) -> list[str]:
    return [f"{problem.where} {problem.text}" for problem in find_problems(checked)]


class TestStepsThatNeedThePerson:
    NOBODY = "needs to know who takes the appointment, which nobody does here; move it to where one is booked."

    @pytest.mark.parametrize("action", ["write_entry", "set_ticket_owner", "create_activity"])
    @pytest.mark.parametrize(
        "trigger", [Trigger.UNANSWERED, Trigger.REQUEST_CANCELLED, Trigger.CLOSED, Trigger.READDRESSED]
    )
    def test_are_refused_where_nobody_has_booked(self, account: Account, trigger: Trigger, action: str) -> None:
        (problem,) = find_problems(workflow(trigger, step(action), minutes=60))

        assert (problem.step, problem.text) == (action, self.NOBODY)

    def test_are_refused_after_a_wait_that_ends_with_the_booking(self, account: Account) -> None:
        waited = (step("wait", amount=1, unit="days"), step("write_entry"))

        assert said(workflow(Trigger.CREATED, *waited)) == [
            f"A request is made → Write the calendar entry {self.NOBODY}"
        ]
        assert said(workflow(Trigger.CREATED, step("write_entry"))) == []
        assert said(workflow(Trigger.BOOKED, *waited)) == []

    def test_are_said_to_be_put_off_by_a_dry_run(self, account: Account) -> None:
        team = make_team(account, [make_agent(account)])
        request = make_request(make_type(account), [team])

        (tried,) = try_out(
            workflow(Trigger.CREATED, step("write_entry")), request=request, trigger=Trigger.CREATED, now=NOW
        )

        assert tried.verdict == Verdict.SKIPPED
        assert tried.text.startswith("It is done once the client has picked a time")


class TestWhatIsGone:
    @pytest.fixture(autouse=True)
    def board(self, account: Account) -> None:
        statuses = [{"id": "7", "name": "Scheduled"}]
        Board.objects.create(connection=make_connection(account), external_id="1", name="Help Desk", statuses=statuses)

    def test_from_the_psa_is_named_with_its_step(self) -> None:
        checked = workflow(Trigger.BOOKED, step("create_ticket", board_id="9", status_id="8"))

        assert said(checked) == [
            "An appointment is booked → Create a ticket Board: it is not in the PSA any more; choose another one.",
            "An appointment is booked → Create a ticket Status: it is not in the PSA any more; choose another one.",
        ]
        assert said(workflow(Trigger.BOOKED, step("create_ticket", board_id="1", status_id="7"))) == []

    def test_from_a_board_is_named_with_the_board(self) -> None:
        checked = workflow(Trigger.BOOKED, step("set_ticket_status", moment="scheduled", statuses={"1": "8"}))

        assert said(checked) == [
            "An appointment is booked → Ticket status: after scheduling "
            "Status by board: Help Desk does not have the chosen one any more."
        ]
        assert said(workflow(Trigger.BOOKED, step("set_ticket_status", statuses={"1": "7"}))) == []


class TestConditions:
    @pytest.mark.parametrize(
        ("condition", "problem"),
        [
            ({"field": "nobody.knows", "values": ["x"]}, "choose what it asks about."),
            ({"field": "cancelled_by", "operator": "contains", "values": ["x"]}, "cannot be asked with “contains”."),
            ({"field": "company", "values": [" "]}, "say what the client’s company is compared with."),
            ({"field": "answer.seats", "operator": "at_least", "values": ["many"]}, "“many” is not a number."),
        ],
    )
    def test_that_cannot_be_asked_are_named(self, account: Account, condition: dict[str, Any], problem: str) -> None:
        when = (Condition.model_validate(condition),)

        (line,) = said(workflow(Trigger.CANCELLED, step("close_request", when=when)))

        assert line.startswith("An appointment is cancelled → Close the request Condition 1: ")
        assert line.endswith(problem)
