"""Two workers and two sweeps at once: nothing is done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.events.models import Event
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import claim_due, run_step
from tests.support.factories import make_account, make_agent, make_request, make_type
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4


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
