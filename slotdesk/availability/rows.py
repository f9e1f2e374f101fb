"""Which starts of a grid each agent can take, as far as hours, busy time and the daily maximum go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import itemgetter

import numpy as np

from slotdesk.availability.bits import Words, fill, width_of
from slotdesk.availability.grid import Grid
from slotdesk.availability.hours import open_times
from slotdesk.availability.intervals import Integers, Intervals, union
from slotdesk.availability.memo import remember
from slotdesk.availability.terms import Terms
from slotdesk.availability.values import Agent, Busy, BusyColumns
from slotdesk.availability.wall_clock import DAY, day_number, to_instants

_CELLS_AT_ONCE = 4_000_000


def free_rows(agents: Sequence[Agent], grid: Grid, terms: Terms) -> Words:
    """
    Return one row of bits per agent: bit i is set when the agent can take the start `grid.starts[i]`.

    Notice, window and limits are not asked here, since they move with the clock: a row is remembered on the agent and
    holds as long as the agent and the grid's dates stay.
    """
    key = (
        "row",
        grid.key,
        terms.duration,
        terms.buffer_before,
        terms.buffer_after,
        terms.daily_maximum,
        terms.keeps_buffers_in_hours,
    )
    rows: list[Words | None] = [agent.memo.get(key) for agent in agents]
    unknown = [i for i, row in enumerate(rows) if row is None]
    at_once = max(1, _CELLS_AT_ONCE // (width_of(len(grid)) * 64))
    for n in range(0, len(unknown), at_once):
        some = unknown[n : n + at_once]
        for i, row in zip(some, _work_out([agents[i] for i in some], grid, terms), strict=True):
            # A copy, so that an agent who is kept for long does not keep everybody's rows with theirs.
            rows[i] = remember(agents[i], key, row.copy())
    known = np.array([row for row in rows if row is not None], np.uint64)
    return known.reshape(len(agents), width_of(len(grid)))


def _work_out(agents: Sequence[Agent], grid: Grid, terms: Terms) -> Words:
    rows = _allowed(agents, grid, terms) & ~_blocked(agents, grid, terms)
    for i, agent in enumerate(agents):
        if not agent.is_readable:
            rows[i] = 0
        elif full := full_dates(agent, terms):
            rows[i] &= ~_row_of_dates(full, agent.zone, grid)
    return rows


def _allowed(agents: Sequence[Agent], grid: Grid, terms: Terms) -> Words:
    """The starts whose whole appointment lies in the agent's hours."""
    duration, before, after = seconds_of(terms)
    margin = (before, after) if terms.keeps_buffers_in_hours else (0, 0)
    opening = open_times(agents, *days_around(grid, duration + before + after))
    owners, starts, ends = _on_one_line(opening)
    first, last = grid.index(starts + margin[0]), grid.index(ends + (1 - duration - margin[1]))
    return fill(len(agents), width_of(len(grid)), owners, first, last)


def _blocked(agents: Sequence[Agent], grid: Grid, terms: Terms) -> Words:
    """The starts whose appointment, with its buffers, would overlap busy time."""
    duration, before, after = seconds_of(terms)
    first_day, last_day = days_around(grid, duration + before + after)
    owners, starts, ends = _on_one_line([busy_columns(agent) for agent in agents])
    counts = (ends > starts) & (ends > first_day * DAY) & (starts < last_day * DAY)
    if not counts.all():
        owners, starts, ends = owners[counts], starts[counts], ends[counts]
    # What overlaps is merged as columns, in `fill`.
    first, last = grid.index(starts + (1 - duration - after)), grid.index(ends + before)
    return fill(len(agents), width_of(len(grid)), owners, first, last)


def seconds_of(terms: Terms) -> tuple[int, int, int]:
    """The duration and the buffers before and after, in seconds."""
    return tuple(  # type: ignore[return-value]
        int(each.total_seconds()) for each in (terms.duration, terms.buffer_before, terms.buffer_after)
    )


def days_around(grid: Grid, reach: int) -> tuple[int, int]:
    """The local dates, in whatever zone, that appointments on this grid can touch, as day numbers."""
    if not len(grid):
        return 0, 0
    return int(grid.starts[0] - reach) // DAY - 1, int(grid.starts[-1] + reach) // DAY + 2


def full_dates(agent: Agent, terms: Terms) -> list[date]:
    """The agent's local dates on which the daily maximum is reached."""
    if not terms.daily_maximum:
        return []
    return sorted(day for day, count in agent.daily_counts.items() if count >= terms.daily_maximum)


def _row_of_dates(dates: Sequence[date], zone: str, grid: Grid) -> Words:
    days = np.array([day_number(day) for day in dates], np.int64) * DAY
    starts, ends = to_instants([zone], union(days, days + DAY))
    row: Words = fill(1, width_of(len(grid)), np.zeros(len(starts), np.int64), grid.index(starts), grid.index(ends))[0]
    return row


def _on_one_line(sets: Sequence[Intervals]) -> tuple[Integers, Integers, Integers]:
    owners = np.repeat(np.arange(len(sets)), [len(each.starts) for each in sets])
    return owners, np.concatenate([each.starts for each in sets]), np.concatenate([each.ends for each in sets])


def busy_time(agent: Agent) -> Intervals:
    """The agent's busy time, merged, without buffers."""
    return union(*busy_columns(agent))


def busy_columns(agent: Agent) -> Intervals:
    """The starts and ends of the agent's busy entries as they were given, not merged; remembered on the agent."""
    known: Intervals | None = agent.memo.get("busy")
    if known is None:
        known = remember(agent, "busy", Intervals(_column(agent.busy, 0), _column(agent.busy, 1)))
    return known


def _column(calendar: Sequence[Busy], place: int) -> Integers:
    if isinstance(calendar, BusyColumns):
        return np.asarray((calendar.starts, calendar.ends)[place], np.int64)
    return np.fromiter(map(itemgetter(place), calendar), np.int64, len(calendar))
