"""Every trigger: what makes it fire, that it fires once, and what it says of who did it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from slotdesk.domain.booking.client import change_client
from slotdesk.domain.booking.guests import add_guests
from slotdesk.domain.booking.handover import reassign_appointment
from slotdesk.domain.booking.invitations import Client, cancel_request, close_request
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment, reschedule_appointment
from slotdesk.domain.catalog.workflow import TIMED, Branch, Condition, Step, Trigger, Workflow
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.lib.tests.answering import Answer, Server, answering
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type
from tests.support.following import follow, outcome_of, states

pytestmark = pytest.mark.django_db

START = datetime(2027, 5, 10, 14, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_MINUTES = {Trigger.UNANSWERED: 24 * 60, Trigger.BEFORE: 60, Trigger.AFTER: 60}


@dataclass(frozen=True)
class Story:
    """One request to which things happen, and the web server that is told of each."""

    request: SchedulingRequest
    server: Server

    def told(self) -> Counter[str]:
        return Counter(json.loads(seen.body)["type"] for seen in self.server.seen)

    def book(self) -> None:
        answers = Answers(zone="UTC", name="")
        book_slot(request=self.request, starts_at=START, answers=answers, key="k", now=NOW)
        follow(NOW)
        self.request.refresh_from_db()

    def cancel(self, actor: str) -> None:
        cancel_appointment(request=self.request, actor=actor, reason="", now=NOW)

    def move(self) -> None:
        reschedule_appointment(request=self.request, starts_at=START + DAY, zone="UTC", actor="Jo", now=NOW)

    def happen(self, kind: str) -> None:
        record(account=self.request.account, kind=kind, subject=self.request.public_id, now=NOW, data={"to": "Waiting"})

    def hand_over(self) -> None:
        other = make_agent(self.request.account, "Sam Lee")
        (leaving,) = self.request.resources.all()
        assert leaving.agent is not None
        reassign_appointment(request=self.request, leaving=leaving.agent, to=other, actor="Jo", now=NOW)


def _readdress(story: Story) -> None:
    client = Client(name="Ana Ruiz", email="ana.ruiz@client.example", company="Client Ltd")
    change_client(request=story.request, client=client, actor="Jo", now=NOW)


def _guests(story: Story) -> None:
    add_guests(request=story.request, emails=["guest@client.example"], actor="Jo", now=NOW)


def _nothing(_story: Story) -> None:
    return


# What happens to an open request, and to one that is booked.
BEFORE_BOOKING: dict[Trigger, Callable[[Story], None]] = {
    Trigger.CREATED: _nothing,
    Trigger.SENT: _nothing,
    Trigger.UNANSWERED: _nothing,
    Trigger.REQUEST_CANCELLED: lambda story: cancel_request(request=story.request, actor="Jo", now=NOW),
    Trigger.CLOSED: lambda story: close_request(request=story.request, actor="Jo", now=NOW),
    Trigger.READDRESSED: _readdress,
    Trigger.GUESTS_ADDED: _guests,
    Trigger.BOOKED: Story.book,
}
AFTER_BOOKING: dict[Trigger, Callable[[Story], None]] = {
    Trigger.RESCHEDULED: Story.move,
    Trigger.REASSIGNED: Story.hand_over,
    Trigger.CANCELLED: lambda story: story.cancel("Jo"),
    Trigger.BEFORE: _nothing,
    Trigger.AFTER: _nothing,
    Trigger.TICKET_CLOSED: lambda story: story.happen("ticket.closed"),
    Trigger.TICKET_STATUS_CHANGED: lambda story: story.happen("ticket.status_changed"),
}


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def agent(account: Account) -> Agent:
    return make_agent(account)


@pytest.fixture
def server() -> Iterator[Server]:
    with answering(lambda _seen: Answer(status=204, body=b"")) as server:
        yield server


def telling(server: Server, *triggers: Trigger, when: tuple[Condition, ...] = ()) -> Workflow:
    """A workflow that calls the server when one of these happens, and invites the client."""
    invitation = Step(key="invitation", action="send_email", settings={"template": "invitation", "to": "client"})
    branches = [Branch(trigger=Trigger.CREATED, steps=(invitation,))]
    for trigger in triggers:
        step = Step(key=trigger.value, action="call_webhook", settings={"url": server.url}, when=when)
        branches.append(Branch(trigger=trigger, minutes=_MINUTES.get(trigger, 0), steps=(step,)))
    return Workflow(branches=tuple(branches))


def ask(account: Account, agent: Agent, server: Server, workflow: Workflow) -> Story:
    request = make_request(make_type(account, workflow=workflow.model_dump(mode="json")), [agent])
    follow(NOW)
    request.refresh_from_db()
    return Story(request, server)


def live_on() -> None:
    """Let the days pass, with everything looked at over and over."""
    for moment in (NOW, NOW, NOW + 2 * DAY, START, START + 3 * DAY, START + 9 * DAY):
        follow(moment)


class TestEveryTrigger:
    def test_has_a_story_here(self) -> None:
        assert BEFORE_BOOKING.keys() | AFTER_BOOKING.keys() == set(Trigger)

    @pytest.mark.parametrize("trigger", BEFORE_BOOKING)
    def test_of_an_open_request_fires_once(
        self, account: Account, agent: Agent, server: Server, trigger: Trigger
    ) -> None:
        story = ask(account, agent, server, telling(server, trigger))
        before = story.told()

        BEFORE_BOOKING[trigger](story)
        live_on()

        assert before.total() == (1 if trigger in (Trigger.CREATED, Trigger.SENT) else 0)
        assert story.told() == {trigger.value: 1}

    @pytest.mark.parametrize("trigger", AFTER_BOOKING)
    def test_of_an_appointment_fires_once(
        self, account: Account, agent: Agent, server: Server, trigger: Trigger
    ) -> None:
        story = ask(account, agent, server, telling(server, trigger))
        story.book()
        before = story.told()

        AFTER_BOOKING[trigger](story)
        follow(START - HOUR)
        follow(START)
        live_on()

        assert before == {}
        assert story.told() == {trigger.value: 1}

    def test_of_a_length_of_time_waits_for_it(self, account: Account, agent: Agent, server: Server) -> None:
        story = ask(account, agent, server, telling(server, *TIMED))
        follow(NOW + DAY - timedelta(seconds=1))
        early = story.told()
        story.book()
        seen = []
        for moment in (START - HOUR, START, START + timedelta(minutes=90)):
            follow(moment - timedelta(seconds=1))
            seen.append(story.told().total())
            follow(moment)

        assert early == {}
        assert seen == [0, 1, 1]
        assert story.told() == {"appointment.before": 1, "appointment.after": 1}


class TestWhoAndHow:
    @pytest.mark.parametrize(
        ("actor", "wanted", "told"),
        [
            ("Ana Ruiz (client)", "client", 1),
            ("Jo", "client", 0),
            ("Jo", "staff", 1),
            ("Slotdesk", "system", 1),
            ("Slotdesk", "staff", 0),
        ],
    )
    def test_a_cancellation_says_by_whom(
        self, account: Account, agent: Agent, server: Server, actor: str, wanted: str, told: int
    ) -> None:
        by = Condition(field="cancelled_by", values=(wanted,))
        story = ask(account, agent, server, telling(server, Trigger.CANCELLED, when=(by,)))
        story.book()

        story.cancel(actor)
        live_on()

        assert story.told().total() == told

    @pytest.mark.parametrize("origin", SchedulingRequest.Origin.values)
    def test_a_booking_says_where_it_came_from(
        self, account: Account, agent: Agent, server: Server, origin: str
    ) -> None:
        for number, wanted in enumerate(SchedulingRequest.Origin.values):
            how = Condition(field="request.origin", values=(wanted,))
            story = ask(account, agent, server, telling(server, Trigger.BOOKED, when=(how,)))
            SchedulingRequest.objects.filter(pk=story.request.pk).update(origin=origin)
            story.request.refresh_from_db()
            starts_at = START + number * HOUR
            answers = Answers(zone="UTC", name="")
            book_slot(request=story.request, starts_at=starts_at, answers=answers, key=f"k{number}", now=NOW)
            follow(NOW)

        assert len(server.seen) == 1

    def test_the_lead_is_counted_from_when_the_time_was_chosen(
        self, account: Account, agent: Agent, server: Server
    ) -> None:
        short = Condition.model_validate({"field": "appointment.lead_hours", "operator": "at_most", "values": ["100"]})
        story = ask(account, agent, server, telling(server, Trigger.CANCELLED, when=(short,)))
        story.book()

        cancel_appointment(request=story.request, actor="Jo", reason="", now=START - HOUR)
        follow(START - HOUR)

        assert states()["appointment.cancelled"] == "skipped"
        assert outcome_of("appointment.cancelled") == "The hours from booking to start is 169.00, not at most 100."


class TestEditedMeanwhile:
    def test_an_open_request_follows_the_workflow_that_it_was_made_with(
        self, account: Account, agent: Agent, server: Server
    ) -> None:
        story = ask(account, agent, server, telling(server, Trigger.BOOKED))
        kind = story.request.appointment_type
        kind.workflow = telling(server, Trigger.CANCELLED).model_dump(mode="json")
        kind.save()

        story.book()
        story.cancel("Jo")
        live_on()

        assert story.told() == {"appointment.booked": 1}
