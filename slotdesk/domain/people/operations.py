"""Changing people, and locking them while their time is given away."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

# By hand, and both in one go: while it runs, everybody else who wants these agents waits.
_LOCK = """
    SET LOCAL lock_timeout = '3s';
    SELECT FROM people_agent WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""


class NoTransaction(RuntimeError):
    """A lock outside of a transaction would be gone at once; open one first."""


def lock_agents(agent_ids: Collection[int]) -> None:
    """
    Take the agents for the rest of the transaction, in one order, so that bookings of one agent happen one by one.

    Whoever waits longer than three seconds gives up with psycopg's LockNotAvailable (as OperationalError).
    """
    if not connection.in_atomic_block:
        raise NoTransaction
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(agent_ids)])
