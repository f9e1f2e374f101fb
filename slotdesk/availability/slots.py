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
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import numpy as np

from slotdesk.availability.bits import Words, fill, pick, unpack, width_of
from slotdesk.availability.business_time import earliest_start, is_by_agent, start_limit
from slotdesk.availability.grid import Grid, make_grid
from slotdesk.availability.intervals import Integers
from slotdesk.availability.limits import within_limits
from slotdesk.availability.matching import match_distinct
from slotdesk.availability.question import BadQuestion, Question, Resource, Rule, TooMuchWork
from slotdesk.availability.rows import free_rows, seconds_of
from slotdesk.availability.slot_list import SlotList
from slotdesk.availability.values import Agent, Slot
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

_FIRST_DAYS = 7


class _Offer(NamedTuple):
    """The offered columns of the grid, and one row of bits per agent that says at which columns they are free."""

    grid: Grid
    columns: Integers
    agents: Sequence[Agent]
    rows: Words


def list_slots(question: Question) -> SlotList:
    """
    Every start that can be offered, earliest first, with all agents who could take it or take part in it.

    Their ids are written out when a slot is read, which for thousands of slots takes as long again.
    """
    grid, columns, agents, rows = _offer(question)
    return SlotList(
        grid.starts[columns], seconds_of(question.terms)[0], tuple(agent.id for agent in agents), rows, columns
    )


def list_starts(question: Question) -> list[int]:
    """The starts alone: all that a page of times needs."""
    return list_slots(question).starts


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
    alone = [members[0] for members in resources if len(members) == 1]
    teams = [np.bitwise_or.reduce(rows[members], axis=0) for members in resources if len(members) != 1]
    row: Words = np.bitwise_and.reduce([np.bitwise_and.reduce(rows[alone], axis=0), *teams])
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
