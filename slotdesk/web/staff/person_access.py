"""Whose hours, leave and calendars a member may see and change: everybody's by right, otherwise their own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from slotdesk.domain.connections.readiness import Missing, list_missing
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.queries import get_agent
from slotdesk.domain.tenants.models import Membership
from slotdesk.domain.tenants.permissions import Permission, may


def access_agent(request: HttpRequest, public_id: str) -> Agent:
    """The agent, for whoever may see them. Not found otherwise, also for those that are there."""
    member: Membership = request.member  # type: ignore[attr-defined]
    try:
        agent = get_agent(public_id)
    except Agent.DoesNotExist:
        raise Http404 from None
    if not (is_own(member, agent) or may(member.role, Permission.USERS_VIEW)):
        raise Http404
    return agent


def access_agent_to_edit(request: HttpRequest, public_id: str) -> Agent:
    """The agent, for whoever may change when they work."""
    agent = access_agent(request, public_id)
    if not may_edit(request.member, agent):  # type: ignore[attr-defined]
        raise PermissionDenied
    return agent


def may_edit(member: Membership, agent: Agent) -> bool:
    """Whether the member may change when this person works."""
    own = is_own(member, agent) and may(member.role, Permission.CALENDARS_EDIT_OWN)
    return own or may(member.role, Permission.USERS_EDIT)


def is_own(member: Membership, agent: Agent) -> bool:
    return agent.membership_id == member.pk


def person_context(request: HttpRequest, agent: Agent, *, tab: str) -> dict[str, Any]:
    """What every page of a person shows: tabs, whether one may edit, and why the person cannot be booked."""
    member: Membership = request.member  # type: ignore[attr-defined]
    missing = list_missing([agent])[agent.pk]
    return {
        "agent": agent,
        "tab": tab,
        "can_edit": may_edit(member, agent),
        "is_own": is_own(member, agent),
        "missing": missing,
        "has_no_zone": Missing.ZONE in missing,
    }
