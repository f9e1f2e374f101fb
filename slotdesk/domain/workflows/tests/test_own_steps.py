"""Steps of Workflow Mode that classic types do not have: own words, chats, webhooks, meetings, cancelling."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pydantic import ValidationError
from standardwebhooks import Webhook

from slotdesk.domain.booking.guests import add_guests
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.models import Board
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.actions import get_action
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.sealed import is_sealed, seal
from slotdesk.lib.tests.answering import Answer, Seen, answering
from tests.support.factories import NOW, make_account, make_agent, make_request, make_team, make_type
from tests.support.following import follow, outcome_of, states
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db

START = datetime(2027, 5, 10, 14, 0, tzinfo=UTC)
SECRET = "whsec_c2xvdGRlc2stdGVzdC1zZWNyZXQ="


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def agent(account: Account) -> Agent:
    return make_agent(account, meeting_url="https://meet.example/jordan")


def workflow(trigger: str, action: str, *more: dict[str, Any], **settings: Any) -> dict[str, Any]:
    steps = [{"key": "step", "action": action, "settings": settings, "when": []}, *more]
    return {"version": 2, "branches": [{"trigger": trigger, "minutes": 0, "when": [], "steps": steps}]}


def ask(account: Account, agent: Agent, trigger: str, action: str, **settings: Any) -> SchedulingRequest:
    return make_request(make_type(account, workflow=workflow(trigger, action, **settings)), [agent])


def book(request: SchedulingRequest) -> Appointment:
    booked = book_slot(request=request, starts_at=START, answers=Answers(zone="UTC", name=""), key="k", now=NOW)
    request.refresh_from_db()
    return booked


def state() -> tuple[str, str]:
    follow(NOW)
    return states()["step"], outcome_of("step")


class TestOwnEmail:
    def write(self, account: Account, agent: Agent, **settings: Any) -> SchedulingRequest:
        words = {"subject": "About {{ ticket.summary }}{{ client.name }}", "body": "<p>Hi {{ client.name }}</p>"}
        return ask(account, agent, "request.created", "send_own_email", **(words | settings))

    def test_goes_to_the_client_in_its_own_words(self, account: Account, agent: Agent) -> None:
        self.write(account, agent, to="client")

        assert state() == ("done", "Sent to ana@client.example.")
        assert mail.outbox[0].subject == "About Ana Ruiz"
        assert "Hi Ana Ruiz" in mail.outbox[0].body

    def test_goes_to_fixed_addresses_without_the_client_s_link(self, account: Account, agent: Agent) -> None:
        request = self.write(
            account, agent, to="addresses", addresses="a@x.example, b@x.example", body="<p>{{ request.url }}!</p>"
        )

        assert state()[0] == "done"
        assert mail.outbox[0].to == ["a@x.example", "b@x.example"]
        assert request.token not in mail.outbox[0].body

    def test_goes_to_guests(self, account: Account, agent: Agent) -> None:
        request = self.write(account, agent, to="guests")
        add_guests(request=request, emails=["guest@client.example"], actor="Jo", now=NOW)

        assert state()[0] == "done"
        assert mail.outbox[0].to == ["guest@client.example"]

    def test_leaves_the_client_of_a_silent_request_alone(self, account: Account, agent: Agent) -> None:
        self.write(account, agent, to="client")
        SchedulingRequest.objects.update(is_silent=True)

        assert state() == ("skipped", "The client is to get no e-mail.")

    def test_takes_what_a_client_wrote_as_text(self, account: Account, agent: Agent) -> None:
        request = self.write(account, agent, to="client")
        SchedulingRequest.objects.filter(pk=request.pk).update(client_name="{{ account.name }}<script>")

        follow(NOW)

        assert mail.outbox[0].subject == "About {{ account.name }}<script>"

    @pytest.mark.parametrize(
        "settings",
        [
            {"to": "client", "subject": "", "body": "x"},
            {"to": "client", "subject": "{{ client.name", "body": "x"},
            {"to": "addresses", "addresses": "", "subject": "x", "body": "x"},
            {"to": "addresses", "addresses": "nobody", "subject": "x", "body": "x"},
        ],
    )
    def test_cannot_be_saved_when_it_could_not_be_sent(self, settings: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            get_action("send_own_email").settings.model_validate(settings)


class TestWebhook:
    def test_is_signed_so_that_the_other_side_can_tell_who_calls(self, account: Account, agent: Agent) -> None:
        with answering(lambda _seen: Answer(status=204, body=b"")) as server:
            request = ask(
                account, agent, "appointment.booked", "call_webhook", url=f"{server.url}/hook", secret=seal(SECRET)
            )
            book(request)
            outcome = state()

        (seen,) = server.seen
        told = Webhook(SECRET).verify(seen.body.decode(), self._now(seen))
        assert outcome == ("done", "127.0.0.1 answered 204.")
        assert told["type"] == "appointment.booked"
        assert told["data"]["appointment"]["starts_at"] == "2027-05-10T14:00:00Z"
        assert request.token not in seen.body.decode()

    def _now(self, seen: Seen) -> dict[str, str]:
        """The signature holds for five minutes; the test lives in 2027."""
        number, body = seen.headers["webhook-id"], seen.body.decode()
        now = datetime.now(UTC)
        sent = datetime.fromtimestamp(int(seen.headers["webhook-timestamp"]), UTC)
        assert seen.headers["webhook-signature"] == Webhook(SECRET).sign(number, sent, body)
        return {
            "webhook-id": number,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRET).sign(number, now, body),
        }

    @pytest.mark.parametrize(
        ("status", "expected"), [(500, "waiting"), (429, "waiting"), (404, "failed"), (302, "failed")]
    )
    def test_f24_is_tried_again_only_where_that_may_help(
        self, account: Account, agent: Agent, status: int, expected: str
    ) -> None:
        with answering(lambda _seen: Answer(status=status, headers={"location": "http://169.254.169.254/"})) as server:
            ask(account, agent, "request.created", "call_webhook", url=server.url)
            found = state()

        assert found == (expected, f"127.0.0.1 answered {status}.")
        assert len(server.seen) == 1

    def test_f24_has_the_same_id_when_it_is_tried_again(self, account: Account, agent: Agent) -> None:
        answers = iter([Answer(status=503), Answer(status=200)])
        with answering(lambda _seen: next(answers)) as server:
            ask(account, agent, "request.created", "call_webhook", url=server.url)
            follow(NOW)
            follow(NOW + timedelta(minutes=1))

        first, second = (seen.headers["webhook-id"] for seen in server.seen)
        assert first == second
        assert states() == {"step": "done"}

    @pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "http://10.0.0.7/", "https://[::ffff:10.0.0.7]/"])
    def test_reaches_no_private_address(self, account: Account, agent: Agent, url: str) -> None:
        ask(account, agent, "request.created", "call_webhook", url=url)

        assert state()[0] == "failed"

    @pytest.mark.parametrize(
        "settings",
        [
            {"url": ""},
            {"url": "ftp://x.example"},
            {"url": "https://a:b@x.example"},
            {"url": "https://x.example", "secret": "?"},
        ],
    )
    def test_cannot_be_saved_when_it_could_not_be_called(self, settings: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            get_action("call_webhook").settings.model_validate(settings)


class TestChat:
    @pytest.mark.parametrize("service", ["slack", "teams", "generic"])
    def test_posts_the_message_filled_in(self, account: Account, agent: Agent, service: str) -> None:
        with answering(lambda _seen: Answer()) as server:
            ask(
                account,
                agent,
                "request.created",
                "post_to_chat",
                service=service,
                url=seal(server.url),
                text="{{ client.name }} was asked: {{ request.staff_url }}{{ request.url }}",
            )
            assert state()[0] == "done"

        (seen,) = server.seen
        body = json.loads(seen.body)
        text = body["attachments"][0]["content"]["body"][0]["text"] if service == "teams" else body["text"]
        request = SchedulingRequest.objects.get()
        assert text.startswith("Ana Ruiz was asked: ")
        assert text.endswith(f"/app/requests/{request.public_id}/")

    def test_keeps_its_lines_apart_in_teams(self, account: Account, agent: Agent) -> None:
        with answering(lambda _seen: Answer()) as server:
            settings = {"service": "teams", "url": server.url, "text": "{{ client.name }}\nsecond\n\nthird"}
            ask(account, agent, "request.created", "post_to_chat", **settings)
            follow(NOW)

        blocks = json.loads(server.seen[0].body)["attachments"][0]["content"]["body"]
        assert [(block["text"], block.get("spacing")) for block in blocks] == [
            ("Ana Ruiz", None),
            ("second", "None"),
            ("third", None),
        ]

    def test_lets_no_client_call_everybody(self, account: Account, agent: Agent) -> None:
        with answering(lambda _seen: Answer()) as server:
            settings = {"service": "slack", "url": server.url, "text": "<b>{{ client.name }}"}
            ask(account, agent, "request.created", "post_to_chat", **settings)
            SchedulingRequest.objects.update(client_name="<!channel> & co")
            follow(NOW)

        assert json.loads(server.seen[0].body)["text"] == "<b>&lt;!channel&gt; &amp; co"

    def test_keeps_its_address_where_nobody_reads_it(self) -> None:
        sealed = seal("https://hooks.slack.example/T000/secret")

        assert is_sealed(sealed)
        assert "secret" not in sealed
        assert seal(sealed) == sealed


class TestMeeting:
    def test_is_the_one_of_whoever_takes_the_appointment(self, account: Account, agent: Agent) -> None:
        request = ask(account, agent, "appointment.booked", "add_meeting")
        request.terms |= {"meeting": AppointmentType.Meeting.PERSONAL.value}
        request.save()
        booked = book(request)
        Appointment.objects.update(meeting_url="")

        assert state() == ("done", "The meeting is held at https://meet.example/jordan.")
        booked.refresh_from_db()
        assert booked.meeting_url == "https://meet.example/jordan"

    def test_stays_as_it_is_where_there_is_one(self, account: Account, agent: Agent) -> None:
        book(ask(account, agent, "appointment.booked", "add_meeting", url="https://meet.example/other"))
        Appointment.objects.update(meeting_url="https://meet.example/first")

        assert state()[0] == "skipped"


class TestTicketClosed:
    def close_ticket(self, request: SchedulingRequest) -> None:
        record(account=request.account, kind="ticket.closed", subject=request.public_id, now=NOW)

    def test_cancels_the_appointment_if_the_workflow_says_so(self, account: Account, agent: Agent) -> None:
        request = ask(account, agent, "ticket.closed", "cancel_appointment", reason="The ticket was closed.")
        booked = book(request)
        self.close_ticket(request)

        assert state() == ("done", "The appointment is cancelled.")
        booked.refresh_from_db()
        assert (booked.cancellation.by, booked.cancellation.reason) == ("Slotdesk", "The ticket was closed.")

    def test_leaves_alone_what_is_over(self, account: Account, agent: Agent) -> None:
        request = ask(account, agent, "ticket.closed", "cancel_appointment")
        book(request)
        self.close_ticket(request)

        follow(START + timedelta(hours=1))

        assert outcome_of("step") == "The appointment has begun or is over."

    def test_changes_nothing_where_there_is_no_appointment(self, account: Account, agent: Agent) -> None:
        self.close_ticket(ask(account, agent, "ticket.closed", "cancel_appointment"))

        assert state() == ("skipped", "There is no appointment to cancel.")

    def test_closes_an_open_request_if_the_workflow_says_so(self, account: Account, agent: Agent) -> None:
        request = ask(account, agent, "ticket.closed", "close_request")
        self.close_ticket(request)

        assert state()[0] == "done"
        request.refresh_from_db()
        assert request.status == "closed"


class TestStepsThatNeedThePerson:
    def test_are_put_off_until_it_is_known_who_takes_it(self, account: Account, agent: Agent) -> None:
        team = make_team(account, [agent, make_agent(account, "Sam Lee")])
        made = make_type(account, workflow=workflow("request.created", "set_ticket_owner"))
        request = make_request(made, [team])
        follow(NOW)
        early = states()["step"], outcome_of("step")

        book(request)
        follow(NOW)

        assert early == ("skipped", "It is done once the client has picked a time: only then it is known who takes it.")
        later = StepRun.objects.filter(step_key="step").order_by("id")[1]
        assert later.event.kind == "appointment.booked"


class TestOnTheTicket:
    @pytest.fixture
    def msp(self) -> Iterator[Msp]:
        with connected_msp() as msp:
            yield msp

    def test_a_note_in_one_s_own_words_goes_into_the_discussion(self, msp: Msp) -> None:
        msp.type.workflow = workflow(
            "request.created", "add_note", text="Hello {{ client.name }}: {{ request.url }}.", kind="discussion"
        )
        msp.type.save()
        request = msp.invite(msp.open_ticket())

        follow(timezone.now())

        (note,) = msp.effects("note.created")
        assert note["object"]["text"].startswith(f"Hello {request.client_name}: .")
        assert note["object"]["detailDescriptionFlag"] is True
        assert note["object"]["internalAnalysisFlag"] is False

    def test_a_status_of_one_s_own_goes_before_the_preset(self, msp: Msp) -> None:
        ticket = msp.open_ticket()
        board = Board.objects.get(connection=msp.connection, external_id=str(ticket["board"]["id"]))
        status = next(each for each in board.statuses if each["name"] == "No Response")
        chosen = {board.external_id: status["id"]}
        msp.type.workflow = workflow("request.created", "set_ticket_status", moment="created", statuses=chosen)
        msp.type.save()
        msp.invite(ticket)

        follow(timezone.now())

        assert msp.api(f"/service/tickets/{ticket['id']}")["status"]["name"] == "No Response"

    def test_a_status_that_the_board_has_lost_is_skipped_with_the_board_named(self, msp: Msp) -> None:
        ticket = msp.open_ticket()
        msp.type.workflow = workflow("request.created", "set_ticket_status", statuses={str(ticket["board"]["id"]): "0"})
        msp.type.save()
        msp.invite(ticket)

        follow(timezone.now())

        assert outcome_of("step").startswith(f"The board {ticket['board']['name']} does not have the chosen status")


class TestCancelledAppointments:
    def test_a_cancelled_one_gets_no_meeting(self, account: Account, agent: Agent) -> None:
        request = ask(account, agent, "appointment.booked", "add_meeting", url="https://meet.example/x")
        book(request)
        cancel_appointment(request=request, actor="Jo", reason="", now=NOW)

        assert state() == ("skipped", "There is no appointment that could have a meeting.")
