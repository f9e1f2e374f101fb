"""Recording what happened, with the one job that makes its effects follow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from slotdesk.domain.round_trip import Statement, run_together
from slotdesk.domain.tenants.models import Account

REACT = "react_to_event"
# By hand, and both in one go: every change does this while it holds its locks.
_WRITE = """
    WITH event AS (
        INSERT INTO events_event (account_id, kind, subject, actor, member_id, address, data, changes, created_at)
        VALUES (%(account)s, %(kind)s, %(subject)s, %(actor)s, %(member_id)s, %(address)s, %(data)s, %(changes)s,
                %(now)s)
        RETURNING id
    )
    SELECT procrastinate_defer_jobs_v1(ARRAY[
               ROW('events', %(task)s, 0, NULL, NULL, jsonb_build_object('event_id', id), NULL)
           ]::procrastinate_job_to_defer_v1[])
      FROM event
"""


class NoTransaction(RuntimeError):
    """record() was called outside of a transaction; open one around the change that the event tells of."""


def record(
    *,
    account: Account,
    kind: str,
    subject: str,
    now: datetime,
    actor: str = "",
    data: dict[str, Any] | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:
    """
    Write down that something happened and defer the job that reacts to it.

    Both are rows of the caller's transaction: they stand or fall with the change itself.

    actor     empty for the system; an Actor also says from where
    changes   field → (before, after), as plain JSON; never a secret
    Raises NoTransaction.
    """
    if not connection.in_atomic_block:
        raise NoTransaction(kind)
    event = record_sql(account=account, kind=kind, subject=subject, now=now, actor=actor, data=data, changes=changes)
    run_together(event)


def record_sql(
    *,
    account: Account,
    kind: str,
    subject: str,
    now: datetime,
    actor: str = "",
    data: dict[str, Any] | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
) -> Statement:
    """The same as a statement, for those who write more in the same message, inside of their transaction."""
    values = {
        "account": account.pk,
        "kind": kind,
        "subject": subject,
        "actor": actor[:160],
        "member_id": getattr(actor, "member_id", ""),
        "address": getattr(actor, "address", "") or None,
        "data": json.dumps(data or {}),
        "changes": json.dumps({field: list(pair) for field, pair in (changes or {}).items()}),
        "now": now,
        "task": REACT,
    }
    return _WRITE, values
