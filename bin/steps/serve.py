"""bin/run, second half: the database, the demo account, the processes, and the addresses to open."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg

from slotdesk.config import embedded_postgres
from steps.demo_settings import demo_settings, remember_port
from steps.places import PYTHON, ROOT, VAR
from steps.ports import Ports
from steps.run import options_of
from steps.say import Failed, phase
from steps.supervisor import Program, Supervisor

DATABASE = VAR / "postgres"
LOGS = VAR / "log"
# One refusal may be a crowded moment.
_LOOKS = 3
STATES = (VAR / "connectwise.sqlite", VAR / "mail.sqlite")


def main(arguments: list[str]) -> int:
    """Run until Ctrl-C, SIGTERM or a closed terminal; then stop everything, the database last."""
    options = options_of(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    LOGS.mkdir(parents=True, exist_ok=True)
    with (VAR / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed(f"a demo is running already in {ROOT}") from None
        ports = Ports(options.port)
        remember_port(ports)
        supervisor = Supervisor(LOGS, demo_settings(ports), is_loud=options.loud)
        is_ours = "DATABASE_URL" not in os.environ
        try:
            if options.reset:
                _reset(is_ours=is_ours)
            _start_all(options.host, ports, supervisor)
            _watch(supervisor, is_ours=is_ours)
        except KeyboardInterrupt:
            print("\n  Stopping ...", end=" ", flush=True)
        finally:
            supervisor.stop()
            if is_ours:
                embedded_postgres.stop(DATABASE)
        print("stopped. The data is kept.", flush=True)
    return 0


def _reset(*, is_ours: bool) -> None:
    if not is_ours:
        raise Failed("--reset only empties the demo's own database; DATABASE_URL names another one")
    with phase("Old data"):
        embedded_postgres.stop(DATABASE)
        shutil.rmtree(DATABASE, ignore_errors=True)
        for state in STATES:
            for file in state.parent.glob(f"{state.name}*"):
                file.unlink()


def _start_all(host: str, ports: Ports, supervisor: Supervisor) -> None:
    with phase("Database"):
        os.environ["DATABASE_URL"] = _database_url()
    with phase("Tables"):
        _slotdesk("migrate", "--quiet", ports=ports)
    local = "127.0.0.1"
    with phase("Stand-in for ConnectWise"):
        supervisor.start(
            Program(
                "connectwise",
                [
                    *(str(PYTHON), "-m", "sandbox.connectwise", "--host", host, "--port", str(ports.connectwise)),
                    *("--state", str(STATES[0]), "--public-url", f"http://localhost:{ports.connectwise}"),
                ],
                _answers_http(f"http://{local}:{ports.connectwise}/_sandbox/credentials"),
            )
        )
    with phase("Mailbox"):
        supervisor.start(
            Program(
                "mail",
                [
                    *(str(PYTHON), "-m", "sandbox.mail", "--host", host, "--smtp-port", str(ports.smtp)),
                    *("--http-port", str(ports.mailbox), "--state", str(STATES[1])),
                ],
                _answers_http(f"http://{local}:{ports.mailbox}/api/messages"),
            )
        )
    with phase("Demo account"):
        told = _slotdesk("demo", "--connectwise", f"http://localhost:{ports.connectwise}", ports=ports)
    with phase("Web server"):
        supervisor.start(
            Program(
                "web",
                [str(PYTHON), "-m", "slotdesk.config.cli", "web", "--host", host, "--port", str(ports.web)],
                _answers_http(f"http://{local}:{ports.web}/readyz"),
            )
        )
    with phase("Worker"):
        supervisor.start(
            Program("worker", [str(PYTHON), "-m", "slotdesk.config.cli", "worker"], _has_worker(_now_in_database()))
        )
    _print_addresses(ports, told)


def _database_url() -> str:
    if url := os.environ.get("DATABASE_URL"):
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.Error as error:
            raise Failed(f"the database of DATABASE_URL does not answer: {' '.join(str(error).split())}") from None
        return url
    try:
        return embedded_postgres.start(DATABASE)
    except embedded_postgres.DatabaseDidNotStart as error:
        raise Failed(str(error)) from None


def _watch(supervisor: Supervisor, *, is_ours: bool) -> None:
    try:
        supervisor.watch(_find_fault if is_ours else lambda: "")
    except Failed:
        print("  Stopping ...", flush=True)  # which may take a while; why is said in the end
        raise


def _find_fault() -> str:
    """A database of somebody else comes back by itself, and the processes wait for it; ours has nobody to start it."""
    for _ in range(_LOOKS):
        if embedded_postgres.is_running(DATABASE):
            return ""
        time.sleep(1)
    return f"the database has stopped, and everything else with it (more in {_short(DATABASE / 'log')}); start again"


def _slotdesk(*arguments: str, ports: Ports) -> str:
    done = subprocess.run(
        [str(PYTHON), "-m", "slotdesk.config.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, **demo_settings(ports)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        (LOGS / f"{arguments[0]}.log").write_text(done.stdout + done.stderr)
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
        raise Failed(f"slotdesk {arguments[0]} failed: {lines[-1]} (more in {LOGS / arguments[0]}.log)")
    return done.stdout


def _answers_http(url: str) -> Callable[[], bool]:
    # No proxy: the machine's settings for the Internet are not for these addresses.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def answers() -> bool:
        try:
            with opener.open(url, timeout=5) as reply:
                return bool(reply.status < 400)
        except (OSError, urllib.error.URLError):
            return False

    return answers


def _now_in_database() -> str:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT now()::text").fetchone()
    return str(row[0]) if row else ""


def _has_worker(since: str) -> Callable[[], bool]:
    def answers() -> bool:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            found = connection.execute("SELECT 1 FROM procrastinate_workers WHERE last_heartbeat >= %s", [since])
            return found.fetchone() is not None

    return answers


def _print_addresses(ports: Ports, told: str) -> None:
    web, psa, mailbox = (f"http://localhost:{port}" for port in (ports.web, ports.connectwise, ports.mailbox))
    rows = [
        ("A ticket in the PSA", f"{psa}/", "start here: open a ticket, press Ask client to schedule"),
        ("The client's mailbox", f"{mailbox}/", "every mail lands here"),
        ("Slotdesk for staff", f"{web}/", "requests, types, people, connection"),
    ]
    wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
    print("\nSlotdesk is running.\n")
    for title, address, hint in rows:
        print(f"  {title:<{wide[0]}}   {address:<{wide[1]}}   {hint}")
    print()
    for line in told.strip().splitlines():
        print(f"  {line}".rstrip())
    print(
        f"\n  Logs are in {_short(LOGS)}. Ctrl-C stops everything; the data is kept (bin/run --reset starts afresh).\n"
    )
    sys.stdout.flush()


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
