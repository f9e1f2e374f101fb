"""People who leave: what was planned for what they had."""

from __future__ import annotations

import contextlib

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from slotdesk.domain.removals import operations
from slotdesk.domain.removals.operations import RUN
from slotdesk.domain.removals.queries import list_standing_still
from slotdesk.jobs.tasks import every, task


@task(RUN, queue="steps")
def continue_removal(*, removal_id: int) -> None:
    operations.continue_removal(removal_id=removal_id, clock=timezone.now)


@every("* * * * *", "continue_removals", queue="sweep")
def continue_removals() -> None:
    """Those whose worker died. One that only takes long keeps the lock, and its second job finds nothing to do."""
    for removal_id in list_standing_still(now=timezone.now()):
        name = f"{RUN}:{removal_id}"
        with contextlib.suppress(AlreadyEnqueued):
            app.configure_task(RUN, queue="steps", lock=name, queueing_lock=name).defer(removal_id=removal_id)
