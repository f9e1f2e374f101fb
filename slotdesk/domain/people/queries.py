"""Reading agents of the active account."""

from __future__ import annotations

from django.db.models import QuerySet

from slotdesk.domain.people.models import Agent, Team


def list_agents() -> QuerySet[Agent]:
    """Everybody who is active, by name; whoever can be booked first."""
    return Agent.objects.filter(is_active=True).order_by("-is_schedulable", "name", "id")


def list_schedulable_agents() -> QuerySet[Agent]:
    """Whom a request may ask for, by name."""
    return Agent.objects.filter(is_active=True, is_schedulable=True).order_by("name", "id")


def list_schedulable_teams() -> QuerySet[Team]:
    """Teams of which at least one member can be booked, by name."""
    able = Team.objects.filter(
        is_active=True,
        members__is_paused=False,
        members__agent__is_active=True,
        members__agent__is_schedulable=True,
    )
    return able.distinct().order_by("internal_name", "id")


def get_agent(public_id: str) -> Agent:
    """Raises Agent.DoesNotExist."""
    return Agent.objects.select_related("account", "membership__user", "holiday_list").get(public_id=public_id)
