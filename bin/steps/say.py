"""One line per phase, and one line when something goes wrong."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Failed(Exception):
    """A step cannot go on; one line that says why and what to do."""


class Phase:
    """A phase that is under way; `note` replaces the time it took."""

    def __init__(self) -> None:
        self.note = ""


_line_is_open = False


@contextmanager
def phase(title: str) -> Iterator[Phase]:
    """Print the title, and behind it how long the work took or the phase's own note."""
    global _line_is_open
    print(f"  {title} ".ljust(34, "."), end=" ", flush=True)
    _line_is_open = True
    started = time.monotonic()
    current = Phase()
    yield current
    print(current.note or f"{time.monotonic() - started:.1f} s", flush=True)
    _line_is_open = False


def end_of_line() -> None:
    """End a phase's line that an error left open."""
    global _line_is_open
    if _line_is_open:
        print("failed", flush=True)
        _line_is_open = False
    sys.stdout.flush()
