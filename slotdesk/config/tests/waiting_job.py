"""A worker process that knows one job: it notes that it began, waits for a file to appear, and notes that it ended."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from slotdesk.config import worker_command
from slotdesk.config.command import set_up_django

if __name__ == "__main__":
    set_up_django()

    from procrastinate.contrib.django import app

    @app.task(name="wait_for_file")
    def wait_for_file(folder: str) -> None:
        with (Path(folder) / "notes").open("a") as notes:
            notes.write("began\n")
        while not (Path(folder) / "go").exists():
            time.sleep(0.02)
        with (Path(folder) / "notes").open("a") as notes:
            notes.write("ended\n")

    sys.exit(worker_command.main(sys.argv[1:]))
