"""Teams of the PSA as teams of ours: who is in them is decided there, how they take turns here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from slotdesk.domain.connections.models import Calendar, Connection
from slotdesk.domain.people.models import Agent, Team, TeamMember
from slotdesk.domain.people.slugs import free_slug
from slotdesk.domain.people.turns import away_before, follow_presence
from slotdesk.ports import psa


def follow_teams(connection: Connection, found: psa.Teams, *, now: datetime) -> None:
    """
    Make, rename, fill and retire our rows so that they follow the PSA's. Runs in the caller's transaction.

    What was chosen here stays: name for clients, address part, rule, weights, pauses, and that a team was archived. One
    that is gone from the PSA can no longer be asked for; requests that name it keep it. One that could not be read
    stays as it was.
    """
    known = {
        row.source: row for row in Team.objects.filter(account=connection.account, source__startswith=_of(connection))
    }
    agents = {
        calendar.external_id: calendar.agent
        for calendar in Calendar.objects.filter(connection=connection).select_related("agent")
    }
    names = Counter(team.name for team in found.teams)
    for team in found.teams:
        source = f"{_of(connection)}{team.id}"
        row = known.pop(source, None) or Team(account=connection.account, source=source)
        # Boards use the same names, such as "Tier 1"; then the board says which is meant.
        row.internal_name = (f"{team.name} ({team.place})" if names[team.name] > 1 else team.name)[:120]
        row.place = team.place[:120]
        row.is_active = row.archived_at is None
        row.slug = row.slug or free_slug(Team, connection.account, team.name)
        row.save()
        _follow_members(row, [agents[each] for each in team.member_ids if each in agents], now)
    unread = tuple(f"{_of(connection)}{each}" for each in found.unread)
    gone = [row.pk for row in known.values() if not (unread and row.source.startswith(unread))]
    Team.objects.filter(pk__in=gone, is_active=True).update(is_active=False)


def follow_everybodys_presence(connection: Connection, *, now: datetime) -> None:
    """Who became bookable, or is not any more, in whatever way: their turns begin, or wait, from now."""
    follow_presence(TeamMember.objects.filter(team__account=connection.account).select_related("agent"), now=now)


def _of(connection: Connection) -> str:
    return f"{connection.kind}:"


def _follow_members(team: Team, agents: Sequence[Agent], now: datetime) -> None:
    there = set(TeamMember.objects.filter(team=team).values_list("agent_id", flat=True))
    TeamMember.objects.filter(team=team).exclude(agent__in=agents).delete()
    TeamMember.objects.bulk_create(
        TeamMember(team=team, agent=agent, away=away_before(now)) for agent in agents if agent.pk not in there
    )
