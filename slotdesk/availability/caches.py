"""What the engine keeps between questions beside the agents' own memos: clocks, grids and expanded weeks."""

from __future__ import annotations

from slotdesk.availability import grid, hours, wall_clock


def clear_caches() -> None:
    """Forget it all, as after a new release of the time zone data, or to measure a cold answer."""
    for module in (grid, hours, wall_clock):
        for each in vars(module).values():
            if hasattr(each, "cache_clear"):
                each.cache_clear()
