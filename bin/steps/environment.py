"""The virtual environment, with exactly the packages that the lock files name."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from steps.commands import run_quietly
from steps.places import LOCKS, PYTHON, ROOT, VAR, VENV
from steps.say import Failed, phase

# What the set-up needs on the disk, in bytes, for the packages and for the work.
_SPACE_TO_INSTALL = 1_500_000_000
_SPACE_TO_RUN = 200_000_000


def prepare(lock: str) -> None:
    """
    Make the virtual environment hold the packages of `requirements/<lock>.txt`, checked by their hashes.

    Nothing is done when a former run did it for the same lock file. Raises Failed.
    """
    _refuse_full_disk(_SPACE_TO_RUN if PYTHON.exists() else _SPACE_TO_INSTALL)
    if os.geteuid() == 0:
        os.umask(0o022)  # the database must be able to read its own programs
    with phase("Virtual environment") as current:
        if _works():
            current.note = "there"
        else:
            _make()
        _add_ourselves()
    with phase("Dependencies") as current:
        if install(lock):
            return
        current.note = "unchanged"


def install(lock: str) -> bool:
    """Install the packages of a lock file, unless they are there; return whether anything was done."""
    wanted = hashlib.sha256((LOCKS / f"{lock}.txt").read_bytes()).hexdigest()
    stamp = VENV / f"installed-{lock}"
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    try:
        _pip("uv")
        _uv(lock)
    except Failed:
        # uv does not know what pip's own configuration says of registries and certificates.
        _pip(lock)
    stamp.write_text(wanted)
    return True


def _uv(lock: str) -> None:
    """Ten times as fast as pip."""
    run_quietly(
        [
            *(VENV / "bin" / "uv", "pip", "install", "--python", PYTHON, "--require-hashes", "--no-deps"),
            *("--system-certs", "--no-progress", "--requirement", LOCKS / f"{lock}.txt"),
        ],
        otherwise="the dependencies cannot be installed",
        environment={"UV_CACHE_DIR": str(_cache("uv")), "UV_NO_CONFIG": "1"},
    )


def _pip(lock: str) -> None:
    run_quietly(
        [
            *(PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input", "--retries", "2"),
            *("--disable-pip-version-check", "--requirement", LOCKS / f"{lock}.txt"),
        ],
        otherwise="the dependencies cannot be installed",
        environment={"PIP_ROOT_USER_ACTION": "ignore", "PIP_CACHE_DIR": str(_cache("pip"))},
    )


def _works() -> bool:
    program = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return PYTHON.exists() and _is_success([PYTHON, "-c", program])


def _make() -> None:
    # We may be run by the very environment that is broken; the Python it was made from is not.
    python: str = getattr(sys, "_base_executable", sys.executable)
    if not _is_success([python, "-c", "import venv, ensurepip"]):
        raise Failed(
            f"{python} has no venv module: install it (on Debian and Ubuntu: "
            f"apt-get install python{sys.version_info.major}.{sys.version_info.minor}-venv)"
        )
    run_quietly([python, "-m", "venv", "--clear", VENV], otherwise="the virtual environment cannot be made")


def _add_ourselves() -> None:
    """Let the environment find the package and the command where they are, also after the folder was moved."""
    (packages,) = VENV.glob("lib/python*/site-packages")
    (packages / "slotdesk-sources.pth").write_text(f"{ROOT}\n")
    command = VENV / "bin" / "slotdesk"
    command.write_text('#!/bin/sh\nexec "$(dirname -- "$0")/python" -m slotdesk.config.cli "$@"\n')
    command.chmod(0o755)


def _is_success(command: list[str | Path]) -> bool:
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def _cache(tool: str) -> Path:
    """The tool's usual cache folder where the home allows one, else a folder of ours."""
    home = Path(os.environ.get("HOME") or "/nonexistent")
    return home / ".cache" / tool if os.access(home, os.W_OK) else VAR / "cache" / tool


def _refuse_full_disk(needed: int) -> None:
    free = shutil.disk_usage(ROOT).free
    if free < needed:
        raise Failed(f"no disk space: {free // 1_000_000} MB are free in {ROOT}, {needed // 1_000_000} MB are needed")
