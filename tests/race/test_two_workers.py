"""Two workers and two sweeps at once: nothing is done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, reschedule_appointment
from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.models import Email
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import NotSkippable, claim_due, run_step, skip_step_run
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type
from tests.support.following import follow
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4
_START = datetime(2027, 5, 10, 14, 0, tzinfo=UTC)


def together(task: Callable[[], object]) -> None:
    """Run the task in several threads at the same moment, each with a connection of its own."""
    start = threading.Barrier(WORKERS)

    def run() -> None:
        start.wait(timeout=30)
        try:
            task()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        for future in [pool.submit(run) for _ in range(WORKERS)]:
            future.result()


def deferred_steps() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (args->>'step_run_id')::int FROM procrastinate_jobs WHERE task_name = 'run_step'")
        return [pk for (pk,) in cursor.fetchall()]


class TestSweeps:
    def test_take_different_rows(self) -> None:
        account, now = make_account(), timezone.now()
        with active(account):
            request = make_request(make_type(account), [make_agent(account)])
            event = Event.objects.get()
            StepRun.objects.bulk_create(
                StepRun(
                    account=account,
                    request=request,
                    event=event,
                    step_key=f"step-{number}",
                    action="send_email",
                    channel="mail",
                    due_at=now - timedelta(minutes=1),
                    created_at=now,
                )
                for number in range(200)
            )

        def sweep() -> None:
            while claim_due(now=now, limit=15) == 15:
                pass

        together(sweep)

        assert len(deferred_steps()) == len(set(deferred_steps())) == 200


class TestWorkers:
    @pytest.fixture
    def msp(self) -> Iterator[Msp]:
        with connected_msp() as msp:
            yield msp

    def test_of_several_on_one_step_run_one_does_it(self, msp: Msp) -> None:
        request: SchedulingRequest = msp.invite(msp.open_ticket())
        for event_id in list_left_behind(before=timezone.now() + timedelta(days=1)):
            advance(event_id=event_id, now=timezone.now())
        note = StepRun.objects.get(request=request, step_key="created.note")

        together(lambda: run_step(step_run_id=note.pk, clock=timezone.now))

        with all_accounts():
            note.refresh_from_db()
        assert (note.state, note.attempts) == ("done", 1)
        assert len(msp.effects("note.created")) == 1

    def test_an_event_is_advanced_once(self, msp: Msp) -> None:
        msp.invite(msp.open_ticket())
        event = Event.objects.get(kind="request.created")

        together(lambda: advance(event_id=event.pk, now=timezone.now()))

        assert StepRun.objects.filter(event=event).count() == 3


class TestTimers:
    """Reminders before the start, with workers that look at the same ones, and a client who moves it meanwhile."""

    @pytest.fixture
    def booked(self) -> Iterator[tuple[SchedulingRequest, datetime]]:
        account = make_account()
        with active(account):
            reminders = [{"before_minutes": 60, "template": ""}]
            request = make_request(make_type(account, appointment_reminders=reminders), [make_agent(account)])
            answers = Answers(zone="UTC", name="")
            book_slot(request=request, starts_at=_START, answers=answers, key="k", now=NOW)
            follow(NOW)
            yield request, _START - timedelta(hours=1)

    def test_f19_go_out_once_however_many_workers_and_sweeps(self, booked: tuple[SchedulingRequest, datetime]) -> None:
        request, due_at = booked

        def work() -> None:
            claim_due(now=due_at)
            with all_accounts():
                timers = list(StepRun.objects.filter(is_timer=True).values_list("pk", flat=True))
            for pk in timers:
                run_step(step_run_id=pk, clock=lambda: due_at)

        together(work)

        with active(request.account):
            (run,) = StepRun.objects.filter(step_key="appointment_reminder_1")
            sent = Email.objects.filter(kind="appointment_reminder")
            assert (run.state, run.attempts, sent.count()) == ("done", 1, 1)

    def test_are_planned_anew_once_when_several_look_at_the_move(
        self, booked: tuple[SchedulingRequest, datetime]
    ) -> None:
        request, due_at = booked
        later = _START + timedelta(days=1)
        reschedule_appointment(request=request, starts_at=later, zone="UTC", actor="Jo", now=NOW)
        moved = Event.objects.get(kind="appointment.rescheduled")
        old = StepRun.objects.get(step_key="appointment_reminder_1")

        def work() -> None:
            advance(event_id=moved.pk, now=due_at)
            run_step(step_run_id=old.pk, clock=lambda: due_at)

        together(work)

        with active(request.account):
            runs = StepRun.objects.filter(step_key="appointment_reminder_1").order_by("id")
            assert [(run.state, run.due_at) for run in runs] == [
                ("skipped", due_at),
                ("waiting", later - timedelta(hours=1)),
            ]
            assert not Email.objects.filter(kind="appointment_reminder").exists()

    def test_of_one_who_skips_and_one_who_runs_it_one_wins(self, booked: tuple[SchedulingRequest, datetime]) -> None:
        request, due_at = booked
        run = StepRun.objects.select_related("account", "request").get(step_key="appointment_reminder_1")
        turns = iter(range(WORKERS))
        lost: list[int] = []

        def work() -> None:
            with active(request.account):
                if next(turns) % 2:
                    run_step(step_run_id=run.pk, clock=lambda: due_at)
                    return
                try:
                    skip_step_run(run=run, actor="Jo", now=due_at)
                except NotSkippable:
                    lost.append(1)

        together(work)

        with active(request.account):
            run.refresh_from_db()
            sent = Email.objects.filter(kind="appointment_reminder").count()
            told = Event.objects.filter(kind="request.step_skipped").count()
        assert (run.state, sent, told) in [("done", 1, 0), ("skipped", 0, 1)]
