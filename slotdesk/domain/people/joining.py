"""Becoming a member, however one came: by invitation, by one's address's domain, or by the first sign-in elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from slotdesk.domain.events.operations import NoTransaction, record
from slotdesk.domain.people.members import HasLeft, lock_members
from slotdesk.domain.people.models import Agent, Team, TeamMember
from slotdesk.domain.people.slugs import free_slug
from slotdesk.domain.people.turns import away_before
from slotdesk.domain.tenants.actor import Actor
from slotdesk.domain.tenants.models import Account, Membership, Role, User


def join(
    *,
    account: Account,
    user: User,
    role: Role,
    team_ids: Collection[str] = (),
    through: str = "",
    now: datetime,
) -> Membership:
    """
    Give the user a place in the active account, inside the caller's transaction; somebody who left comes back.

    The agent with their address becomes theirs. With teams, somebody who is no agent yet is made one whom clients
    cannot book before that is switched on. A member who is here keeps the role they have.

    through   what the account calls the provider that brought them, "" = they came by an invitation
    Raises NoTransaction.
    """
    if not connection.in_atomic_block:
        raise NoTransaction("member.joined")
    member, is_new = Membership.objects.get_or_create(account=account, user=user, defaults={"role": role})
    if not is_new and member.left_at is None:
        return member
    if not is_new:
        member.role, member.left_at = role, None
        member.save(update_fields=["role", "left_at"])
    agent = _agent_of(member, is_needed=bool(team_ids))
    if agent is not None:
        for team in Team.objects.filter(public_id__in=team_ids, is_active=True, source=""):
            # Whoever is new does not owe the turns that others had before.
            TeamMember.objects.get_or_create(team=team, agent=agent, defaults={"away": away_before(now)})
    record(
        account=account,
        kind="member.joined",
        subject=member.public_id,
        now=now,
        actor=Actor(str(user), member_id=member.public_id),
        data={"name": str(user), "role": role.name} | ({"through": through} if through else {}),
    )
    return member


@transaction.atomic(durable=True)
def become_agent(*, member: Membership, actor: str, now: datetime) -> Agent:
    """
    Let a member have hours and calendars here, who is nobody in the PSA; that clients book them is switched on later.

    Whoever has them already keeps them. Raises HasLeft.
    """
    lock_members(member.account)
    locked = Membership.objects.select_related("account", "user").get(pk=member.pk)
    if locked.left_at is not None:
        raise HasLeft(str(locked.user))
    known = Agent.objects.filter(membership=locked).first()
    if known is not None:
        return known
    agent = _agent_of(locked, is_needed=True)
    assert agent is not None  # noqa: S101 (that is what is_needed says)
    record(
        account=locked.account,
        kind="member.calendar_given",
        subject=locked.public_id,
        now=now,
        actor=actor,
        data={"name": str(locked.user)},
    )
    return agent


def _agent_of(member: Membership, *, is_needed: bool) -> Agent | None:
    agent = Agent.objects.filter(membership=member).first()
    if agent is None:
        unlinked = Agent.objects.filter(membership=None, email__iexact=member.user.email)
        agent = unlinked.order_by("-is_active", "id").first()
    if agent is None and is_needed:
        user, account = member.user, member.account
        return Agent.objects.create(
            account=account,
            membership=member,
            name=str(user),
            email=user.email,
            slug=free_slug(Agent, account, str(user)),
            zone=account.zone,
            hours_from=Agent.HoursFrom.OWN,
        )
    if agent is not None:
        agent.membership = member
        if agent.left_at is not None:
            agent.left_at, agent.is_active, agent.is_schedulable = None, True, False
        agent.save(update_fields=["membership", "left_at", "is_active", "is_schedulable"])
    return agent
