"""Where things are."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What this machine makes for itself; git ignores it.
VAR = Path(os.environ.get("SLOTDESK_VAR", ROOT / "var")).absolute()
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "requirements"
SETUP_LOG = VAR / "log" / "setup.log"


def continue_in_venv(step: str, arguments: list[str]) -> int:
    """Replace this process by the same step's second half, run by the virtual environment's Python."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "bin" / "start.py"), step, *arguments])
