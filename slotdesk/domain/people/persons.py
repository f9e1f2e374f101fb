"""The people of an account: members who sign in, agents who are booked, or both in one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account, Membership, Role
from slotdesk.domain.tenants.permissions import BuiltIn


class NoSuchPerson(Exception):
    """Nobody of the active account has this id."""


@dataclass(frozen=True, slots=True)
class Person:
    """
    At least one of member and agent is there.

    public_id   the agent's where there is one, else the membership's
    email       that they sign in with; of an agent without a sign-in, the PSA's
    """

    account: Account
    public_id: str
    name: str
    email: str
    member: Membership | None = None
    agent: Agent | None = None

    @property
    def role(self) -> Role | None:
        return self.member.role if self.member else None

    @property
    def left_at(self) -> datetime | None:
        """When they were deactivated here."""
        owner = self.member or self.agent
        return owner.left_at if owner else None

    @property
    def is_here(self) -> bool:
        """Whether they sign in, or are an agent whom the PSA has not switched off."""
        signs_in = self.member is not None and self.member.left_at is None
        return signs_in or (self.agent is not None and self.agent.is_active)

    @property
    def is_administrator(self) -> bool:
        return self.role is not None and self.role.key == BuiltIn.ADMINISTRATOR

    @property
    def is_bookable(self) -> bool:
        return self.agent is not None and self.agent.is_active and self.agent.is_schedulable


def person_of_member(member: Membership) -> Person:
    """Somebody who is no agent."""
    return Person(member.account, member.public_id, str(member.user), member.user.email, member)


def person_of_agent(agent: Agent) -> Person:
    email = agent.membership.user.email if agent.membership else agent.email
    return Person(agent.account, agent.public_id, agent.name, email, agent.membership, agent)


def list_people() -> list[Person]:
    """Everybody, also those who left; whoever can be booked first, then by name."""
    agents = list(Agent.objects.select_related("account", "membership__user", "membership__role", "holiday_list"))
    members = Membership.objects.filter(agent=None).select_related("account", "user", "role")
    people = [person_of_agent(agent) for agent in agents] + [person_of_member(member) for member in members]
    return sorted(people, key=lambda each: (not each.is_here, not each.is_bookable, each.name.lower(), each.public_id))


def get_person(public_id: str) -> Person:
    """Return the person by their agent's or their membership's id. Raises NoSuchPerson."""
    known = Agent.objects.select_related("account", "membership__user", "membership__role", "holiday_list")
    agent = known.filter(public_id=public_id).first() or known.filter(membership__public_id=public_id).first()
    if agent is not None:
        return person_of_agent(agent)
    member = Membership.objects.filter(public_id=public_id).select_related("account", "user", "role").first()
    if member is None:
        raise NoSuchPerson(public_id)
    return person_of_member(member)


def link_by_email(agents: Iterable[Agent]) -> None:
    """
    Join agents that have no sign-in with the members of the same address.

    Of several agents with one address the oldest gets it; a member who is an agent already stays that one.
    """
    unlinked = [agent for agent in agents if agent.membership_id is None and agent.email]
    members = {
        member.user.email.lower(): member
        for member in Membership.objects.filter(agent=None, left_at=None).select_related("user")
    }
    for agent in sorted(unlinked, key=lambda each: each.pk):
        member = members.pop(agent.email.lower(), None)
        if member is not None:
            Agent.objects.filter(pk=agent.pk, membership=None).update(membership=member)
            agent.membership = member
