"""Whom a request asks for, and who of them can be booked now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from slotdesk.domain.booking.models import RequestResource, SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.people.models import Agent, Team, TeamMember


@dataclass(frozen=True, slots=True)
class Asked:
    """
    One resource of a request.

    agents   who could take it: the agent asked for by name, or the team's members; empty when nobody can any more
    places   the members' places in the team, in the order of the agents
    """

    agents: tuple[Agent, ...]
    team: Team | None = None
    places: tuple[TeamMember, ...] = ()


def is_bookable(agent: Agent) -> bool:
    """Whether anybody may be offered this agent's time; without a zone nobody knows when their day begins."""
    return agent.is_active and agent.is_schedulable and bool(agent.zone)


def list_asked(request: SchedulingRequest) -> list[Asked]:
    """The request's resources, in order, with those who can be booked now."""
    resources = list(
        RequestResource.objects.filter(request=request).select_related("agent", "team").order_by("position")
    )
    team_ids = [item.team_id for item in resources if item.team_id]
    members: dict[int, list[TeamMember]] = defaultdict(list)
    if team_ids:
        places = TeamMember.objects.filter(team__in=team_ids, team__is_active=True).select_related("agent")
        for place in places.order_by("agent_id"):
            members[place.team_id].append(place)
    asked = []
    for item in resources:
        if item.agent is not None:
            asked.append(Asked((item.agent,) if is_bookable(item.agent) else ()))
        elif item.team is not None:
            places_ = [place for place in members[item.team.pk] if not place.is_paused and is_bookable(place.agent)]
            asked.append(Asked(tuple(place.agent for place in places_), item.team, tuple(places_)))
    return asked


def asked_of(resources: Sequence[Agent | Team]) -> list[Asked]:
    """The same for resources of a request that is not written down yet."""
    return [_ask_team(each) if isinstance(each, Team) else Asked((each,)) for each in resources]


def _ask_team(team: Team) -> Asked:
    places = team.members.filter(is_paused=False).select_related("agent").order_by("agent_id")
    able = tuple(place for place in places if is_bookable(place.agent))
    return Asked(tuple(place.agent for place in able), team, able)


def who_may_take_moved(request: SchedulingRequest, asked: Sequence[Asked], holders: Collection[int]) -> list[Asked]:
    """Whoever may have the appointment once it is moved: everybody, or by the request's terms those who have it now."""
    if FrozenTerms.model_validate(request.terms).moved_to != AppointmentType.MovedTo.SAME:
        return list(asked)
    return [
        replace(
            each,
            agents=tuple(agent for agent in each.agents if agent.pk in holders),
            places=tuple(place for place in each.places if place.agent_id in holders),
        )
        for each in asked
    ]


def named_in(asked: Iterable[Asked]) -> list[Agent | Team]:
    """Whom clients read of: teams as such, and people who were asked by name; without those who cannot be booked."""
    return [each.team or each.agents[0] for each in asked if each.agents]


def agents_in(asked: Iterable[Asked]) -> list[Agent]:
    return list({agent.pk: agent for each in asked for agent in each.agents}.values())
