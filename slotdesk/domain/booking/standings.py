"""How the members of teams stand when one of them must be chosen: counted from the rows every time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from slotdesk.availability.assignment import Standing
from slotdesk.availability.turns import Member, Turn, count_turns
from slotdesk.availability.values import AgentId
from slotdesk.availability.wall_clock import day_bounds
from slotdesk.domain.booking.asked import Asked, agents_in
from slotdesk.domain.booking.models import Reservation
from slotdesk.domain.people.models import Team, TimeOff

# Turns taken longer ago than this are forgotten.
_PERIOD = timedelta(days=60)


def load_standings(asked: Sequence[Asked], *, now: datetime) -> dict[AgentId, Standing]:
    """Return how everybody stands whom a team's rule could choose; nothing when only agents were asked by name."""
    teams = [each for each in asked if each.team is not None]
    if not teams:
        return {}
    turns = _turns(teams, now)
    standing: dict[AgentId, Standing] = {}
    rows = (
        Reservation.objects.filter(agent__in=agents_in(teams), released_at=None)
        .values("agent_id")
        .annotate(upcoming=Count("pk", filter=Q(during__endswith__gt=now)), last=Max("appointment__booked_at"))
    )
    counts = {row["agent_id"]: row for row in rows}
    for each in teams:
        for place in each.places:
            row = counts.get(place.agent_id)
            standing[place.agent_id] = Standing(
                upcoming=row["upcoming"] if row else 0,
                last_booked_at=int(row["last"].timestamp()) if row else None,
                turns=turns.get(place.agent_id, 0),
                weight=place.weight,
            )
    return standing


def _turns(teams: Sequence[Asked], now: datetime) -> dict[AgentId, int]:
    given: dict[int, list[Turn]] = defaultdict(list)
    reservations = Reservation.objects.filter(
        team__in=[each.team for each in teams], released_at=None, appointment__booked_at__gt=now - _PERIOD
    )
    for team_id, agent_id, booked_at in reservations.values_list("team_id", "agent_id", "appointment__booked_at"):
        given[team_id].append(Turn(int(booked_at.timestamp()), agent_id))
    leave = _leave(teams, now)
    turns: dict[AgentId, int] = {}
    for each in teams:
        if each.team is None or each.team.rule != Team.Rule.ROUND_ROBIN:
            continue
        members = [
            Member(place.agent_id, (*((start, end) for start, end in place.away), *leave[place.agent_id]), place.weight)
            for place in each.places
        ]
        turns |= count_turns(members, given[each.team.pk])
    return turns


def _leave(teams: Sequence[Asked], now: datetime) -> dict[int, list[tuple[int, int]]]:
    """Whole days off, from midnight to midnight of each agent's zone: nobody could be given a turn meanwhile."""
    agents = {agent.pk: agent for agent in agents_in(teams)}
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    days_off = TimeOff.objects.filter(
        agent__in=agents, start=None, end=None, ends_on__gte=(now - _PERIOD).date(), starts_on__lte=now.date()
    )
    for item in days_off.order_by("starts_on", "id"):
        found[item.agent_id].append(day_bounds(agents[item.agent_id].zone, item.starts_on, item.ends_on))
    return found
