"""Round-robin turns, counted again from the facts every time: nothing is stored that could drift."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from slotdesk.availability.values import AgentId


class Turn(NamedTuple):
    """
    An appointment that a team's rule gave to somebody, as it stands today.

    A cancelled one is left out, which gives the turn back; a reassigned one is its present agent's.
    """

    booked_at: int
    agent_id: AgentId


class Member(NamedTuple):
    """
    Somebody in the team.

    away     when they could take no turn, epoch seconds, half-open: on leave, or not in the team yet
    weight   share compared with the others', 1 or more
    """

    agent_id: AgentId
    away: tuple[tuple[int, int], ...] = ()
    weight: int = 1


def count_turns(members: Sequence[Member], turns: Sequence[Turn]) -> dict[AgentId, int]:
    """
    Return how many turns each member counts as having had.

    turns   those of the period that should count (the last month, say), in any order

    Who arrives starts level with whichever of the others has had the fewest for their weight: a newcomer, or somebody
    back from leave, gets their share from then on and not everything that comes.
    """
    by_id = {member.agent_id: member for member in members}
    counts = dict.fromkeys(by_id, 0)
    # At the same second, who arrives comes before who is given a turn.
    events = [(until, 0, n, member.agent_id) for n, member in enumerate(members) for _, until in member.away]
    events += [(turn.booked_at, 1, n, turn.agent_id) for n, turn in enumerate(turns)]
    for at, is_turn, _, agent_id in sorted(events, key=lambda event: event[:3]):
        if agent_id not in counts:
            continue
        if is_turn:
            counts[agent_id] += 1
            continue
        levels = [Fraction(counts[each.agent_id], each.weight) for each in members if _was_there(each, at)]
        if levels:
            counts[agent_id] = max(counts[agent_id], int(min(levels) * by_id[agent_id].weight))
    return counts


def _was_there(member: Member, at: int) -> bool:
    return not any(start < at <= until for start, until in member.away)
