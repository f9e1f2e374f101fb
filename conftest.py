"""Gives every test run a real PostgreSQL, before anything reads the settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import django
import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.support.database import database_for_tests


def pytest_configure(config: pytest.Config) -> None:
    """Start or find the database, then set Django up on it, with settings for tests."""
    var = Path(__file__).parent / "var" / "tests"
    (var / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing folder, and warnings are errors
    database = ExitStack()
    config.add_cleanup(database.close)
    os.environ |= {
        "DATABASE_URL": database.enter_context(database_for_tests(var / "postgres")),
        "DJANGO_SETTINGS_MODULE": "slotdesk.config.settings",
        "DEBUG": "1",
        "SLOTDESK_VAR": str(var),
    }
    django.setup()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """End what killed workers and busy browsers left open, so that the test database can be dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()  # after a browser's loop this may be another connection than the one that drops the database


@pytest.fixture(autouse=True)
def _no_jobs_left(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Empty the queue after a test that committed: its tables have no model that Django would empty."""
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction")
    yield
    if commits or {"transactional_db", "live_server"} & set(request.fixturenames):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
