"""Who takes an appointment: decided at booking, from facts alone, so that any choice can be replayed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from slotdesk.availability.matching import match_distinct
from slotdesk.availability.question import Resource, Rule
from slotdesk.availability.values import AgentId


class NobodyFree(Exception):
    """The free people do not suffice for the resources, one different person for each."""


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How one agent stands when somebody must be chosen.

    upcoming         own appointments ahead of them
    last_booked_at   when they were last given one, epoch seconds; None = never
    turns            round-robin turns taken, from `count_turns`
    weight           round-robin share compared with the others', 1 or more
    """

    upcoming: int = 0
    last_booked_at: int | None = None
    turns: int = 0
    weight: int = 1

    def __post_init__(self) -> None:
        if self.weight < 1:
            raise ValueError("weight: must be 1 or more.")


_NEWCOMER = Standing()


def choose_agents(
    resources: Sequence[Resource],
    free_ids: Collection[AgentId],
    standings: Mapping[Any, Standing],
    *,
    keep: Collection[AgentId] = (),
) -> tuple[AgentId, ...]:
    """
    Return one agent per resource, in the order of the resources, nobody twice.

    free_ids    who could take the time: `Slot.agent_ids`, or `Explanation.agent_ids` under the lock
    standings   of the teams' members, by id; one who is missing has had nothing yet
    keep        who has the appointment already (a reschedule): kept where they are free

    A team with maximum availability gives it to whoever has the fewest upcoming; round robin to whose turn it is. Among
    equals: who was booked longest ago, then the lowest id. A panel's first resource chooses first, but never so that a
    later one is left without a person. Raises NobodyFree.
    """
    ranked = [_rank(resource, free_ids, standings, keep) for resource in resources]
    numbers = {
        agent_id: number for number, agent_id in enumerate(dict.fromkeys(each for ids in ranked for each in ids))
    }
    options = [[numbers[each] for each in ids] for ids in ranked]
    for place in range(len(options)):
        # The best person for this place with whom all places can still be filled.
        best = next((each for each in options[place] if match_distinct(_fixed(options, place, each))), None)
        if best is None:
            raise NobodyFree
        options = _fixed(options, place, best)
    ids = list(numbers)
    return tuple(ids[person] for (person,) in options)


def _fixed(options: list[list[int]], place: int, person: int) -> list[list[int]]:
    return [*options[:place], [person], *options[place + 1 :]]


def _rank(
    resource: Resource,
    free_ids: Collection[AgentId],
    standings: Mapping[Any, Standing],
    keep: Collection[AgentId],
) -> list[AgentId]:
    """The resource's free members, whoever should take it first."""
    members = [agent.id for agent in resource.agents]
    of = {agent_id: standings.get(agent_id, _NEWCOMER) for agent_id in members}
    next_turn = 1 + sum(each.turns for each in of.values())
    all_weights = sum(each.weight for each in of.values())

    def rank(agent_id: AgentId) -> tuple[object, ...]:
        standing = of[agent_id]
        by_rule: tuple[object, ...] = (standing.upcoming,)
        if resource.rule is Rule.ROUND_ROBIN:
            # The quota method: nobody goes beyond their share of all turns rounded up; of the others, the one whose
            # next turn is the smallest part of their weight. Counts stay within one of the exact share at all times.
            is_beyond_share = standing.turns * all_weights >= next_turn * standing.weight
            by_rule = (is_beyond_share, Fraction(standing.turns + 1, standing.weight))
        idle_since = -1 if standing.last_booked_at is None else standing.last_booked_at
        return (agent_id not in keep, *by_rule, idle_since, isinstance(agent_id, str), agent_id)

    return sorted((each for each in members if each in free_ids), key=rank)
