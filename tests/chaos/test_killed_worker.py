"""A worker that is killed in the middle of each effect: afterwards everything is there exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import close_old_connections
from django.utils import timezone

from sandbox.mail.faults import Drop, Fault
from slotdesk.domain.booking.operations import reschedule_appointment
from slotdesk.domain.connections.models import ExternalLink
from slotdesk.domain.workflows.models import StepRun
from tests.support.factories import make_type
from tests.support.msp import Msp, Worker, connected_msp, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        yield msp


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker(lease_seconds=3)
    yield worker
    worker.kill()


def is_settled() -> bool:
    close_old_connections()
    return not StepRun.objects.filter(finished_at=None).exists()


class TestKilledWorker:
    def test_f17_every_effect_exists_exactly_once_however_often_it_dies(self, msp: Msp, worker: Worker) -> None:
        """
        The PSA carries out each write and never answers; then the worker is killed, so that it knows of none. The mail
        server takes the first mail and hangs up without saying so.
        """
        ticket = msp.open_ticket()
        msp.mail.faults.put(Fault(drop=Drop.AFTER_ACCEPTING, times=1))

        request = msp.invite(ticket)
        self._kill_in_each_write(msp, worker, writes=2)
        worker.start()
        wait_until(is_settled, "the invitation's steps")
        msp.book_first(request)
        worker.kill()
        self._kill_in_each_write(msp, worker, writes=3)
        worker.start()
        wait_until(is_settled, "the booking's steps")

        client, technician = ticket["contactEmailAddress"], msp.agent.email
        notes = [effect["object"]["text"] for effect in msp.effects("note.created")]
        assert [note.split(" ")[2] for note in notes] == ["asked", "booked"]
        assert len(msp.effects("entry.created")) == 1
        assert len(msp.effects("status.changed")) == 2
        assert msp.api(f"/service/tickets/{ticket['id']}")["status"]["name"] == "Scheduled"
        assert [mail.subject.split(":")[0].split(" ")[0] for mail in msp.mails_to(client)] == ["Booked", "Choose"]
        assert len(msp.mails_to(technician)) == 1
        assert set(StepRun.objects.values_list("state", flat=True)) == {"done"}

    def test_written_buffers_exist_exactly_once_and_move_once(self, msp: Msp, worker: Worker) -> None:
        half = timedelta(minutes=30)
        msp.type = make_type(msp.account, notice_amount=0, writes_buffers=True, buffer_before=half, buffer_after=half)
        request = msp.invite(msp.open_ticket())
        worker.start()
        wait_until(is_settled, "the invitation's steps")
        worker.kill()

        booked = msp.book_first(request)
        self._kill_in_each_write(msp, worker, writes=3)
        worker.start()
        wait_until(is_settled, "the booking's steps")
        worker.kill()
        moved = reschedule_appointment(
            request=request,
            starts_at=booked.starts_at + timedelta(days=7),
            zone="UTC",
            actor="Jordan Doe",
            now=timezone.now(),
            overrides_rules=True,
        )
        self._kill_in_each_write(msp, worker, writes=3)
        worker.start()
        wait_until(is_settled, "the move's steps")

        assert len(msp.effects("entry.created")) == 3
        links = ExternalLink.objects.filter(kind="entry")
        assert sorted((link.starts_at, link.ends_at) for link in links) == [
            (moved.starts_at - half, moved.starts_at),
            (moved.starts_at, moved.ends_at),
            (moved.ends_at, moved.ends_at + half),
        ]
        entries = [
            each for each in msp.psa.store.all("entries") if str(each["id"]) in {link.external_id for link in links}
        ]
        assert {(entry["dateStart"], entry["dateEnd"]) for entry in entries} == {
            (f"{link.starts_at:%Y-%m-%dT%H:%M:%SZ}", f"{link.ends_at:%Y-%m-%dT%H:%M:%SZ}") for link in links
        }

    def _kill_in_each_write(self, msp: Msp, worker: Worker, *, writes: int) -> None:
        for number in range(writes):
            faults = [{"kind": "timeout-after", "method": method, "times": 1} for method in ("POST", "PATCH")]
            msp.psa.switchboard.replace(faults)
            armed = msp.psa.switchboard.faults
            worker.start()
            wait_until(lambda: any(fault.hits for fault in armed), f"write {number + 1} of {writes}")  # noqa: B023
            worker.kill()
        msp.psa.switchboard.replace([])
