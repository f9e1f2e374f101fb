"""One step run."""

from __future__ import annotations

from django.utils import timezone

from slotdesk.domain.workflows import operations
from slotdesk.domain.workflows.advance import RUN
from slotdesk.jobs.tasks import task


@task(RUN, queue="steps")
def run_step(*, step_run_id: int) -> None:
    operations.run_step(step_run_id=step_run_id, clock=timezone.now)
