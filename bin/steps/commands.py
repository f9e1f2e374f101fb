"""Running other programs during set-up: quietly, with what they say kept in a log."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from steps.places import ROOT, SETUP_LOG
from steps.say import Failed


def run_quietly(
    command: Sequence[str | Path], *, otherwise: str, environment: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> None:
    """Run the command. When it fails, raise Failed with `otherwise` and the line of its output that says why."""
    SETUP_LOG.parent.mkdir(parents=True, exist_ok=True)
    with SETUP_LOG.open("w+b") as log:
        code = subprocess.call(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    if code != 0:
        raise Failed(f"{otherwise}: {_why(SETUP_LOG)} (more in {SETUP_LOG})")


def _why(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    text = "\n".join(lines)
    if re.search("No space left on device|ENOSPC", text):
        return "no space left on the disk"
    if re.search("Temporary failure in name resolution|NewConnectionError|ENOTFOUND|EAI_AGAIN|ECONNREFUSED", text):
        return "the package registry cannot be reached; is there a network?"
    telling = [line for line in lines if re.match(r"(ERROR|error|npm (ERR!|error)|E:)", line)]
    return re.sub(r"^(ERROR|error|npm (ERR!|error)|E):?\s*", "", (telling or lines or ["it said nothing"])[-1])
