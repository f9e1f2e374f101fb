"""
The PostgreSQL that the tests run on: TEST_DATABASE_URL or DATABASE_URL where one is given, else an embedded one.

Several test runs may go on at once: they share the server, each has a database of its own, and the last one out stops
the server.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from django.db import connection, transaction
from psycopg import sql

from slotdesk.config import embedded_postgres
from tests.support.template import template_on

# What makes data survive a power cut, and tests slow.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "10min"}

_PREFIX = "slotdesk_"


@contextmanager
def database_for_tests(directory: Path) -> Iterator[tuple[str, str | None]]:
    """
    Yield the DATABASE_URL of this test run, and the template of its tables if there is one. Django makes a database
    `test_<its name>` on that server.
    """
    given = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL")
    if given:
        yield _renamed(given, f"{_PREFIX}{os.getpid()}"), None
        return
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "users").open("a") as users, ExitStack() as on_exit:
        fcntl.flock(users, fcntl.LOCK_SH)
        on_exit.callback(_stop_if_last, directory, users.fileno())
        server = embedded_postgres.start(directory, settings=FAST)
        _drop_left_overs(server)
        yield _renamed(server, f"{_PREFIX}{os.getpid()}"), template_on(server, directory)


def database_of_this_test() -> str:
    """Return the DATABASE_URL of the database that the running test sees, for processes that it starts."""
    return _renamed(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"]))


@contextmanager
def undone() -> Iterator[None]:
    """Take back in the end whatever is stored meanwhile. Operations may begin their own transactions in it."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def _renamed(url: str, name: str) -> str:
    return urllib.parse.urlunsplit(urllib.parse.urlsplit(url)._replace(path=f"/{name}"))


def _drop_left_overs(url: str) -> None:
    """Drop the databases of test runs that were killed."""
    with psycopg.connect(url, autocommit=True) as server:
        found = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"test\\_{_PREFIX}%"])
        for (name,) in found.fetchall():
            pid = name.removeprefix(f"test_{_PREFIX}").split("_")[0]
            if pid.isdigit() and not _is_alive(int(pid)):
                statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                server.execute(statement.format(sql.Identifier(name)))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _stop_if_last(directory: Path, users: int) -> None:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        embedded_postgres.stop(directory)
