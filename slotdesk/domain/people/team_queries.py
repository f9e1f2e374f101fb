"""Reading teams of the active account, with who is in them."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from slotdesk.domain.people.models import Agent, Team, TeamMember


def list_teams() -> QuerySet[Team]:
    """Teams in use, and those of the PSA that are gone there, by name; members by name."""
    return _with_members().filter(archived_at=None).order_by("-is_active", "internal_name", "id")


def list_archived_teams() -> QuerySet[Team]:
    """Teams taken out of use here, the latest first."""
    return _with_members().exclude(archived_at=None).order_by("-archived_at", "id")


def get_team(public_id: str) -> Team:
    """Raises Team.DoesNotExist."""
    return _with_members().select_related("account").get(public_id=public_id)


def list_candidates(team: Team) -> list[Agent]:
    """Whom one may put into the team: everybody who is active, and whoever is in it already, by name."""
    there = {place.agent_id for place in TeamMember.objects.filter(team=team)} if team.pk else set()
    agents = Agent.objects.filter(account=team.account).order_by("name", "id")
    return [agent for agent in agents if agent.pk in there or (agent.is_active and not team.is_mirrored)]


def _with_members() -> QuerySet[Team]:
    places = TeamMember.objects.select_related("agent").order_by("agent__name", "agent_id")
    return Team.objects.prefetch_related(Prefetch("members", places))
