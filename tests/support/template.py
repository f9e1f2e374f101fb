"""A database with all tables in it, made once for all test runs with the same migrations and copied by each."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import urllib.parse
from pathlib import Path

import psycopg
from psycopg import sql

_ROOT = Path(__file__).parents[2]
_PREFIX = "template_slotdesk_"


def template_on(server: str, directory: Path) -> str:
    """Return the name of the template on this server (a URL), made if need be; directory holds the lock."""
    name = f"{_PREFIX}{_fingerprint()}"
    with (directory / "template.lock").open("a") as lock, psycopg.connect(server, autocommit=True) as connection:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{_PREFIX}%"]).fetchall()
        if (name,) not in found:
            for (old,) in found:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
            _make(connection, server, name)
    return name


def _make(connection: psycopg.Connection, server: str, name: str) -> None:
    # It gets its name when it is whole: what a killed run has begun is no template.
    unfinished = f"{_PREFIX}unfinished"
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    url = urllib.parse.urlunsplit(urllib.parse.urlsplit(server)._replace(path=f"/{unfinished}"))
    subprocess.run(
        [sys.executable, "-m", "slotdesk.config.cli", "migrate", "--quiet"],
        cwd=_ROOT,
        env=os.environ | {"DATABASE_URL": url, "DEBUG": "1"},
        check=True,
    )
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name))
    )


def _fingerprint() -> str:
    """What the tables depend on: our migrations, and the versions of other people's."""
    digest = hashlib.sha256()
    for path in sorted([*_ROOT.glob("slotdesk/**/migrations/*.py"), *_ROOT.glob("requirements/*.txt")]):
        digest.update(str(path.relative_to(_ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
