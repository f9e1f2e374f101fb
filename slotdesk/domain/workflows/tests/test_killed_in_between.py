"""Every action, killed after its effect and before anybody wrote it down: done again, it finds what it did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.catalog.workflow import Branch, Step, Trigger, Workflow
from slotdesk.domain.events.models import Event
from slotdesk.domain.workflows.actions import ACTIONS
from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import run_step
from slotdesk.lib.tests.answering import Answer, Server, answering
from tests.support.factories import make_request, make_type
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db

CLIENT, MEETING = "ana@fabrikam.example", "https://meet.example/ours"
# In this order each has what it needs from the one before it.
BOOKED: dict[str, dict[str, Any]] = {
    "create_or_match_contact": {},
    "create_ticket": {"board_id": "1"},
    "write_entry": {},
    "add_note": {"text": "Hello {{ client.name }}"},
    "set_ticket_status": {"moment": "scheduled"},
    "set_ticket_owner": {},
    "update_contact_phone": {},
    "create_activity": {},
    "add_meeting": {"url": MEETING},
    "send_email": {"template": "confirmation", "to": "client"},
    "send_own_email": {"to": "client", "subject": "Ours", "body": "<p>Hello</p>"},
    "post_to_chat": {"service": "slack", "text": "Booked"},
    "call_webhook": {},
    "cancel_appointment": {"reason": "No"},
}
WAITS = {"wait": {"amount": 1, "unit": "minutes"}, "close_request": {}}


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        yield msp


@pytest.fixture
def server() -> Iterator[Server]:
    with answering(lambda _seen: Answer()) as server:
        yield server


def steps(server: Server, actions: dict[str, dict[str, Any]]) -> tuple[Step, ...]:
    called = {"post_to_chat": {"url": server.url}, "call_webhook": {"url": server.url}}
    return tuple(
        Step(key=action, action=action, settings=settings | called.get(action, {}))
        for action, settings in actions.items()
    )


def ask(msp: Msp, server: Server) -> SchedulingRequest:
    workflow = Workflow(
        branches=(
            Branch(trigger=Trigger.BOOKED, steps=steps(server, BOOKED)),
            Branch(trigger=Trigger.CREATED, steps=steps(server, WAITS)),
        )
    )
    msp.type = make_type(msp.account, notice_amount=0, workflow=workflow.model_dump(mode="json"))
    return make_request(msp.type, [msp.agent], now=timezone.now(), email=CLIENT, phone="+1 303 555 0123")


def done_and_killed(run: StepRun, msp: Msp) -> tuple[str, list[Any]]:
    """Do it, forget that it was done, as after a power cut, and do it again. Returns what the second time changed."""
    run_step(step_run_id=run.pk, clock=timezone.now)
    run.refresh_from_db()
    assert run.state == "done", (run.action, run.outcome)
    before = _world(msp)
    StepRun.objects.filter(pk=run.pk).update(
        state="running", claimed_until=timezone.now() - timedelta(seconds=1), finished_at=None, outcome="", result={}
    )
    run_step(step_run_id=run.pk, clock=timezone.now)
    run.refresh_from_db()
    return run.state, [change for change in _world(msp) if change not in before]


def _world(msp: Msp) -> list[Any]:
    """All that was ever written at the PSA, put into a mailbox, or told as an event."""
    mails = [mail.subject for mail in msp.mails_to(CLIENT)]
    return [*msp.psa.store.entries("effects"), *mails, *Event.objects.values_list("kind", "pk")]


def in_turn(msp: Msp) -> dict[str, tuple[str, list[Any]]]:
    for event_id in list_left_behind(before=timezone.now() + timedelta(days=1)):
        advance(event_id=event_id, now=timezone.now())
    StepRun.objects.filter(is_timer=True).update(due_at=timezone.now())
    waiting = StepRun.objects.filter(finished_at=None).order_by("id")
    return {run.action: done_and_killed(run, msp) for run in list(waiting)}


class TestEveryAction:
    def test_has_its_turn_here(self) -> None:
        assert BOOKED.keys() | WAITS.keys() == ACTIONS.keys()

    def test_of_a_booking_changes_nothing_the_second_time(self, msp: Msp, server: Server) -> None:
        request = ask(msp, server)
        StepRun.objects.all().delete()
        msp.book_first(request)
        Event.objects.filter(kind="request.created").update(advanced_at=timezone.now())

        found = in_turn(msp)

        assert found == dict.fromkeys(BOOKED, ("done", []))
        assert Appointment.objects.get().meeting_url == MEETING
        assert [mail.subject.partition(":")[0] for mail in msp.mails_to(CLIENT)] == ["Ours", "Booked"]

    def test_of_an_open_request_changes_nothing_the_second_time(self, msp: Msp, server: Server) -> None:
        ask(msp, server)

        assert in_turn(msp) == dict.fromkeys(WAITS, ("done", []))

    def test_that_calls_the_web_says_that_it_is_the_same_call(self, msp: Msp, server: Server) -> None:
        """A webhook is told so by its id. A chat has no such thing: the message may come twice, which is said."""
        msp.book_first(ask(msp, server))

        in_turn(msp)

        chats = [seen for seen in server.seen if "webhook-id" not in seen.headers]
        hooks = [seen for seen in server.seen if "webhook-id" in seen.headers]
        assert [json.loads(seen.body) for seen in chats] == [{"text": "Booked"}] * 2
        assert len(hooks) == 2
        assert len({(seen.headers["webhook-id"], seen.body) for seen in hooks}) == 1
