"""bin/slotdesk: the console command with the demo's settings, on the demo's database."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from steps.demo_settings import demo_settings
from steps.places import PYTHON, ROOT, VAR, VENV
from steps.say import Failed


def main(arguments: list[str]) -> int:
    """Replace this process by the command."""
    if Path(sys.prefix).resolve() != VENV.resolve():
        raise Failed("nothing is set up yet: run bin/run first")
    sys.path.insert(0, str(ROOT))
    from slotdesk.config import embedded_postgres

    settings = {"DATABASE_URL": embedded_postgres.url(VAR / "postgres"), **demo_settings(), **os.environ}
    os.execve(PYTHON, [str(PYTHON), "-m", "slotdesk.config.cli", *arguments], settings)
