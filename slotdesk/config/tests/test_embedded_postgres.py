"""The embedded database, started for real in a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from slotdesk.config import embedded_postgres
from slotdesk.config.embedded_postgres import DatabaseDidNotStart


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """A folder whose path is long and has spaces and a quote in it; its server is stopped afterwards."""
    directory = tmp_path / ("Jo's folder " + "x" * 100) / "post gres"
    yield directory
    embedded_postgres.stop(directory)


def count_servers(directory: Path) -> int:
    return len(list((directory / "data").glob("postmaster.pid")))


class TestStart:
    def test_gives_a_database_that_keeps_its_rows_over_a_restart(self, directory: Path) -> None:
        with psycopg.connect(embedded_postgres.start(directory)) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('still here')")

        embedded_postgres.stop(directory)

        assert not embedded_postgres.is_running(directory)
        with psycopg.connect(embedded_postgres.start(directory)) as connection:
            assert connection.execute("SELECT word FROM kept").fetchall() == [("still here",)]

    def test_lets_several_ask_at_once_and_starts_one_server(self, directory: Path) -> None:
        with ThreadPoolExecutor(4) as pool:
            urls = set(pool.map(lambda _: embedded_postgres.start(directory), range(4)))

        assert len(urls) == 1
        with psycopg.connect(urls.pop()) as connection:
            assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert count_servers(directory) == 1

    def test_starts_again_after_the_server_was_killed(self, directory: Path) -> None:
        embedded_postgres.start(directory)
        pid = (directory / "data" / "postmaster.pid").read_text().split("\n", 1)[0]
        subprocess.run(["kill", "-9", pid], check=True)

        url = embedded_postgres.start(directory)

        psycopg.connect(url).close()

    def test_works_where_home_and_locale_are_strange(self, directory: Path) -> None:
        program = (
            "import sys, pathlib; from slotdesk.config import embedded_postgres;"
            "print(embedded_postgres.start(pathlib.Path(sys.argv[1])))"
        )
        root = Path(__file__).parents[3]
        environment = {"HOME": "/nowhere", "LC_ALL": "C", "PYTHONPATH": str(root)}

        started = subprocess.run(
            [sys.executable, "-c", program, str(directory)], env=environment, capture_output=True, text=True, check=True
        )

        psycopg.connect(started.stdout.strip()).close()

    def test_says_in_one_line_why_it_cannot_start(self, directory: Path) -> None:
        with pytest.raises(DatabaseDidNotStart) as caught:
            embedded_postgres.start(directory, settings={"shared_buffers": "many"})

        assert "shared_buffers" in str(caught.value)
        assert "\n" not in str(caught.value)

    def test_refuses_a_cluster_of_another_version(self, directory: Path) -> None:
        embedded_postgres.start(directory)
        embedded_postgres.stop(directory)
        (directory / "data" / "PG_VERSION").write_text("12\n")

        with pytest.raises(DatabaseDidNotStart, match="made by PostgreSQL 12"):
            embedded_postgres.start(directory)


class TestStop:
    def test_is_no_error_when_nothing_runs(self, directory: Path) -> None:
        embedded_postgres.stop(directory)

        assert not directory.exists()
