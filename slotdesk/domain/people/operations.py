"""Changing people, and locking them while their time is given away."""

from __future__ import annotations

from collections.abc import Collection

from slotdesk.domain.round_trip import Statement

# By hand: while it runs, everybody else who wants these agents waits.
_TIMEOUT = "SET LOCAL lock_timeout = '3s'"
_LOCK = "SELECT FROM people_agent WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def lock_agents_sql(agent_ids: Collection[int]) -> tuple[Statement, ...]:
    """
    Return what takes the agents for the rest of the transaction in which it runs, in one order, so that bookings of
    one agent happen one by one.

    Whoever waits longer than three seconds gives up with psycopg's LockNotAvailable (as OperationalError).
    """
    return (_TIMEOUT, ()), (_LOCK, [list(agent_ids)])
