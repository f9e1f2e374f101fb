"""What is left of jobs that have ended."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from slotdesk.jobs.upkeep import remove_ended_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def add_job(status: str, days_ago: int) -> int:
    """A job that reached this status so long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'any', %s) RETURNING id",
            [status],
        )
        (job_id,) = cursor.fetchone() or (0,)
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [job_id])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES"
            " (%s, 'failed', now() - make_interval(days => %s))",
            [job_id, days_ago],
        )
    return int(job_id)


async def _remove() -> None:
    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    with app.replace_connector(connector) as worker:
        async with worker.open_async():
            job = Job(id=None, queue="sweep", lock=None, queueing_lock=None, task_name="remove_ended_jobs")
            await remove_ended_jobs(JobContext(app=worker, start_timestamp=0, job=job, abort_reason=lambda: None), 0)


class TestRemoveEndedJobs:
    def test_takes_failed_ones_after_a_week(self) -> None:
        old, young = add_job("failed", 8), add_job("failed", 6)

        asyncio.run(_remove())

        left = set(ProcrastinateJob.objects.values_list("id", flat=True))
        assert young in left
        assert old not in left

    def test_leaves_what_still_waits(self) -> None:
        waiting = add_job("todo", 30)

        asyncio.run(_remove())

        assert list(ProcrastinateJob.objects.values_list("id", flat=True)) == [waiting]
