"""Reminders, deadlines and what hangs on an appointment's time, by travelling through time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment, reschedule_appointment
from slotdesk.domain.catalog.workflow import Branch, Step, Trigger, Workflow
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import claim_due, run_step
from slotdesk.domain.workflows.timers import say_length
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type
from tests.support.following import follow, outcome_of, states

pytestmark = pytest.mark.django_db

WEDNESDAY_TEN = datetime(2027, 5, 5, 14, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def agent(account: Account) -> Agent:
    return make_agent(account)


def ask(account: Account, agent: Agent, *, now: datetime = NOW, **rules: Any) -> SchedulingRequest:
    request = make_request(make_type(account, **rules), [agent], now=now)
    follow(now)
    request.refresh_from_db()
    return request


def book(request: SchedulingRequest, starts_at: datetime = WEDNESDAY_TEN, *, now: datetime = NOW) -> Appointment:
    booked = book_slot(
        request=request, starts_at=starts_at, answers=Answers(zone="America/New_York", name=""), key="key", now=now
    )
    request.refresh_from_db()
    return booked


def move(request: SchedulingRequest, starts_at: datetime, *, now: datetime) -> None:
    reschedule_appointment(request=request, starts_at=starts_at, zone="UTC", actor="Jo", now=now)


def subjects() -> list[str]:
    return [str(message.subject) for message in mail.outbox if "ana@client.example" in message.to]


def reminders(*hours: int) -> list[dict[str, Any]]:
    return [{"after_minutes": each * 60, "template": ""} for each in hours]


def before(*hours: int) -> list[dict[str, Any]]:
    return [{"before_minutes": each * 60, "template": ""} for each in hours]


class TestUnansweredClients:
    def test_are_reminded_at_the_minute_and_not_before(self, account: Account, agent: Agent) -> None:
        ask(account, agent, reminders=reminders(24, 72))
        sent = []
        for moment in (DAY - timedelta(seconds=1), DAY, 3 * DAY - timedelta(seconds=1), 3 * DAY, 9 * DAY):
            follow(NOW + moment)
            sent.append(len(subjects()))

        assert sent == [1, 2, 2, 3, 3]

    def test_are_reminded_once_and_late_after_an_outage(self, account: Account, agent: Agent) -> None:
        ask(account, agent, reminders=reminders(24))

        with time_machine.travel(NOW + 2 * DAY, tick=False):
            claim_due(now=timezone.now())
            claim_due(now=timezone.now())
            follow(timezone.now())
            follow(timezone.now())

        assert len(subjects()) == 2

    def test_get_one_reminder_when_two_came_due_in_the_same_outage(self, account: Account, agent: Agent) -> None:
        ask(account, agent, reminders=reminders(24, 72))

        follow(NOW + 4 * DAY)

        assert len(subjects()) == 2
        assert states()["reminder_1"] == "skipped"
        assert states()["reminder_2"] == "done"

    def test_are_left_alone_once_they_have_booked_though_nobody_looked_at_the_booking_yet(
        self, account: Account, agent: Agent
    ) -> None:
        request = ask(account, agent, reminders=reminders(24))
        book(request)
        run = StepRun.objects.get(step_key="reminder_1")

        run_step(step_run_id=run.pk, clock=lambda: NOW + DAY)

        assert len(subjects()) == 1
        assert "scheduled" in outcome_of("reminder_1")

    def test_are_given_up_once_with_the_request_closed_and_nothing_after_it(
        self, account: Account, agent: Agent
    ) -> None:
        request = ask(account, agent, reminders=reminders(24), no_response_amount=3, no_response_closes=True)

        for days in (1, 3, 4, 9):
            follow(NOW + days * DAY)

        request.refresh_from_db()
        assert request.status == "closed"
        assert StepRun.objects.filter(step_key="no_response.close").count() == 1
        assert len(subjects()) == 2

    @pytest.mark.parametrize(
        "asked_at",
        [
            datetime(2027, 3, 13, 17, 0, tzinfo=UTC),  # noon in New York, the day before clocks go forward
            datetime(2027, 11, 6, 16, 0, tzinfo=UTC),  # and the day before they go back
        ],
    )
    def test_have_24_hours_a_day_through_the_night_when_clocks_change(
        self, account: Account, asked_at: datetime
    ) -> None:
        agent = make_agent(account, now=asked_at)
        ask(account, agent, now=asked_at, reminders=reminders(24), no_response_amount=2)
        seen = []
        for moment in (DAY - timedelta(seconds=1), DAY, 2 * DAY - timedelta(seconds=1), 2 * DAY):
            follow(asked_at + moment)
            seen.append((len(subjects()), states()["no_response.status"]))

        assert seen == [(1, "waiting"), (2, "waiting"), (2, "waiting"), (2, "skipped")]
        assert outcome_of("no_response.status") == "The request has no ticket whose status could be set."

    def test_win_when_they_book_a_second_before_they_are_given_up(self, account: Account, agent: Agent) -> None:
        request = ask(account, agent, no_response_amount=2, no_response_closes=True)
        Calendar.objects.update(synced_at=NOW + 2 * DAY)
        book(request, WEDNESDAY_TEN + DAY, now=NOW + 2 * DAY - timedelta(seconds=1))

        follow(NOW + 2 * DAY)

        request.refresh_from_db()
        assert request.status == "scheduled"
        assert states()["no_response.status"] == states()["no_response.close"] == "skipped"


class TestAppointmentReminders:
    def test_are_sent_at_their_time_before_the_start(self, account: Account, agent: Agent) -> None:
        request = ask(account, agent, appointment_reminders=before(24, 1))
        book(request)
        follow(NOW)
        sent = []
        for moment in (WEDNESDAY_TEN - DAY - timedelta(seconds=1), WEDNESDAY_TEN - DAY, WEDNESDAY_TEN - HOUR):
            follow(moment)
            sent.append(len(subjects()))

        assert sent == [2, 3, 4]

    def test_are_not_sent_when_the_time_was_chosen_later_than_that(self, account: Account, agent: Agent) -> None:
        request = ask(account, agent, appointment_reminders=before(72, 1))
        book(request)
        follow(NOW)

        assert states()["appointment_reminder_1"] == "skipped"
        assert outcome_of("appointment_reminder_1") == "The time was chosen less than 3 days ahead."
        assert states()["appointment_reminder_2"] == "waiting"

    def test_f22_move_with_the_appointment_and_are_due_again(self, account: Account, agent: Agent) -> None:
        request = ask(account, agent, appointment_reminders=before(24))
        book(request)
        follow(NOW)
        follow(WEDNESDAY_TEN - DAY)
        later = WEDNESDAY_TEN + 7 * DAY

        Calendar.objects.update(synced_at=WEDNESDAY_TEN - DAY)
        move(request, later, now=WEDNESDAY_TEN - DAY + HOUR)
        follow(WEDNESDAY_TEN - DAY + HOUR)
        follow(later - DAY)

        runs = StepRun.objects.filter(step_key="appointment_reminder_1").order_by("id")
        assert [run.state for run in runs] == ["done", "done"]
        assert [run.due_at for run in runs] == [WEDNESDAY_TEN - DAY, later - DAY]

    def test_of_the_old_time_are_not_sent_though_nobody_looked_at_the_move_yet(
        self, account: Account, agent: Agent
    ) -> None:

        request = ask(account, agent, appointment_reminders=before(24))
        book(request)
        follow(NOW)
        move(request, WEDNESDAY_TEN + DAY, now=NOW)
        run = StepRun.objects.get(step_key="appointment_reminder_1")

        run_step(step_run_id=run.pk, clock=lambda: WEDNESDAY_TEN - DAY)

        assert outcome_of("appointment_reminder_1").startswith("The appointment was moved")

    def test_f22_end_when_the_appointment_is_cancelled(self, account: Account, agent: Agent) -> None:
        request = ask(account, agent, appointment_reminders=before(24))
        book(request)
        follow(NOW)
        cancel_appointment(request=request, actor="Jo", reason="", now=NOW)
        follow(NOW)

        assert outcome_of("appointment_reminder_1") == "The appointment was cancelled before this was due."

    def test_are_not_sent_after_the_start_however_long_the_outage_was(self, account: Account, agent: Agent) -> None:
        request = ask(account, agent, appointment_reminders=before(24))
        book(request)
        follow(NOW)

        follow(WEDNESDAY_TEN)

        assert states()["appointment_reminder_1"] == "skipped"

    def test_f20_count_hours_and_not_wall_clock_over_a_change_of_clocks(self, account: Account) -> None:
        asked_at = datetime(2027, 11, 4, 13, 0, tzinfo=UTC)
        monday_nine = datetime(2027, 11, 8, 14, 0, tzinfo=UTC)  # 09:00 in New York, a day after clocks went back
        agent = make_agent(account, now=asked_at)
        request = ask(account, agent, now=asked_at, appointment_reminders=before(48))
        book(request, monday_nine, now=asked_at)
        follow(asked_at)

        assert StepRun.objects.get(step_key="appointment_reminder_1").due_at == monday_nine - 2 * DAY


class TestAfterTheAppointment:
    def test_runs_so_long_after_its_end(self, account: Account, agent: Agent) -> None:
        step = Step(key="thanks", action="send_email", settings={"template": "confirmation", "to": "client"})
        request = self._ask(account, agent, Branch(trigger=Trigger.AFTER, minutes=60, steps=(step,)))
        booked = book(request)
        follow(NOW)

        follow(booked.ends_at + HOUR - timedelta(seconds=1))
        waiting = states()["thanks"]
        follow(booked.ends_at + HOUR)

        assert (waiting, states()["thanks"]) == ("waiting", "done")

    def _ask(self, account: Account, agent: Agent, *branches: Branch) -> SchedulingRequest:
        return ask(account, agent, workflow=Workflow(branches=branches).model_dump(mode="json"))


class TestWait:
    def _ask(self, account: Account, agent: Agent, trigger: Trigger) -> SchedulingRequest:
        steps = (
            Step(key="first", action="send_email", settings={"template": "invitation", "to": "client"}),
            Step(key="wait", action="wait", settings={"amount": 2, "unit": "days"}),
            Step(key="second", action="send_email", settings={"template": "reminder", "to": "client"}),
        )
        workflow = Workflow(branches=(Branch(trigger=trigger, steps=steps),))
        return ask(account, agent, workflow=workflow.model_dump(mode="json"))

    def test_puts_off_what_follows_it(self, account: Account, agent: Agent) -> None:
        self._ask(account, agent, Trigger.CREATED)
        at_once = states()
        follow(NOW + 2 * DAY - timedelta(seconds=1))
        shortly_before = states()
        follow(NOW + 2 * DAY)

        assert at_once == shortly_before == {"first": "done", "wait": "waiting", "second": "waiting"}
        assert states() == {"first": "done", "wait": "done", "second": "done"}

    def test_ends_with_what_it_waits_for(self, account: Account, agent: Agent) -> None:
        request = self._ask(account, agent, Trigger.CREATED)
        book(request)
        follow(NOW)

        assert states()["second"] == "skipped"
        assert "scheduled" in outcome_of("second")


class TestSayLength:
    @pytest.mark.parametrize(
        ("minutes", "words"),
        [(1, "1 minute"), (45, "45 minutes"), (60, "1 hour"), (90, "90 minutes"), (1440, "1 day"), (4320, "3 days")],
    )
    def test_uses_the_largest_whole_unit(self, minutes: int, words: str) -> None:
        assert say_length(minutes) == words
