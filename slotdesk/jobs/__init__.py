"""
Background tasks. A task takes ids, reads the clock, makes one domain call; it starts with no account active.

Nothing depends on a job being run: what it was to do is a row that the sweep finds again.
"""

from slotdesk.jobs import (
    calendars,
    clocks,
    holidays,
    hooks,
    links,
    openings,
    reactions,
    removals,
    retention,
    sign_in,
    staff_mail,
    steps,
    sweep,
    tickets,
    upkeep,
)

__all__ = [
    "calendars",
    "clocks",
    "holidays",
    "hooks",
    "links",
    "openings",
    "reactions",
    "removals",
    "retention",
    "sign_in",
    "staff_mail",
    "steps",
    "sweep",
    "tickets",
    "upkeep",
]
