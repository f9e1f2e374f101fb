"""A database for benchmarks: the embedded PostgreSQL as it runs in production, with nothing made faster or unsafe."""

from __future__ import annotations

import os
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from slotdesk.config import embedded_postgres

_VAR = Path(__file__).resolve().parents[1] / "var" / "benchmarks"


@contextmanager
def fresh_database(name: str) -> Iterator[None]:
    """Set Django up on an empty, migrated database of this name; DATABASE_URL names another server to use."""
    given = os.environ.get("DATABASE_URL")
    server = given or embedded_postgres.start(_VAR / "postgres")
    url = urllib.parse.urlunsplit(urllib.parse.urlsplit(server)._replace(path=f"/{name}"))
    try:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
        os.environ |= {
            "DATABASE_URL": url,
            "DEBUG": "1",
            "LOG_LEVEL": "ERROR",
            "SLOTDESK_VAR": str(_VAR),
            "DJANGO_SETTINGS_MODULE": "slotdesk.config.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        if not given:
            embedded_postgres.stop(_VAR / "postgres")
