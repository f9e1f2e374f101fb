"""What each classic setting does: the workflow that it becomes, and what clients and tickets see of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from slotdesk.domain.booking.models import Cancellation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, reschedule_appointment
from slotdesk.domain.booking.ticket_changes import follow_tickets
from slotdesk.domain.catalog.classic import compile_workflow, workflow_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.workflow import Branch, Step, Trigger, Workflow
from slotdesk.domain.connections.ticket_watch import note_changed
from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.models import Email, Template
from slotdesk.domain.messages.templates import Kind
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.actions import get_action
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type
from tests.support.following import follow, outcome_of, states
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
START = datetime(2027, 5, 10, 14, 0, tzinfo=UTC)


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def agent(account: Account) -> Agent:
    return make_agent(account)


def ask(account: Account, agent: Agent, **rules: Any) -> SchedulingRequest:
    request = make_request(make_type(account, **rules), [agent])
    follow(NOW)
    request.refresh_from_db()
    return request


def book(request: SchedulingRequest) -> None:
    book_slot(request=request, starts_at=START, answers=Answers(zone="UTC", name=""), key="k", now=NOW)
    follow(NOW)


def own(account: Account, kind: str, subject: str) -> str:
    made = Template.objects.create(account=account, name=subject, kind=kind, subject=subject, body="<p>Hello</p>")
    return made.public_id


def to_client() -> list[str]:
    return [str(message.subject) for message in mail.outbox if message.to == ["ana@client.example"]]


class TestReminders:
    def test_go_out_after_their_delay_with_their_own_template(self, account: Account, agent: Agent) -> None:
        template = own(account, "reminder", "Still there?")
        reminders = [{"after_minutes": 60, "template": template}, {"after_minutes": 1440, "template": ""}]
        ask(account, agent, reminders=reminders)

        follow(NOW + timedelta(minutes=60))
        first = to_client()
        follow(NOW + DAY)

        assert first[1:] == ["Still there?"]
        assert len(to_client()) == 3
        assert to_client()[2] != "Still there?"

    def test_are_two_at_most(self, account: Account) -> None:
        many = [{"after_minutes": hours * 60, "template": ""} for hours in (72, 24, 48)]

        workflow = compile_workflow(make_type(account, reminders=many))

        assert [branch.minutes for branch in workflow.branches_for(Trigger.UNANSWERED)] == [24 * 60, 48 * 60]

    def test_are_not_for_links(self, account: Account, agent: Agent) -> None:
        request = make_request(make_type(account, reminders=[{"after_minutes": 60, "template": ""}]), [agent])
        SchedulingRequest.objects.update(origin=SchedulingRequest.Origin.LINK)

        follow(NOW)

        assert request.status == "new"
        assert states()["reminder_1"] == "skipped"


class TestAppointmentReminders:
    def test_go_out_before_the_start_with_their_own_template(self, account: Account, agent: Agent) -> None:
        template = own(account, "appointment_reminder", "See you tomorrow")
        book(ask(account, agent, appointment_reminders=[{"before_minutes": 1440, "template": template}]))

        follow(START - DAY)

        assert to_client()[-1] == "See you tomorrow"


class TestNoResponse:
    def test_sets_the_status_once_and_only_while_nobody_has_booked(self) -> None:
        with connected_msp() as msp:
            msp.type.no_response_amount, msp.type.no_response_unit = 36, "hours"
            msp.type.save()
            ticket = msp.open_ticket()
            msp.invite(ticket)
            now = timezone.now()

            follow(now)
            before = msp.api(f"/service/tickets/{ticket['id']}")["status"]["name"]
            for days in (2, 3, 4):
                follow(now + days * DAY)

            assert before == "Schedule Sent"
            assert msp.api(f"/service/tickets/{ticket['id']}")["status"]["name"] == "No Response"
            changed = [each["object"]["status"]["name"] for each in msp.effects("status.changed")]
            assert changed == ["Schedule Sent", "No Response"]

    def test_closes_the_request_where_that_is_chosen(self, account: Account, agent: Agent) -> None:
        closing = ask(account, agent, no_response_amount=1, no_response_closes=True)
        staying = ask(account, agent, no_response_amount=1)

        follow(NOW + DAY)

        closing.refresh_from_db()
        staying.refresh_from_db()
        assert (closing.status, staying.status) == ("closed", "sent")

    def test_does_not_close_what_was_booked_in_time(self, account: Account, agent: Agent) -> None:
        request = ask(account, agent, no_response_amount=1, no_response_closes=True)
        book(request)

        follow(NOW + DAY)

        request.refresh_from_db()
        assert request.status == "scheduled"


class TestClosedTickets:
    """What becomes of a request whose ticket is closed in the PSA, with the setting and without."""

    @pytest.fixture
    def msp(self) -> Iterator[Msp]:
        with connected_msp() as msp:
            yield msp

    def ask(self, msp: Msp, *, ends_with_ticket: bool, is_booked: bool) -> tuple[SchedulingRequest, dict[str, Any]]:
        """And its ticket, which is closed then by somebody in the PSA."""
        msp.type.ends_with_ticket = ends_with_ticket
        msp.type.save()
        ticket = msp.open_ticket()
        request = msp.invite(ticket)
        follow(timezone.now())
        if is_booked:
            msp.book_first(request)
            follow(timezone.now())
        held = msp.psa.store.get("tickets", ticket["id"])
        statuses = msp.api(f"/service/boards/{ticket['board']['id']}/statuses", pageSize=100)
        closed = next(each for each in statuses if each["name"] == "Closed")
        reference = {"id": closed["id"], "name": closed["name"]}
        msp.psa.store.put("tickets", {**held, "status": reference, "closedFlag": True})
        note_changed(connection=msp.connection, ticket_id=str(ticket["id"]), now=timezone.now())
        follow_tickets(connection_id=msp.connection.pk, clock=timezone.now)
        follow(timezone.now())
        request.refresh_from_db()
        return request, ticket

    def test_call_off_what_is_booked_and_stay_closed(self, msp: Msp) -> None:
        request, ticket = self.ask(msp, ends_with_ticket=True, is_booked=True)

        assert request.status == "cancelled"
        assert Cancellation.objects.get().by == "Slotdesk"
        assert "no longer needed" in Email.objects.get(kind="cancellation").text
        assert outcome_of("appointment_cancelled.status") == "The ticket is closed, and stays so."
        assert msp.api(f"/service/tickets/{ticket['id']}")["status"]["name"] == "Closed"

    def test_close_what_nobody_has_booked(self, msp: Msp) -> None:
        request, ticket = self.ask(msp, ends_with_ticket=True, is_booked=False)

        assert request.status == "closed"
        assert states()["ticket_closed.cancel"] == "skipped"
        assert msp.api(f"/service/tickets/{ticket['id']}")["status"]["name"] == "Closed"

    @pytest.mark.parametrize(("is_booked", "status"), [(True, "scheduled"), (False, "sent")])
    def test_change_nothing_where_it_is_not_chosen(self, msp: Msp, is_booked: bool, status: str) -> None:
        request, _ticket = self.ask(msp, ends_with_ticket=False, is_booked=is_booked)

        assert Event.objects.filter(kind="ticket.closed").exists()
        assert request.status == status


class TestStatuses:
    def test_say_scheduled_again_once_the_appointment_is_moved(self) -> None:
        with connected_msp() as msp:
            ticket = msp.open_ticket()
            request = msp.invite(ticket)
            booked = msp.book_first(request)
            follow(timezone.now())
            held = msp.psa.store.get("tickets", ticket["id"])
            progress = next(
                each
                for each in msp.api(f"/service/boards/{ticket['board']['id']}/statuses", pageSize=100)
                if each["name"] == "In Progress"
            )
            msp.psa.store.put("tickets", {**held, "status": {"id": progress["id"], "name": "In Progress"}})

            later = booked.starts_at + 7 * DAY
            reschedule_appointment(
                request=request, starts_at=later, zone="UTC", actor="Jo", now=timezone.now(), overrides_rules=True
            )
            follow(timezone.now())

            assert msp.api(f"/service/tickets/{ticket['id']}")["status"]["name"] == "Scheduled"


class TestTemplates:
    @pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.CONFIRMATION])
    def test_of_one_s_own_take_the_place_of_built_in_ones(self, account: Account, agent: Agent, kind: Kind) -> None:
        template = own(account, kind.value, "In our own words")
        book(ask(account, agent, templates={kind.value: template}))

        assert to_client().count("In our own words") == 1
        assert len(to_client()) == 2

    def test_are_in_every_step_of_their_kind(self, account: Account) -> None:
        chosen = {kind.value: f"tmpl_{kind.value}" for kind in Kind}

        workflow = compile_workflow(make_type(account, templates=chosen))

        mails = [step.settings for branch in workflow.branches for step in branch.steps if step.action == "send_email"]
        assert [each for each in mails if each.get("own") != f"tmpl_{each['template']}"] == []


class TestSilence:
    def test_writes_to_agents_and_to_nobody_else(self, account: Account, agent: Agent) -> None:
        reminders = {
            "reminders": [{"after_minutes": 60, "template": ""}],
            "appointment_reminders": [{"before_minutes": 60, "template": ""}],
        }
        book(ask(account, agent, is_silent=True, **reminders))
        follow(START - timedelta(minutes=60))

        assert to_client() == []
        assert [message.to for message in mail.outbox] == [[agent.email]]


class TestWorkflowOf:
    def test_is_what_was_edited_in_workflow_mode_and_compiled_otherwise(self, account: Account) -> None:
        step = Step(key="close", action="close_request")
        edited = Workflow(branches=(Branch(trigger=Trigger.UNANSWERED, minutes=60, steps=(step,)),))
        made = make_type(account)

        classic = workflow_of(made)
        made.workflow = edited.model_dump(mode="json")

        assert classic == compile_workflow(made)
        assert workflow_of(made) == edited

    def test_of_every_setting_names_actions_with_settings_that_they_accept(self, account: Account) -> None:
        made = make_type(
            account,
            reminders=[{"after_minutes": 60, "template": "tmpl_1"}],
            appointment_reminders=[{"before_minutes": 60, "template": ""}],
            no_response_amount=3,
            no_response_closes=True,
            ends_with_ticket=True,
            templates={"invitation": "tmpl_2"},
        )
        for branch in compile_workflow(made).branches:
            for step in branch.steps:
                get_action(step.action).settings.model_validate(step.settings)

    def test_gives_every_step_a_key_of_its_own(self, account: Account) -> None:
        keys = [step.key for branch in compile_workflow(make_type(account)).branches for step in branch.steps]

        assert len(keys) == len(set(keys))


class TestStoredWorkflows:
    def test_of_version_1_are_read_as_they_were_meant(self) -> None:
        stored = {
            "version": 1,
            "branches": [
                {
                    "trigger": "request.unanswered",
                    "after_minutes": 1440,
                    "when": {"invited": True},
                    "steps": [{"key": "reminder_1", "action": "send_email", "settings": {"to": "client"}, "when": {}}],
                }
            ],
        }

        (branch,) = Workflow.model_validate(stored).branches

        assert branch.minutes == 1440
        assert [condition.field for condition in branch.when] == ["request.invited"]
        assert branch.steps[0].settings == {"to": "client"}

    def test_of_version_1_in_a_request_go_on_working(self, account: Account, agent: Agent) -> None:
        request = make_request(make_type(account), [agent])
        mail_step = {"template": "invitation", "to": "client"}
        step = {"key": "hello", "action": "send_email", "settings": mail_step, "when": {"invited": True}}
        request.workflow = {"version": 1, "branches": [{"trigger": "request.created", "steps": [step]}]}
        request.save()

        follow(NOW)

        assert states() == {"hello": "done"}
        assert outcome_of("hello") == "Sent to ana@client.example."


def test_every_type_of_an_account_compiles(account: Account) -> None:
    assert workflow_of(AppointmentType(account=account, internal_name="New")).branches
