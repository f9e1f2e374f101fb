"""Changing people, and locking them while their time is given away."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from slotdesk.domain.round_trip import Statement

# By hand: while it runs, everybody else who wants these agents waits.
_TIMEOUT = "SET LOCAL lock_timeout = '3s'"
_LOCK = "SELECT FROM people_agent WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


class NoTransaction(RuntimeError):
    """A lock outside of a transaction would be gone at once; open one first."""


def lock_agents_sql(agent_ids: Collection[int]) -> tuple[Statement, ...]:
    """
    Return what takes the agents for the rest of the transaction, in one order, so that bookings of one agent happen
    one by one.

    Whoever waits longer than three seconds gives up with psycopg's LockNotAvailable (as OperationalError).
    Raises NoTransaction.
    """
    if not connection.in_atomic_block:
        raise NoTransaction
    return (_TIMEOUT, ()), (_LOCK, [list(agent_ids)])
