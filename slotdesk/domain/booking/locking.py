"""Locking what a booking is about, and looking at what was taken by then: one message to the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from slotdesk.domain.booking.engagements import reservations_sql
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import lock_request_sql
from slotdesk.domain.people.operations import lock_agents_sql
from slotdesk.domain.round_trip import Rows, run_together


def lock_and_look(
    request: SchedulingRequest,
    agent_ids: Collection[int],
    first: datetime,
    last: datetime,
    *,
    without: Appointment | None,
) -> Rows:
    """
    Lock the request and then the agents for the rest of the transaction, and return the agents' reservations in the
    period as they stand now, see engagements.py; nobody else can take these agents any more.

    The request's status is brought up to date. One that is about to be made is nobody else's yet and is not locked.
    """
    look = reservations_sql(agent_ids, first, last, without=without)
    lock = lock_agents_sql(agent_ids)
    if not request.pk:
        return run_together(*lock, look)[-1]
    status, *_, rows = run_together(lock_request_sql(request), *lock, look)
    request.status = status[0][0] if status else ""
    return rows
