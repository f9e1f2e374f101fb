"""
Two people hand over the same person's appointments to different people at one moment: real threads on real rows.

Each appointment ends with exactly one new agent, told once for each change that really happened, and the calendars
say the same as the rows.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from slotdesk.domain.booking.choosing import SlotTaken
from slotdesk.domain.booking.handover import NotTheirs, reassign_appointment, reassign_request
from slotdesk.domain.booking.models import Reservation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.booking.queries import RequestClosed
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.persons import person_of_agent
from slotdesk.domain.removals.models import Item, Removal
from slotdesk.domain.removals.operations import Decision, continue_removal, plan_removal, start_removal
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import run_step
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type
from tests.support.members import make_member
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db(transaction=True)

TEN = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)
MANY = 6


@pytest.fixture
def account() -> Account:
    return make_account()


@pytest.fixture
def people(account: Account) -> tuple[Agent, Agent, Agent]:
    with active(account):
        return make_agent(account, "Ana"), make_agent(account, "Ben"), make_agent(account, "Cem")


def together(account: Account, *tasks: Callable[[], None]) -> None:
    """Run the tasks at the same moment, each on a connection of its own."""
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], None]) -> None:
        start.wait(timeout=30)
        try:
            with active(account):
                task()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as pool:
        for future in [pool.submit(run, task) for task in tasks]:
            future.result()


class TestTwoHandOvers:
    def test_of_the_same_appointments_give_each_to_one_of_the_two(
        self, account: Account, people: tuple[Agent, Agent, Agent]
    ) -> None:
        ana, ben, cem = people
        with active(account):
            kind = make_type(account)
            requests = [make_request(kind, [ana]) for _ in range(MANY)]
            for number, request in enumerate(requests):
                at = TEN + timedelta(hours=number)
                book_slot(request=request, starts_at=at, answers=Answers("UTC", "Client"), key="key", now=NOW)

        outcomes: list[bool] = []

        def hand_all(taker: Agent, order: list[SchedulingRequest]) -> None:
            for each in order:
                mine = SchedulingRequest.objects.select_related("account").get(pk=each.pk)
                try:
                    reassign_appointment(request=mine, leaving=ana, to=taker, actor=taker.name, now=NOW)
                except (NotTheirs, RequestClosed, SlotTaken):
                    outcomes.append(False)
                else:
                    outcomes.append(True)

        together(account, lambda: hand_all(ben, requests), lambda: hand_all(cem, requests))

        assert (outcomes.count(True), outcomes.count(False)) == (MANY, MANY)
        with active(account):
            events = Event.objects.filter(kind="appointment.reassigned")
            for request in requests:
                taken = Reservation.objects.get(appointment__request=request, released_at=None)
                told = events.get(subject=request.public_id)
                assert taken.agent in (ben, cem)
                assert told.changes == {"agent": ["Ana", taken.agent.name]}
                assert request.resources.get().agent == taken.agent

    def test_of_a_request_nobody_booked_have_it_ask_for_one_of_the_two(
        self, account: Account, people: tuple[Agent, Agent, Agent]
    ) -> None:
        ana, ben, cem = people
        with active(account):
            request = make_request(make_type(account), [ana])
        lost: list[str] = []

        def hand(taker: Agent) -> None:
            mine = SchedulingRequest.objects.select_related("account").get(pk=request.pk)
            try:
                reassign_request(request=mine, leaving=ana, to=taker, actor=taker.name, now=NOW)
            except NotTheirs:
                lost.append(taker.name)

        together(account, lambda: hand(ben), lambda: hand(cem))

        with active(account):
            told = Event.objects.get(kind="request.reassigned")
            asked = request.resources.get().agent
        assert asked is not None
        assert told.changes == {"asked": ["Ana", asked.name]}
        assert sorted([asked.name, *lost]) == ["Ben", "Cem"]


class TestTwoWorkers:
    def test_on_one_removal_do_each_thing_once(self, account: Account, people: tuple[Agent, Agent, Agent]) -> None:
        ana, ben, _cem = people
        with active(account):
            boss, kind = make_member(account), make_type(account)
            requests = [make_request(kind, [ana]) for _ in range(MANY)]
            for number, request in enumerate(requests[:3]):
                at = TEN + timedelta(hours=number)
                book_slot(request=request, starts_at=at, answers=Answers("UTC", "Client"), key="key", now=NOW)
            decisions = {each.public_id: Decision(Item.Choice.HAND_OVER, ben) for each in requests}
            removal = plan_removal(person=person_of_agent(ana), decisions=decisions, message="", actor="Bo", now=NOW)
            start_removal(removal=removal, by=boss.role, actor="Bo", now=NOW)

        def work() -> None:
            continue_removal(removal_id=removal.pk, clock=lambda: NOW)

        together(account, work, work, work)

        with active(account):
            assert Removal.objects.get().state == "ended"
            assert Event.objects.filter(kind="member.removal_ended").count() == 1
            assert Event.objects.filter(kind="appointment.reassigned").count() == 3
            assert Event.objects.filter(kind="request.reassigned").count() == 3
            assert not Item.objects.exclude(state__in=["done", "gone"]).exists()
            assert set(Reservation.objects.filter(released_at=None).values_list("agent", flat=True)) == {ben.pk}


class TestTheCalendars:
    @pytest.fixture
    def msp(self) -> Iterator[Msp]:
        with connected_msp() as msp:
            yield msp

    def test_show_the_appointment_with_whoever_got_it_and_with_nobody_else(self, msp: Msp) -> None:
        others = list(Agent.objects.exclude(hours=[]).filter(is_active=True).exclude(pk=msp.agent.pk)[:2])
        Agent.objects.filter(pk__in=[each.pk for each in others]).update(is_schedulable=True)
        Calendar.objects.filter(agent__in=others).update(is_blocking=False)
        ticket = msp.open_ticket()
        request = msp.invite(ticket)
        msp.book_first(request)
        follow_up()

        def hand(taker: Agent) -> None:
            mine = SchedulingRequest.objects.select_related("account").get(pk=request.pk)
            fresh = Agent.objects.get(pk=taker.pk)
            with contextlib.suppress(NotTheirs, RequestClosed, SlotTaken):
                reassign_appointment(request=mine, leaving=msp.agent, to=fresh, actor="Bo", now=timezone.now())

        together(msp.account, *(lambda taker=taker: hand(taker) for taker in others))
        follow_up()

        taken = Reservation.objects.get(appointment__request=request, released_at=None)
        assert taken.agent in others
        entries = msp.api("/schedule/entries", conditions=f"objectId = {ticket['id']}", pageSize=100)
        ours = [entry for entry in entries if entry["dateStart"] == f"{taken.during.lower:%Y-%m-%dT%H:%M:%SZ}"]
        holders = Calendar.objects.filter(external_id__in=[str(entry["member"]["id"]) for entry in ours])
        assert [calendar.agent_id for calendar in holders] == [taken.agent_id]
        assert len(ours) == 1


def follow_up() -> None:
    """Do what follows from every event, as workers would."""
    for event_id in list_left_behind(before=timezone.now() + timedelta(days=1)):
        advance(event_id=event_id, now=timezone.now())
    for _ in range(20):
        due = StepRun.objects.filter(state="waiting", due_at__lte=timezone.now()).order_by("id")
        ids = list(due.values_list("pk", flat=True))
        if not ids:
            return
        for step_run_id in ids:
            run_step(step_run_id=step_run_id, clock=timezone.now)
