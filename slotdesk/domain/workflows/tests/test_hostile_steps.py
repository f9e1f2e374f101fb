"""Steps that would hang, flood, or cannot be done any more: each ends soon, and says why."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.actions import calling
from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import run_step
from slotdesk.lib.tests.answering import Answer, Seen, answering
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type
from tests.support.following import follow, outcome_of, states
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db

START = datetime(2027, 5, 10, 14, 0, tzinfo=UTC)
LOOP = "{% for a in (1..1000) %}{% for b in (1..1000) %}{{ client.name }}{% endfor %}{% endfor %}"
FLOOD = "{% assign x = 'xxxxxxxxxxxxxx' %}{% for a in (1..900) %}{% assign x = x | append: x %}{% endfor %}{{ x }}"


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def agent(account: Account) -> Agent:
    return make_agent(account)


def step(action: str, **settings: Any) -> dict[str, Any]:
    return {"key": action, "action": action, "settings": settings, "when": []}


def workflow(trigger: str, *steps: dict[str, Any]) -> dict[str, Any]:
    return {"version": 2, "branches": [{"trigger": trigger, "minutes": 0, "when": [], "steps": list(steps)}]}


def ask(account: Account, agent: Agent, action: str, **settings: Any) -> tuple[str, str]:
    make_request(make_type(account, workflow=workflow("request.created", step(action, **settings))), [agent])
    follow(NOW)
    return states()[action], outcome_of(action)


class TestTemplates:
    @pytest.mark.parametrize("text", [LOOP, FLOOD], ids=["loop", "flood"])
    @pytest.mark.parametrize("action", ["send_own_email", "post_to_chat"])
    def test_that_run_wild_end_the_step_and_send_nothing(
        self, account: Account, agent: Agent, action: str, text: str
    ) -> None:
        settings = {
            "send_own_email": {"to": "client", "subject": "Hello", "body": text},
            "post_to_chat": {"service": "slack", "url": "https://chat.example/hook", "text": text},
        }

        state, outcome = ask(account, agent, action, **settings[action])

        assert state == "failed"
        assert "times at most" in outcome or "too long" in outcome
        assert mail.outbox == []


class TestWebhooks:
    def test_that_answer_at_endless_length_have_answered(self, account: Account, agent: Agent) -> None:
        with answering(lambda _seen: Answer(body=b"x" * 10_000_000)) as server:
            assert ask(account, agent, "call_webhook", url=server.url) == ("done", "127.0.0.1 answered 200.")

    def test_that_refuse_at_endless_length_have_refused(self, account: Account, agent: Agent) -> None:
        with answering(lambda _seen: Answer(status=400, body=b"x" * 10_000_000)) as server:
            assert ask(account, agent, "call_webhook", url=server.url) == ("failed", "127.0.0.1 answered 400.")

    def test_that_never_answer_hold_nobody_up(
        self, account: Account, agent: Agent, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(calling, "SECONDS", 0.3)
        is_over = threading.Event()

        def silent(_seen: Seen) -> Answer:
            is_over.wait(30)
            return Answer()

        with answering(silent) as server:
            found = ask(account, agent, "call_webhook", url=server.url)
            is_over.set()

        assert found == ("waiting", "127.0.0.1 did not answer in time.")


class TestSettings:
    @pytest.mark.parametrize(
        ("action", "settings", "reason"),
        [
            ("send_email", {"to": "client"}, "E-mail: must be filled in."),
            ("send_email", {"to": "client", "template": "gone"}, "E-mail: "),
            ("wait", {"amount": 0}, "How long: "),
            ("close_request", {"once": "known"}, "once: "),
        ],
    )
    def test_that_this_version_cannot_use_end_the_step_at_once(
        self, account: Account, agent: Agent, action: str, settings: dict[str, Any], reason: str
    ) -> None:
        request = make_request(make_type(account), [agent])
        StepRun.objects.create(
            account=account,
            request=request,
            event_id=list_left_behind(before=NOW.replace(year=2028))[0],
            step_key="old",
            action=action,
            settings=settings,
            channel="mail",
            due_at=NOW,
            created_at=NOW,
        )

        run_step(step_run_id=StepRun.objects.get().pk, clock=lambda: NOW)

        assert states()["old"] == "failed"
        assert outcome_of("old").startswith(f"The step’s settings cannot be used: {reason}")


class TestOrder:
    def test_a_web_server_that_is_down_holds_up_no_other(self, account: Account, agent: Agent) -> None:
        with answering(lambda _seen: Answer(status=503)) as down, answering(lambda _seen: Answer()) as up:
            there = up.url.replace("127.0.0.1", "localhost")
            steps = [
                step("call_webhook", url=down.url) | {"key": "down"},
                step("call_webhook", url=down.url) | {"key": "down_too"},
                step("call_webhook", url=there) | {"key": "up"},
            ]
            make_request(make_type(account, workflow=workflow("request.created", *steps)), [agent])
            follow(NOW)

        assert states() == {"down": "waiting", "down_too": "waiting", "up": "done"}
        assert len(down.seen) == 1

    def test_what_is_done_here_goes_before_the_mail_that_tells_of_it(self, account: Account, agent: Agent) -> None:
        meeting = step("add_meeting", url="https://meet.example/ours")
        words = step("send_own_email", to="client", subject="Hello", body="<p>{{ appointment.meeting_url }}</p>")
        made = make_type(account, workflow=workflow("appointment.booked", meeting, words))
        request = make_request(made, [agent])
        book_slot(request=request, starts_at=START, answers=Answers(zone="UTC", name=""), key="k", now=NOW)
        for event_id in list_left_behind(before=NOW.replace(year=2028)):
            advance(event_id=event_id, now=NOW)
        first, second = StepRun.objects.order_by("id")

        run_step(step_run_id=second.pk, clock=lambda: NOW)
        early = states()["send_own_email"]
        run_step(step_run_id=first.pk, clock=lambda: NOW)
        run_step(step_run_id=second.pk, clock=lambda: NOW)

        assert early == "waiting"
        assert Appointment.objects.get().meeting_url in mail.outbox[0].body


class TestWhatIsGoneFromThePsa:
    @pytest.fixture
    def msp(self) -> Iterator[Msp]:
        with connected_msp() as msp:
            yield msp

    def test_a_condition_on_a_deleted_ticket_does_not_hold(self, msp: Msp) -> None:
        when = [{"field": "ticket.priority", "operator": "is", "values": ["High"]}]
        msp.type.workflow = workflow("request.created", step("close_request") | {"when": when})
        msp.type.save()
        ticket = msp.open_ticket()
        msp.invite(ticket)
        msp.psa.store.remove("tickets", ticket["id"])

        follow(timezone.now())

        assert states() == {"close_request": "skipped"}
        assert outcome_of("close_request") == "The ticket is not in the PSA any more."

    @pytest.mark.parametrize("action", ["add_note", "set_ticket_status"])
    def test_a_deleted_ticket_ends_a_step_at_once(self, msp: Msp, action: str) -> None:
        settings = {"moment": "created"} if action == "set_ticket_status" else {}
        msp.type.workflow = workflow("request.created", step(action, **settings))
        msp.type.save()
        ticket = msp.open_ticket()
        msp.invite(ticket)
        msp.psa.store.remove("tickets", ticket["id"])

        follow(timezone.now())

        assert states() == {action: "failed"}
        assert "not found" in outcome_of(action)
