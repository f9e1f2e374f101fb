"""Noticing what happens to tickets."""

from __future__ import annotations

import contextlib

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from slotdesk.domain.booking import ticket_changes
from slotdesk.domain.connections.mirror_upkeep import list_connections
from slotdesk.jobs.tasks import every, task

_FOLLOW = "follow_tickets"


@task(_FOLLOW, queue="calendars")
def follow_tickets(*, connection_id: int) -> None:
    ticket_changes.follow_tickets(connection_id=connection_id, clock=timezone.now)


@every("* * * * * 40", "follow_all_tickets", queue="calendars")
def follow_all_tickets() -> None:
    """Each connection by a job of its own, so that a slow vendor keeps nobody else waiting."""
    for connection_id in list_connections():
        defer_follow(connection_id)


def defer_follow(connection_id: int) -> None:
    """Have the connection's tickets looked at soon; a job that waits already will do."""
    name = f"{_FOLLOW}:{connection_id}"
    with contextlib.suppress(AlreadyEnqueued):
        app.configure_task(_FOLLOW, queue="calendars", lock=name, queueing_lock=name).defer(connection_id=connection_id)
