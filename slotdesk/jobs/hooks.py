"""What a vendor told us, acted upon."""

from __future__ import annotations

from django.utils import timezone

from slotdesk.domain.connections.inbound import HANDLE, delete_old_calls, handle_call
from slotdesk.jobs.calendars import defer_refresh
from slotdesk.jobs.tasks import every, task
from slotdesk.jobs.tickets import defer_follow


@task(HANDLE, queue="calendars")
def handle_hook(*, call_id: int) -> None:
    to_read = handle_call(call_id=call_id, now=timezone.now())
    if to_read is not None and to_read.calendars:
        defer_refresh(to_read.connection_id)
    if to_read is not None and to_read.tickets:
        defer_follow(to_read.connection_id)


@every("41 3 * * *", "delete_old_calls", queue="calendars")
def delete_old() -> None:
    delete_old_calls(now=timezone.now())
