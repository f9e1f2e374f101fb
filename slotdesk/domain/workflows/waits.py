"""How long a step run waits before it is tried again."""

from __future__ import annotations

from datetime import timedelta

_SECONDS = (5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
# After this a fault that was expected to pass is taken to be there for good, and staff are left to decide.
GIVE_UP_AFTER = timedelta(days=3)
# Attempts at something that fails in a way nobody foresaw.
MOST_SURPRISES = 5


def wait_before(attempts: int) -> timedelta:
    """Return the wait after this many attempts: seconds at first, an hour at most."""
    return timedelta(seconds=_SECONDS[min(max(attempts, 1), len(_SECONDS)) - 1])
