"""Several statements in one message to the database: while locks are held, each way there and back counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NewType

from django.db import connection

Statement = tuple[str, Sequence[Any] | Mapping[str, Any]]
Message = NewType("Message", str)
Rows = list[tuple[Any, ...]]


def run_together(*statements: Statement) -> list[Rows]:
    """
    Run the statements (SQL with its parameters) one after the other and return the rows of each, in order.

    One that gives no rows has an empty list. Each sees what was committed before it began, also when one before it
    had to wait for a lock. What one raises is raised here, and those after it did not run.
    """
    return send(compose(*statements))


def compose(*statements: Statement) -> Message:
    """Make one message of the statements, with their parameters in it, to be sent later, when seconds are dear."""
    with connection.cursor() as cursor:
        return Message(";\n".join(cursor.mogrify(sql, parameters) for sql, parameters in statements))


def send(message: Message) -> list[Rows]:
    """The same as `run_together`, with what `compose` has made."""
    results: list[Rows] = []
    with connection.cursor() as cursor:
        cursor.execute(message)
        is_there: bool | None = True
        while is_there:
            results.append(cursor.fetchall() if cursor.description else [])
            is_there = cursor.nextset()
    return results
