"""
The times that can be offered, and who could take each.

    Question ─► grid (round starts on the client's clock)
             ─► one row of bits per agent: hours, busy time and buffers, daily maximum     rows.py
             ─► cut by each agent's notice and window                                      business_time.py
             ─► a team is the OR of its members, a panel the AND of its resources, with a different person for each
             ─► cut by the page's window and the request's limits
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from slotdesk.availability.bits import Words, fill, pick, unpack, width_of
from slotdesk.availability.business_time import earliest_start, is_by_agent, start_limit
from slotdesk.availability.grid import Grid, make_grid
from slotdesk.availability.intervals import Integers
from slotdesk.availability.limits import within_limits
from slotdesk.availability.matching import match_distinct
from slotdesk.availability.question import BadQuestion, Question, Resource, Rule, TooMuchWork
from slotdesk.availability.rows import free_rows, seconds_of
from slotdesk.availability.values import Agent, AgentId, Slot
from slotdesk.availability.wall_clock import DAY, wall_time

__all__ = [
    "BadQuestion",
    "Question",
    "Resource",
    "Rule",
    "TooMuchWork",
    "agents_of",
    "list_slots",
    "list_starts",
    "next_slot",
]

_CELLS_AT_ONCE = 4_000_000
_FIRST_DAYS = 7
# Written-out crews that are kept for one set of agents.
_MOST_CREWS = 20_000


class _Offer(NamedTuple):
    """The offered columns of the grid, and one row of bits per agent that says at which columns they are free."""

    grid: Grid
    columns: Integers
    agents: Sequence[Agent]
    rows: Words


def list_slots(question: Question) -> list[Slot]:
    """Every start that can be offered, earliest first, with all agents who could take it or take part in it."""
    grid, columns, agents, rows = _offer(question)
    duration = seconds_of(question.terms)[0]
    starts = grid.starts[columns].tolist()
    ends = (grid.starts[columns] + duration).tolist()
    at_once = max(1, _CELLS_AT_ONCE // max(1, len(agents)))
    crews = chain.from_iterable(_crews(agents, rows, columns[i : i + at_once]) for i in range(0, len(columns), at_once))
    # There are thousands of slots and hundreds of thousands of ids: no Python code runs for each.
    return list(map(partial(tuple.__new__, Slot), zip(starts, ends, crews, strict=True)))


def _crews(agents: Sequence[Agent], rows: Words, columns: Integers) -> list[tuple[AgentId, ...]]:
    """For each column, the ids of the agents who are free there."""
    ids = tuple(agent.id for agent in agents)
    if len(ids) == 1:
        return [ids] * len(columns)
    is_free = np.ascontiguousarray(pick(rows, columns).T).view(bool)
    packed = np.packbits(is_free, axis=1)
    width, bits = packed.shape[1], packed.tobytes()
    keys = [bits[i : i + width] for i in range(0, len(bits), width)]
    known = _known_crews(ids)
    if len(known) > _MOST_CREWS:
        known.clear()
    crews = list(map(known.get, keys))
    unknown = [i for i, crew in enumerate(crews) if crew is None]
    if unknown:
        for i, crew in zip(unknown, _write_out(ids, is_free[unknown]), strict=True):
            crews[i] = known[keys[i]] = crew
    return cast("list[tuple[AgentId, ...]]", crews)


@lru_cache(maxsize=16)
def _known_crews(_ids: tuple[AgentId, ...]) -> dict[bytes, tuple[AgentId, ...]]:
    """Crews of these agents that were written out before, by the bits that say who is in them."""
    return {}


def _write_out(ids: Sequence[AgentId], is_free: NDArray[np.bool_]) -> Iterator[tuple[AgentId, ...]]:
    """The ids of each row's set flags."""
    names = np.empty(len(ids), object)
    names[:] = ids
    free_ids = tuple(names[np.flatnonzero(is_free) % len(ids)].tolist())
    cuts = [0, *np.cumsum(np.count_nonzero(is_free, axis=1)).tolist()]
    return map(free_ids.__getitem__, map(slice, cuts, cuts[1:]))


