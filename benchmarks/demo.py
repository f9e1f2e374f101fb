"""
The demo, started cold: how soon it is ready, and how much memory it takes.

    python -m benchmarks.demo

Everything is installed already; the database, the demo account and the stand-ins' data are made anew. Memory is read
after each kind of page has been served once.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.figures import Figure, publish
from benchmarks.measure import machine

_ROOT = Path(__file__).resolve().parents[1]
_VAR = _ROOT / "var" / "benchmarks" / "demo"
_READY = "Slotdesk is running."
# What bin/run listens on, counted from its first port.
_OFFSETS = (0, 10, 20, 25)


def main() -> None:
    """Print the seconds until the addresses are printed, and the memory of the web server and of everything."""
    port = _free_block()
    with _demo(port) as (demo, seconds):
        for path in ("/accounts/login/", "/app/requests/", "/schedule/nobody/", "/readyz"):
            _get(f"http://127.0.0.1:{port}{path}")
        _get(f"http://127.0.0.1:{port + 10}/")
        _get(f"http://127.0.0.1:{port + 20}/")
        memory = {_name(each): _megabytes(each) for each in [demo, *demo.children(recursive=True), *_database()]}
    print(f"the demo, cold ({machine()})")
    for name, size in sorted(memory.items(), key=lambda item: -item[1])[:8]:
        print(f"  {size:6.0f} MB  {name}")
    print(f"  {len(memory)} processes")
    publish(
        Figure("bin/run after install, until ready", seconds, "s", 30),
        Figure("web process", max(size for name, size in memory.items() if "cli web" in name), "MB", 200),
        Figure("whole demo", sum(memory.values()), "MB", 1200),
    )


@contextmanager
def _demo(port: int) -> Iterator[tuple[psutil.Process, float]]:
    """Run bin/run with nothing kept from before; yield its process and how many seconds it took to be ready."""
    shutil.rmtree(_VAR, ignore_errors=True)
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    started = time.monotonic()
    with subprocess.Popen(
        [_ROOT / "bin" / "run", "--port", str(port)],
        env={**environment, "SLOTDESK_VAR": str(_VAR)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            said = list(_until_ready(process))
            if not said or _READY not in said[-1]:
                raise SystemExit(f"bin/run did not start: {''.join(said)}")
            yield psutil.Process(process.pid), time.monotonic() - started
        finally:
            process.terminate()
            process.wait(60)


def _until_ready(process: subprocess.Popen[str]) -> Iterator[str]:
    for line in process.stdout or ():
        yield line
        if _READY in line:
            return


def _database() -> list[psutil.Process]:
    """The embedded database, which is nobody's child."""
    (pid_file,) = _VAR.glob("postgres/**/postmaster.pid")
    server = psutil.Process(int(pid_file.read_text().split()[0]))
    return [server, *server.children(recursive=True)]


def _megabytes(process: psutil.Process) -> float:
    """Resident. What processes share, such as the database's buffers, counts with each of them."""
    return float(process.memory_info().rss) / 1_000_000


def _name(process: psutil.Process) -> str:
    return f"{process.pid} {' '.join(process.cmdline())[-70:]}"


def _get(url: str) -> None:
    # No proxy: the machine's settings for the Internet are not for these addresses.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with contextlib.suppress(urllib.error.HTTPError), opener.open(url, timeout=30) as reply:
        reply.read()


def _free_block() -> int:
    return next(base for base in range(18_000, 60_000, 100) if all(map(_is_free, (base + each for each in _OFFSETS))))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


if __name__ == "__main__":
    main()
