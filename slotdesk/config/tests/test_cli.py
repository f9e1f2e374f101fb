"""The console command, run as people run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# A server's settings; the database is one that is not there.
PRODUCTION = {
    "DATABASE_URL": "postgresql://slotdesk:secret@127.0.0.1:1/slotdesk",
    "SECRET_KEY": "x" * 50,
    "PUBLIC_URL": "https://scheduling.example",
    "DEFAULT_FROM_EMAIL": "Slotdesk <scheduling@slotdesk.example>",
}


def slotdesk(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command with this environment and no other."""
    return subprocess.run(
        [sys.executable, "-m", "slotdesk.config.cli", *arguments],
        cwd=ROOT,
        env={"PATH": os.defpath, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


class TestSlotdesk:
    def test_lists_its_commands(self) -> None:
        done = slotdesk("--help")

        assert done.returncode == 0
        for command in ("web", "worker", "migrate", "createaccount", "check", "slots", "demo"):
            assert f"\n  {command} " in done.stdout

    def test_refuses_a_command_that_is_none(self) -> None:
        done = slotdesk("fly")

        assert done.returncode == 2
        assert done.stderr == "slotdesk: there is no command 'fly'; see slotdesk --help\n"

    @pytest.mark.parametrize("missing", PRODUCTION)
    def test_names_the_setting_that_is_missing(self, missing: str, tmp_path: Path) -> None:
        settings = {name: value for name, value in PRODUCTION.items() if name != missing}

        done = slotdesk("migrate", SLOTDESK_VAR=str(tmp_path), **settings)

        assert done.returncode == 1
        assert done.stderr.startswith(f"slotdesk migrate: {missing}: is required")
        assert done.stderr.count("\n") == 1

    def test_says_in_one_line_that_the_database_is_not_there(self, tmp_path: Path) -> None:
        done = slotdesk("migrate", SLOTDESK_VAR=str(tmp_path), **PRODUCTION)

        assert done.returncode == 1
        assert done.stderr.startswith("slotdesk migrate: the database does not answer: ")
        assert done.stderr.count("\n") == 1
        assert "secret" not in done.stderr

    def test_says_in_one_line_that_the_port_is_taken(self, tmp_path: Path) -> None:
        import socket

        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]

            done = slotdesk("web", "--port", str(port), SLOTDESK_VAR=str(tmp_path), **PRODUCTION)

        assert done.returncode == 1
        assert done.stderr == f"slotdesk web: --port: cannot listen on 127.0.0.1:{port}, it is taken.\n"

    def test_computes_slots_without_settings(self) -> None:
        done = slotdesk("slots", "--help")

        assert done.returncode == 0
