"""Somebody who waits to be told that a time opens, with several sweeps and workers at once: they are told once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection, connections
from django.db.models import Q

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.events.models import Event
from slotdesk.domain.links import opening_mail
from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.links.opening_looks import claim_due_openings, look_for_opening
from slotdesk.domain.links.openings import Reader, ask_by_request, stop_alerts
from slotdesk.domain.messages.models import Email
from slotdesk.domain.messages.operations import send_email
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4
SOON = NOW + timedelta(minutes=6)


@pytest.fixture
def invited() -> Iterator[SchedulingRequest]:
    account = make_account()
    with active(account):
        yield make_request(make_type(account), [make_agent(account)])


def together(task: Callable[[], object]) -> list[object]:
    """Run the task in several threads at the same moment, each with a connection of its own."""
    start = threading.Barrier(WORKERS)

    def run() -> object:
        start.wait(timeout=30)
        try:
            return task()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        return [future.result() for future in [pool.submit(run) for _ in range(WORKERS)]]


def ask(request: SchedulingRequest) -> OpeningAlert:
    with active(request.account):
        reader = Reader("ana@client.example", "UTC", "en")
        return ask_by_request(request=request, reader=reader, now=NOW)


def jobs() -> list[tuple[str, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'about', args->>'check_at' FROM procrastinate_jobs WHERE task_name = 'look_for_opening'"
        )
        return [(about, datetime.fromisoformat(check_at)) for about, check_at in cursor.fetchall()]


def work() -> None:
    """What a worker does that takes the job, though another one has it."""
    ((about, check_at),) = jobs()
    look_for_opening(about=about, check_at=check_at, clock=lambda: SOON)


class TestSweeps:
    def test_hand_an_alert_out_once(self, invited: SchedulingRequest) -> None:
        ask(invited)

        claimed = together(lambda: claim_due_openings(now=SOON))

        assert sorted(claimed, key=str) == [0, 0, 0, 1]
        assert len(jobs()) == 1


class TestWorkers:
    def test_of_several_on_one_alert_one_tells(self, invited: SchedulingRequest) -> None:
        alert = ask(invited)
        claim_due_openings(now=SOON)

        together(work)

        alert.refresh_from_db()
        assert [message.to for message in mail.outbox] == [["ana@client.example"]]
        assert (Email.objects.count(), alert.ending) == (1, "told")
        assert Event.objects.filter(kind="request.opening_told").count() == 1

    def test_would_tell_several_times_without_their_claim(
        self, invited: SchedulingRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ask(invited)
        claim_due_openings(now=SOON)
        all_have_read = threading.Barrier(WORKERS)

        def send_when_all_have_read(email: Email, *, now: datetime) -> None:
            all_have_read.wait(timeout=30)
            send_email(email, now=now)

        monkeypatch.setattr(opening_mail, "send_email", send_when_all_have_read)
        monkeypatch.setattr(opening_mail, "_claim", lambda _alert, _now: True)

        together(work)

        assert len(mail.outbox) == WORKERS
        assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1

    def test_that_are_killed_before_they_can_say_that_they_told_leave_one_e_mail(
        self, invited: SchedulingRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        alert = ask(invited)
        claim_due_openings(now=SOON)

        class Killed(BaseException):
            pass

        def die(*_args: object) -> None:
            raise Killed

        with monkeypatch.context() as patched:
            patched.setattr(opening_mail, "end", die)
            with pytest.raises(Killed):
                work()
        later = SOON + timedelta(minutes=10)
        ((about, _check_at),) = jobs()
        OpeningAlert.objects.filter(pk=alert.pk).update(check_at=later)
        look_for_opening(about=about, check_at=later, clock=lambda: later)

        alert.refresh_from_db()
        assert (len(mail.outbox), alert.ending) == (1, "told")


class TestAsking:
    def test_at_the_same_moment_makes_one_alert(self, invited: SchedulingRequest) -> None:
        made = together(lambda: ask(invited).pk)

        assert len(set(made)) == 1
        assert Event.objects.filter(kind="request.opening_asked").count() == 1

    def test_and_stopping_at_the_same_moment_leaves_what_one_of_them_says(self, invited: SchedulingRequest) -> None:
        first = ask(invited)
        turns = iter(range(WORKERS))

        def task() -> None:
            with active(invited.account):
                if next(turns) % 2:
                    stop_alerts(alert=first, now=SOON)
                else:
                    ask(invited)

        together(task)

        open_ones = OpeningAlert.objects.filter(Q(ended_at=None), about=invited.public_id)
        assert open_ones.count() <= 1
        first.refresh_from_db()
        assert first.ending == "stopped"
