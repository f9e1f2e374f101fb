"""The worker process: what happens to its jobs when it is stopped, and when it is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.support.database import database_of_this_test

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Start]:
    """Start a worker process on this test's database; all of them are gone afterwards."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "DATABASE_URL": database_of_this_test(), "SLOTDESK_VAR": str(tmp_path)}
        command = [sys.executable, "-m", "slotdesk.config.tests.waiting_job", *arguments]
        started.append(subprocess.Popen(command, cwd=settings.ROOT, env=environment))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """Defer the job, of which only one may wait at a time; return its folder."""
    defer(tmp_path)
    return tmp_path


def defer(folder: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'wait_for_file', 0, NULL, 'only one', %s, NULL)]"
            "::procrastinate_job_to_defer_v1[])",
            [json.dumps({"folder": str(folder)})],
        )


def kill_and_forget(worker: subprocess.Popen[bytes]) -> None:
    """Kill the worker, and let so much time pass that the others take it for dead."""
    worker.kill()
    worker.wait()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")


def notes(job: Path) -> list[str]:
    file = job / "notes"
    return file.read_text().split() if file.exists() else []


def count_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'wait_for_file'")
        return int(cursor.fetchone()[0])


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "this did not come true"
        time.sleep(0.05)


class TestWorker:
    def test_ends_the_job_under_way_when_it_is_stopped(self, start_worker: Start, job: Path) -> None:
        worker = start_worker()
        eventually(lambda: notes(job) == ["began"])

        worker.send_signal(signal.SIGTERM)
        (job / "go").touch()

        assert worker.wait(timeout=60) == 0
        assert notes(job) == ["began", "ended"]
        assert count_jobs() == 0

    def test_leaves_its_job_to_the_next_worker_when_it_is_killed(self, start_worker: Start, job: Path) -> None:
        worker = start_worker()
        eventually(lambda: notes(job) == ["began"])
        kill_and_forget(worker)
        (job / "go").touch()

        assert start_worker("--once").wait(timeout=60) == 0

        assert notes(job) == ["began", "began", "ended"]
        assert count_jobs() == 0

    def test_drops_the_job_of_a_killed_worker_when_one_like_it_waits(self, start_worker: Start, job: Path) -> None:
        worker = start_worker()
        eventually(lambda: notes(job) == ["began"])
        defer(job)
        kill_and_forget(worker)
        (job / "go").touch()

        assert start_worker("--once").wait(timeout=60) == 0

        assert notes(job) == ["began", "began", "ended"]
        assert count_jobs() == 0

    def test_takes_no_job_from_a_worker_that_is_alive(self, start_worker: Start, job: Path) -> None:
        start_worker()
        eventually(lambda: notes(job) == ["began"])

        assert start_worker("--once").wait(timeout=60) == 0

        assert notes(job) == ["began"]
        assert count_jobs() == 1
