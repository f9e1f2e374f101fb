"""Reading agents of the active account."""

from __future__ import annotations

from django.db.models import QuerySet

from slotdesk.domain.people.models import Agent


def list_agents() -> QuerySet[Agent]:
    """Everybody who is active, by name; whoever can be booked first."""
    return Agent.objects.filter(is_active=True).order_by("-is_schedulable", "name", "id")


def list_schedulable_agents() -> QuerySet[Agent]:
    """Whom a request may ask for, by name."""
    return Agent.objects.filter(is_active=True, is_schedulable=True).order_by("name", "id")


def get_agent(public_id: str) -> Agent:
    """Raises Agent.DoesNotExist."""
    return Agent.objects.select_related("account", "membership__user", "holiday_list").get(public_id=public_id)
