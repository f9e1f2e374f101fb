"""The queue's own old rows. Jobs that end well are deleted at once, by the worker; this is about those that do not."""

from __future__ import annotations

from datetime import timedelta

from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app

# Long enough to look into what went wrong.
_KEPT_FOR = timedelta(days=7)


@app.periodic(cron="11 3 * * *")
@app.task(name="remove_ended_jobs", queue="sweep", queueing_lock="remove_ended_jobs", pass_context=True)
async def remove_ended_jobs(context: JobContext, timestamp: int) -> None:
    await builtin_tasks.remove_old_jobs(
        context,
        max_hours=_KEPT_FOR // timedelta(hours=1),
        remove_failed=True,
        remove_cancelled=True,
        remove_aborted=True,
    )
