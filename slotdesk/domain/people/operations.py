"""Changing people, and locking them while their time is given away."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from slotdesk.domain.people.models import Agent

_LOCK_WAIT = "3s"


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
        cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_WAIT}'")
    locked = Agent.objects.filter(pk__in=agent_ids).order_by("pk").select_for_update(no_key=True)
    list(locked.values_list("pk"))
