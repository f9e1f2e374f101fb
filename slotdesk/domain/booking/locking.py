"""Locking what a booking is about, and looking at what was taken by then: one message to the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from slotdesk.domain.booking.engagements import standing_sql
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import lock_request_sql
from slotdesk.domain.people.operations import lock_agents_sql
from slotdesk.domain.round_trip import Message, compose, send


class NoTransaction(RuntimeError):
    """A lock outside of a transaction would be gone at once; open one first."""


@dataclass(frozen=True, slots=True)
class Lock:
    """The locks on a request and agents, ready to be taken; the message is made before the transaction begins."""

    request: SchedulingRequest
    message: Message


def prepare_lock(
    request: SchedulingRequest,
    agent_ids: Collection[int],
    first: datetime,
    last: datetime,
    *,
    without: Appointment | None,
) -> Lock:
    """Return what locks the request and then the agents, and looks at their reservations in the period (UTC)."""
    statements = [*lock_agents_sql(agent_ids), standing_sql(agent_ids, first, last, without=without)]
    if request.pk:
        statements.insert(0, lock_request_sql(request))
    return Lock(request, compose(*statements))


def lock_and_look(lock: Lock) -> list[int]:
    """
    Take the locks for the rest of the transaction, and return the ids of the agents' reservations as they stand now,
    see engagements.py; nobody else can take these agents any more.

    The request's status is brought up to date. One that is about to be made is nobody else's yet and is not locked.
    Raises NoTransaction.
    """
    if not connection.in_atomic_block:
        raise NoTransaction
    results = send(lock.message)
    if lock.request.pk:
        status = results[0]
        lock.request.status = status[0][0] if status else ""
    return [reservation_id for (reservation_id,) in results[-1]]
