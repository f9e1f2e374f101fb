"""
When members of teams could be given no turn, so that nobody who comes back gets everything that comes in.

The engine's count_turns reads `TeamMember.away`; whoever has an open stretch is away now.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from slotdesk.domain.people.models import Agent, TeamMember

# 31 December 9999: still away.
_OPEN = 253_402_214_400
# Turns are counted for some weeks back; what ended long before is forgotten.
_KEPT_FOR = timedelta(days=120)


def away_before(now: datetime) -> list[list[int]]:
    """What `away` holds for somebody who joins at this moment: they could be given none of the turns until now."""
    return [[0, int(now.timestamp())]]


def follow_presence(places: Iterable[TeamMember], *, now: datetime) -> None:
    """
    Bring `away` up to date with who can be given a turn now, and store the places that changed.

    Out of turn is who is paused, cannot be booked, or is not active. Safe to run at any time. The places come with
    their agents.
    """
    moment = int(now.timestamp())
    for place in places:
        before = place.away
        place.away = _away(place, moment)
        if place.away != before:
            place.save(update_fields=["away"])


def follow_presence_of(agents: Iterable[Agent], *, now: datetime) -> None:
    """The same for every team that these agents are in."""
    follow_presence(TeamMember.objects.filter(agent__in=list(agents)).select_related("agent"), now=now)


def _away(place: TeamMember, moment: int) -> list[list[int]]:
    forgotten = moment - int(_KEPT_FOR.total_seconds())
    stretches = [[start, end] for start, end in place.away if end > forgotten]
    is_away = bool(stretches) and stretches[-1][1] == _OPEN
    takes_turns = not place.is_paused and place.agent.is_active and place.agent.is_schedulable
    if takes_turns and is_away:
        stretches[-1][1] = moment
    elif not takes_turns and not is_away:
        stretches.append([moment, _OPEN])
    return stretches
