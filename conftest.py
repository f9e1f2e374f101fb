"""Gives every test run a real PostgreSQL, before anything reads the settings."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import django
import pytest

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