def list_starts(question: Question) -> list[int]:
    """The starts of `list_slots`, without asking who could take them: all that a page of times needs."""
    grid, columns, _, _ = _offer(question)
    return grid.starts[columns].tolist()  # type: ignore[no-any-return]


def next_slot(question: Question) -> Slot | None:
    """The earliest slot of the question's window, found by looking at a few days first and at ever more after that."""
    duration = seconds_of(question.terms)[0]
    begin, days = max(question.window_start, question.now), _FIRST_DAYS
    while begin < question.window_end:
        end = min(question.window_end, begin + days * DAY)
        # What starts before `end` may last beyond it.
        part = replace(question, window_start=begin, window_end=min(question.window_end, end + duration))
        if slots := list_slots(part):
            return slots[0]
        begin, days = end, days * 8
    return None


def agents_of(question: Question) -> list[Agent]:
    """Every agent of the question once, in the order given."""
    return list({agent.id: agent for resource in question.resources for agent in resource.agents}.values())


def _offer(question: Question) -> _Offer:
    terms, now = question.terms, question.now
    duration = seconds_of(terms)[0]
    begin, end = max(question.window_start, now), question.window_end - duration + 1
    agents = agents_of(question)
    if begin >= end or not agents:
        begin = end = question.window_start
    grid = make_grid(
        question.client_zone,
        int(terms.increment.total_seconds()) // 60,
        wall_time(question.client_zone, begin) // DAY,
        wall_time(question.client_zone, end) // DAY,
    )
    rows = free_rows(agents, grid, terms)
    if is_by_agent(terms.notice) or is_by_agent(terms.window):
        rows &= _in_time(agents, question, grid)
    elif agents:
        begin = max(begin, earliest_start(agents[0], terms.notice, now))
        end = min(end, start_limit(agents[0], terms.window, now))
    resources = _indices(question.resources, agents)
    first, last = grid.index_of(begin), grid.index_of(end)
    columns = np.flatnonzero(unpack(_together(resources, rows), len(grid))[first:last]) + first
    if question.limits is not None:
        columns = columns[within_limits(question.limits, grid.starts[columns])]
    if sum(map(len, resources)) > len(agents):
        columns = _with_distinct_people(columns, rows, resources)
    return _Offer(grid, columns, agents, rows)


def _in_time(agents: Sequence[Agent], question: Question, grid: Grid) -> Words:
    """Rows of the starts between each agent's own notice and window."""
    terms, now = question.terms, question.now
    earliest = np.array([earliest_start(agent, terms.notice, now) for agent in agents], np.int64)
    limit = np.array([start_limit(agent, terms.window, now) for agent in agents], np.int64)
    return fill(len(agents), width_of(len(grid)), np.arange(len(agents)), grid.index(earliest), grid.index(limit))


def _indices(resources: Sequence[Resource], agents: Sequence[Agent]) -> list[list[int]]:
    index_of = {agent.id: i for i, agent in enumerate(agents)}
    return [list(dict.fromkeys(index_of[agent.id] for agent in resource.agents)) for resource in resources]


def _together(resources: Sequence[Sequence[int]], rows: Words) -> Words:
    """One row: where each resource has somebody free. No resources give nothing, not everything."""
    if not resources:
        return np.zeros(rows.shape[1], np.uint64)
    row: Words = np.bitwise_and.reduce([np.bitwise_or.reduce(rows[members], axis=0) for members in resources])
    return row


def _with_distinct_people(columns: Integers, rows: Words, resources: Sequence[Sequence[int]]) -> Integers:
    """The columns at which every resource gets a person of its own."""
    memberships = Counter(chain.from_iterable(resources))
    rivals = [members for members in resources if any(memberships[each] > 1 for each in members)]
    is_free = [pick(rows[members], columns) for members in rivals]
    # With as many people free for each as there are rivals, there is always somebody left.
    is_certain = np.logical_and.reduce([each.sum(axis=0) >= len(rivals) for each in is_free])
    is_possible = is_certain.copy()
    for i in np.flatnonzero(~is_certain).tolist():
        options = [
            [person for person, free in zip(members, each[:, i].tolist(), strict=True) if free]
            for members, each in zip(rivals, is_free, strict=True)
        ]
        is_possible[i] = match_distinct(options) is not None
    possible: Integers = columns[is_possible]
    return possible
