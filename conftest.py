"""Gives every test run a real PostgreSQL, before anything reads the settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import django
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from slotdesk.lib import http
from tests.support.browser import stop_chromium
from tests.support.database import database_for_tests


def pytest_configure(config: pytest.Config) -> None:
    """Start or find the database, then set Django up on it, with settings for tests."""
    var = Path(__file__).parent / "var" / "tests"
    (var / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing folder, and warnings are errors
    database = ExitStack()
    config.add_cleanup(database.close)
    config.add_cleanup(stop_chromium)
    url, template = database.enter_context(database_for_tests(var / "postgres"))
    os.environ |= {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "slotdesk.config.settings",
        "DEBUG": "1",
        "FREE_TIMES_SECONDS": "0",  # tests change a calendar and look at once
        "SLOTDESK_VAR": str(var),
    }
    django.setup()
    # One that takes no time: how well passwords are hidden is Django's own matter.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # A vendor that is down is asked as often, but nobody waits.
    http.PAUSE = (0.002, 0.004)
    connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """
    Empty the tables after a test that committed, queue and cache with them, in our own way: quicker than Django's.

    In the end, what killed workers and busy browsers left open is ended, so that the test database can be dropped.
    """
    from tests.support.emptying import empty_tables

    with mock.patch.object(TransactionTestCase, "_fixture_teardown", side_effect=empty_tables):
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()  # after a browser's loop this may be another connection than the one that drops the database
