"""Somebody leaves: what was open is settled, once, whatever comes between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from slotdesk.domain.booking.handover import reassign_appointment
from slotdesk.domain.booking.models import Cancellation, Reservation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.members import LastAdministrator, reactivate_person
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.persons import get_person, person_of_agent, person_of_member
from slotdesk.domain.removals.models import Item, Removal
from slotdesk.domain.removals.operations import (
    RUN,
    ChangedMeanwhile,
    Decision,
    NotToBeChosen,
    continue_removal,
    decide_again,
    plan_removal,
    start_removal,
)
from slotdesk.domain.removals.queries import get_removal, list_standing_still, list_teams_of, progress_of
from slotdesk.domain.tenants.actor import Actor
from slotdesk.domain.tenants.models import Account, Membership
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_busy, make_request, make_team, make_type
from tests.support.members import make_member

pytestmark = pytest.mark.django_db

TEN = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)
LEAVE, CANCEL = Decision(Item.Choice.LEAVE), Decision(Item.Choice.CANCEL)
BO = Actor("Bo", address="203.0.113.9", member_id="user_bo")


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def boss(account: Account) -> Membership:
    return make_member(account)


@pytest.fixture
def ana(account: Account) -> Agent:
    return make_agent(account, "Ana")


@pytest.fixture
def ben(account: Account) -> Agent:
    return make_agent(account, "Ben")


@pytest.fixture
def kind(account: Account) -> AppointmentType:
    return make_type(account)


@pytest.fixture
def booked(kind: AppointmentType, ana: Agent) -> SchedulingRequest:
    return book(make_request(kind, [ana]))


@pytest.fixture
def waiting(kind: AppointmentType, ana: Agent) -> SchedulingRequest:
    return make_request(kind, [ana])


def book(request: SchedulingRequest, at: datetime = TEN) -> SchedulingRequest:
    book_slot(request=request, starts_at=at, answers=Answers("UTC", "Client"), key="key", now=NOW)
    return request


def to(taker: Agent | Team) -> Decision:
    return Decision(Item.Choice.HAND_OVER, taker)


def plan(agent: Agent, decisions: dict[SchedulingRequest, Decision], message: str = "Sorry.") -> Removal:
    by_id = {request.public_id: decision for request, decision in decisions.items()}
    return plan_removal(person=person_of_agent(agent), decisions=by_id, message=message, actor=BO, now=NOW)


def start(removal: Removal, boss: Membership) -> None:
    start_removal(removal=removal, by=boss.role, actor=BO, now=NOW)


def run(removal: Removal) -> dict[int, tuple[str, str]]:
    """Do it; return what became of each request."""
    continue_removal(removal_id=removal.pk, clock=lambda: NOW)
    return {item.request_id: (item.state, item.reason) for item in Item.objects.filter(removal=removal)}


def remove(agent: Agent, decisions: dict[SchedulingRequest, Decision], boss: Membership) -> dict[int, tuple[str, str]]:
    removal = plan(agent, decisions)
    start(removal, boss)
    return run(removal)


class TestPlan:
    def test_changes_nothing_yet(self, ana: Agent, ben: Agent, booked: SchedulingRequest) -> None:
        plan(ana, {booked: to(ben)})

        ana.refresh_from_db()
        assert ana.is_active
        assert Reservation.objects.get().agent == ana
        assert not ProcrastinateJob.objects.filter(task_name=RUN).exists()

    def test_wants_a_decision_about_everything(
        self, ana: Agent, booked: SchedulingRequest, waiting: SchedulingRequest
    ) -> None:
        with pytest.raises(ChangedMeanwhile):
            plan(ana, {booked: LEAVE})

    def test_replaces_the_plan_before(self, ana: Agent, booked: SchedulingRequest) -> None:
        plan(ana, {booked: LEAVE})
        plan(ana, {booked: CANCEL})

        assert Item.objects.get().choice == "cancel"

    def test_says_which_teams_are_left_with_nobody(self, account: Account, ana: Agent, ben: Agent) -> None:
        alone = make_team(account, [ana], internal_name="Alone")
        both = make_team(account, [ana, ben], internal_name="Both")

        assert list_teams_of(person_of_agent(ana)) == [(alone, True), (both, False)]


class TestStart:
    def test_ends_the_place_at_once_and_has_the_rest_done_by_a_job(
        self, ana: Agent, booked: SchedulingRequest, boss: Membership
    ) -> None:
        removal = plan(ana, {booked: LEAVE})

        for _ in range(2):
            start(removal, boss)

        ana.refresh_from_db()
        assert (ana.is_active, ana.left_at) == (False, NOW)
        job = ProcrastinateJob.objects.get(task_name=RUN)
        assert job.args == {"removal_id": removal.pk}
        event = Event.objects.get(kind="member.removal_started")
        assert (event.subject, event.actor, event.address) == (ana.public_id, "Bo", "203.0.113.9")

    def test_does_nothing_when_something_has_come_since(
        self, ana: Agent, booked: SchedulingRequest, boss: Membership, kind: AppointmentType
    ) -> None:
        removal = plan(ana, {booked: LEAVE})
        make_request(kind, [ana])

        with pytest.raises(ChangedMeanwhile):
            start(removal, boss)

        ana.refresh_from_db()
        assert ana.is_active

    def test_keeps_the_last_administrator(self, boss: Membership) -> None:
        removal = plan_removal(person=person_of_member(boss), decisions={}, message="", actor=BO, now=NOW)

        with pytest.raises(LastAdministrator):
            start(removal, boss)

        removal.refresh_from_db()
        assert removal.state == "planned"

    def test_removes_a_member_who_is_no_agent(self, account: Account, boss: Membership) -> None:
        member = make_member(account, "finance")
        removal = plan_removal(person=person_of_member(member), decisions={}, message="", actor=BO, now=NOW)

        start(removal, boss)
        run(removal)

        member.refresh_from_db()
        removal.refresh_from_db()
        assert (member.left_at, removal.state) == (NOW, "ended")


class TestRun:
    def test_hands_over_cancels_and_leaves_as_it_was_chosen(
        self, ana: Agent, ben: Agent, boss: Membership, kind: AppointmentType, booked: SchedulingRequest
    ) -> None:
        off, waiting = book(make_request(kind, [ana]), TEN + timedelta(hours=1)), make_request(kind, [ana])
        closed, left = make_request(kind, [ana]), make_request(kind, [ana])

        ended = remove(ana, {booked: to(ben), off: CANCEL, waiting: to(ben), closed: CANCEL, left: LEAVE}, boss)

        assert ended == {
            booked.pk: ("done", ""),
            off.pk: ("done", ""),
            waiting.pk: ("done", ""),
            closed.pk: ("done", ""),
            left.pk: ("left", ""),
        }
        assert Reservation.objects.get(released_at=None).agent == ben
        assert Cancellation.objects.get().reason == "Sorry."
        assert waiting.resources.get().agent == ben
        closed.refresh_from_db()
        assert closed.status == "cancelled"
        assert left.resources.get().agent == ana
        event = Event.objects.get(kind="member.removal_ended")
        assert event.data == {"name": "Ana", "done": 4, "left": 1}
        assert Event.objects.get(kind="appointment.reassigned").member_id == "user_bo"

    def test_hands_over_to_whoever_of_a_team_is_free(
        self, account: Account, ana: Agent, ben: Agent, booked: SchedulingRequest, boss: Membership
    ) -> None:
        busy = make_agent(account, "Busy")
        make_busy(busy, TEN, TEN + timedelta(hours=1))

        remove(ana, {booked: to(make_team(account, [ana, busy, ben]))}, boss)

        assert Reservation.objects.get(released_at=None).agent == ben

    def test_says_what_could_not_be_done_and_goes_on_with_the_rest(
        self,
        account: Account,
        ana: Agent,
        ben: Agent,
        boss: Membership,
        kind: AppointmentType,
        booked: SchedulingRequest,
    ) -> None:
        late = make_agent(account, "Late", hours=[{"days": [1], "start": "20:00", "end": "22:00"}])
        resting = make_agent(account, "Resting", is_schedulable=False)
        second = book(make_request(kind, [ana]), TEN + timedelta(hours=1))
        third = book(make_request(kind, [ana]), TEN + timedelta(hours=2))

        ended = remove(ana, {booked: to(late), second: to(resting), third: to(ben)}, boss)

        assert ended == {
            booked.pk: ("failed", "not_offered"),
            second.pk: ("failed", "nobody"),
            third.pk: ("done", ""),
        }

    def test_of_a_worker_that_died_after_the_deed_is_not_done_twice(
        self, ana: Agent, ben: Agent, booked: SchedulingRequest, boss: Membership
    ) -> None:
        removal = plan(ana, {booked: to(ben)})
        start(removal, boss)
        reassign_appointment(request=booked, leaving=ana, to=ben, actor=BO, now=NOW)

        assert run(removal) == {booked.pk: ("gone", "")}
        assert Event.objects.filter(kind="appointment.reassigned").count() == 1

    def test_has_nothing_to_do_with_what_the_client_cancelled_meanwhile(
        self, ana: Agent, ben: Agent, booked: SchedulingRequest, boss: Membership
    ) -> None:
        removal = plan(ana, {booked: to(ben)})
        start(removal, boss)
        cancel_appointment(request=booked, actor="Client", reason="", now=NOW)

        assert run(removal) == {booked.pk: ("gone", "")}

    def test_asks_again_about_what_was_booked_between_plan_and_run(
        self, ana: Agent, ben: Agent, waiting: SchedulingRequest, boss: Membership
    ) -> None:
        removal = plan(ana, {waiting: to(ben)})
        book(waiting)
        start(removal, boss)

        assert run(removal) == {waiting.pk: ("failed", "changed")}
        assert Reservation.objects.get(released_at=None).agent == ana

    def test_is_told_once_however_often_it_is_run(self, ana: Agent, boss: Membership) -> None:
        removal = plan(ana, {})
        start(removal, boss)

        for _ in range(3):
            run(removal)

        assert Event.objects.filter(kind="member.removal_ended").count() == 1

    def test_is_taken_up_again_when_it_stands_still(self, ana: Agent, boss: Membership) -> None:
        removal = plan(ana, {})
        assert list_standing_still(now=NOW + timedelta(hours=1)) == []
        start(removal, boss)

        assert list_standing_still(now=NOW + timedelta(minutes=1)) == []
        assert list_standing_still(now=NOW + timedelta(minutes=3)) == [removal.pk]
        run(removal)
        assert list_standing_still(now=NOW + timedelta(minutes=3)) == []


class TestAnotherTry:
    def test_does_what_could_not_be_done_with_somebody_else(
        self, account: Account, ana: Agent, ben: Agent, booked: SchedulingRequest, boss: Membership
    ) -> None:
        late = make_agent(account, "Late", hours=[{"days": [1], "start": "20:00", "end": "22:00"}])
        removal = plan(ana, {booked: to(late)})
        start(removal, boss)
        run(removal)

        decide_again(removal=removal, decisions={booked.public_id: to(ben)}, actor=BO, now=NOW)

        assert run(removal) == {booked.pk: ("done", "")}
        progress = progress_of(get_removal(get_person(ana.public_id), removal.public_id))
        assert (progress.handled, progress.failed, progress.percent) == (1, 0, 100)

    def test_takes_what_was_booked_meanwhile_for_the_appointment_it_is(
        self, ana: Agent, ben: Agent, waiting: SchedulingRequest, boss: Membership
    ) -> None:
        removal = plan(ana, {waiting: to(ben)})
        book(waiting)
        start(removal, boss)
        run(removal)

        decide_again(removal=removal, decisions={waiting.public_id: to(ben)}, actor=BO, now=NOW)

        assert run(removal) == {waiting.pk: ("done", "")}
        assert Reservation.objects.get(released_at=None).agent == ben

    def test_is_refused_for_what_was_done(
        self, ana: Agent, ben: Agent, booked: SchedulingRequest, boss: Membership
    ) -> None:
        removal = plan(ana, {booked: to(ben)})
        start(removal, boss)
        run(removal)

        with pytest.raises(NotToBeChosen):
            decide_again(removal=removal, decisions={booked.public_id: CANCEL}, actor=BO, now=NOW)

    def test_of_removing_works_after_somebody_came_back(self, ana: Agent, boss: Membership) -> None:
        remove(ana, {}, boss)
        reactivate_person(person=get_person(ana.public_id), by=boss.role, actor=BO, now=NOW)

        remove(Agent.objects.get(pk=ana.pk), {}, boss)

        ana.refresh_from_db()
        assert not ana.is_active
        assert Removal.objects.filter(state="ended").count() == 2
