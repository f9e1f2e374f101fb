"""Keeping the mirror of calendars fresh."""

from __future__ import annotations

import contextlib

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from slotdesk.domain.connections.mirror_upkeep import list_connections, refresh_connection
from slotdesk.domain.connections.psa_sync import sync_due
from slotdesk.jobs.tasks import every, task

_REFRESH = "refresh_connection"


@task(_REFRESH, queue="calendars")
def refresh(*, connection_id: int) -> None:
    refresh_connection(connection_id=connection_id, clock=timezone.now)


@every("* * * * * */30", "refresh_calendars", queue="calendars")
def refresh_calendars() -> None:
    """Each connection by a job of its own, so that a slow vendor keeps nobody else waiting."""
    for connection_id in list_connections():
        defer_refresh(connection_id)


def defer_refresh(connection_id: int) -> None:
    """Have the connection's stale calendars read soon; a job that waits already will do."""
    name = f"{_REFRESH}:{connection_id}"
    with contextlib.suppress(AlreadyEnqueued):
        app.configure_task(_REFRESH, queue="calendars", lock=name, queueing_lock=name).defer(
            connection_id=connection_id
        )


@every("17 * * * *", "sync_connections", queue="calendars")
def sync_connections() -> None:
    sync_due(now=timezone.now())
