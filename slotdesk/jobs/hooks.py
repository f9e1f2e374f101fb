"""What a vendor told us, acted upon."""

from __future__ import annotations

from django.utils import timezone

from slotdesk.domain.connections.inbound import HANDLE, delete_old_calls, handle_call
from slotdesk.jobs.calendars import defer_refresh
from slotdesk.jobs.tasks import every, task


@task(HANDLE, queue="calendars")
def handle_hook(*, call_id: int) -> None:
    connection_id = handle_call(call_id=call_id, now=timezone.now())
    if connection_id is not None:
        defer_refresh(connection_id)


@every("41 3 * * *", "delete_old_calls", queue="calendars")
def delete_old() -> None:
    delete_old_calls(now=timezone.now())
