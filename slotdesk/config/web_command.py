"""`slotdesk web`: serve the pages and the API."""

from __future__ import annotations

import argparse
import errno
import gc
import os
import shutil
import socket
import sys
from pathlib import Path

from slotdesk.config.command import CommandFailed, set_up_django

# Of each process at once; more wait in the kernel. With what else a process opens it stays below 1,024 files, which is
# what many systems allow.
_CONNECTIONS = 512
# Seconds after which a busy thread lets another one go on.
_TURN = 0.001


def main(argv: list[str]) -> int:
    """Serve until SIGTERM or Ctrl-C; requests that are under way get `--grace` seconds to end."""
    parser = argparse.ArgumentParser(
        prog="slotdesk web",
        description="Serve the pages and the API over plain HTTP; put a reverse proxy with TLS in front of it.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (%(default)s)")
    parser.add_argument("--unix-socket", type=Path, metavar="PATH", help="listen on a Unix socket instead")
    parser.add_argument("--workers", type=int, default=1, help="processes (%(default)s)")
    parser.add_argument("--threads", type=int, default=8, help="threads of each process (%(default)s)")
    parser.add_argument("--grace", type=int, default=30, metavar="SECONDS", help="time to end requests (%(default)s)")
    options = parser.parse_args(argv)
    if options.unix_socket is None:
        _refuse_taken_port(options.host, options.port)

    if options.workers > 1:
        _share_metrics()
    set_up_django()

    from django.conf import settings

    from slotdesk.config.static_files import collect

    if not settings.DEBUG:
        collect()
    _load()
    _serve(options)
    return 0


def _load() -> None:
    """Import every page first, so that the processes share the memory and the first visitor need not wait."""
    from django.urls import get_resolver

    from slotdesk.config.wsgi import application  # noqa: F401

    _ = get_resolver().url_patterns
    # A page is a dozen short waits for the database. After each, a thread waits for its turn with Python, 5 ms where
    # another one is busy, which in a crowd becomes more than the page itself takes.
    sys.setswitchinterval(_TURN)
    gc.collect()
    gc.freeze()


def _serve(options: argparse.Namespace) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "slotdesk.config.wsgi:application",
        address=options.host,
        port=options.port,
        uds=options.unix_socket,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=options.workers,
        blocking_threads=options.threads,
        # It counts connections, and browsers and proxies keep theirs open: idle ones must not lock others out.
        backpressure=_CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=options.grace,
        # Its records go where ours go.
        log_dictconfig={"formatters": {}, "handlers": {}, "loggers": {"_granian": {"propagate": True}}},
    )
    server.serve()


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = "it is taken" if error.errno == errno.EADDRINUSE else error.strerror
            raise CommandFailed(f"--port: cannot listen on {host}:{port}, {why}.") from error


def _share_metrics() -> None:
    """Let the processes add up their counters in a folder, so that it does not matter which of them is asked."""
    from slotdesk.config.settings import VAR

    folder = VAR / "metrics" / str(os.getpid())
    if folder.parent.exists():
        for old in folder.parent.iterdir():
            if not Path(f"/proc/{old.name}").exists():
                shutil.rmtree(old, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
