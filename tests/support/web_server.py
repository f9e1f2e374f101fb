"""The real web server, as an installation runs it: its own process, production settings, collected static files."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 60


@contextmanager
def web_server(database: str, *, workers: int = 1) -> Iterator[str]:
    """Yield the address of a web server on this database (DATABASE_URL); it is ready."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "DATABASE_URL": database,
            "SECRET_KEY": "of-a-server-that-lives-for-one-test-and-keeps-nothing",
            "PUBLIC_URL": address,
            "DEFAULT_FROM_EMAIL": "Slotdesk <slotdesk@summit.example>",
            "STATIC_ROOT": folder,
            "DEBUG": "0",
        }
        command = [sys.executable, "-m", "slotdesk.config.cli", "web", "--port", str(port), "--workers", str(workers)]
        log = Path(folder) / "log"
        with (
            log.open("w") as out,
            subprocess.Popen(command, env=os.environ | settings, stdout=out, stderr=out) as server,
        ):
            try:
                _wait_until_ready(server, f"{address}/healthz", log)
                yield address
            finally:
                server.terminate()
                server.wait(_PATIENCE)


def _wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the web server is not ready: {log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
