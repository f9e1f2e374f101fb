"""
The one way past the trigger that keeps the audit log from being changed.

A transaction that says what it is for may delete what has been kept long enough (retention), or take a client's name,
address and words out of who did it and what was said (erasure). Kind, subject, member and time stay as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.db import connection

from slotdesk.domain.events.operations import NoTransaction


class Purpose(StrEnum):
    RETENTION = "retention"
    ERASURE = "erasure"


@contextmanager
def open_door(purpose: Purpose) -> Iterator[None]:
    """Let this transaction, and no other, pass until the block ends. Raises NoTransaction."""
    if not connection.in_atomic_block:
        raise NoTransaction(purpose)
    _say(purpose)
    yield
    _say("")  # after an exception the transaction is rolled back, and what it said with it


def _say(purpose: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('slotdesk.audit_door', %s, true)", [purpose])
