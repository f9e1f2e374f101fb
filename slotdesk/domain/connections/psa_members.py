"""Which member of the PSA somebody is who signs in: found by their e-mail address, and chosen where that differs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet

from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.connections.queries import find_psa
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.members import HasLeft, lock_members
from slotdesk.domain.people.models import Agent, TeamMember
from slotdesk.domain.tenants.grants import must_cover
from slotdesk.domain.tenants.models import Membership, Role


class NotToBeLinked(Exception):
    """The PSA's member is somebody else's by now, has left, or is none."""


class LinkedByAddress(Exception):
    """PSA and sign-in have the same address, so that the next synchronisation would link them again."""


def psa_calendars() -> QuerySet[Calendar]:
    """Calendars of members of the PSA: one for each of them."""
    psa = find_psa()
    return Calendar.objects.filter(connection=psa).select_related("connection", "agent").order_by("name", "id")


def find_psa_member(agent: Agent) -> Calendar | None:
    """The calendar of the PSA's member that the agent is."""
    return psa_calendars().filter(agent=agent).first()


def list_free_psa_members() -> list[Calendar]:
    """Members of the PSA, by name, who nobody is yet that signs in; not those who have left."""
    return list(psa_calendars().filter(agent__membership=None, agent__left_at=None, agent__is_active=True))


def list_free_members() -> list[Membership]:
    """People who sign in and are nobody in the PSA, by name."""
    known = psa_calendars().filter(agent__membership=OuterRef("pk"))
    members = Membership.objects.filter(~Exists(known), left_at=None).select_related("user", "role", "account")
    return list(members.order_by("user__name", "user__email"))


@transaction.atomic(durable=True)
def link_psa_member(*, member: Membership, agent: Agent, by: Role, actor: str, now: datetime) -> None:
    """
    Say that the member is this agent of the PSA: from now on its calendar, hours and ticket panel are theirs.

    by   the role of whoever does it: the panel gives the PSA's member what the role of the linked one allows
    What they were before stays as a technician who does not sign in; one that was only made for their teams gives those
    up and goes. Raises NotYoursToGive, HasLeft, NotToBeLinked; of two who link the same agent, the later one gets that.
    """
    lock_members(member.account)
    person = Membership.objects.select_related("role", "user").get(pk=member.pk)
    must_cover(by, person.role)
    if person.left_at is not None:
        raise HasLeft(str(person.user))
    free = Agent.objects.filter(pk=agent.pk, membership=None, left_at=None)
    chosen = free.filter(Exists(psa_calendars().filter(agent=OuterRef("pk")))).first()
    if chosen is None:
        raise NotToBeLinked(agent.public_id)
    before = Agent.objects.filter(membership=person).first()
    if before is not None:
        Agent.objects.filter(pk=before.pk).update(membership=None)
        _give_up(before, chosen, now)
    Agent.objects.filter(pk=chosen.pk).update(membership=person)
    _tell(person, before.name if before else None, chosen.name, actor, now)


@transaction.atomic(durable=True)
def unlink_psa_member(*, member: Membership, by: Role, actor: str, now: datetime) -> None:
    """Say that the member is nobody in the PSA; twice changes nothing. Raises NotYoursToGive, LinkedByAddress."""
    lock_members(member.account)
    person = Membership.objects.select_related("role", "user").get(pk=member.pk)
    must_cover(by, person.role)
    agent = Agent.objects.filter(membership=person).first()
    if agent is None:
        return
    if agent.email.lower() == person.user.email.lower():
        raise LinkedByAddress(agent.email)
    Agent.objects.filter(pk=agent.pk).update(membership=None)
    _tell(person, agent.name, None, actor, now)


def _give_up(before: Agent, after: Agent, now: datetime) -> None:
    """One without any calendar was made for somebody's teams; the agent of the PSA takes its places."""
    if Calendar.objects.filter(agent=before).exists():
        return
    places = TeamMember.objects.filter(agent=before).exclude(team__members__agent=after)
    places.update(agent=after)
    try:
        with transaction.atomic():
            before.delete()
    except ProtectedError:  # somebody asked for it once
        Agent.objects.filter(pk=before.pk).update(is_active=False, is_schedulable=False, left_at=now)


def _tell(member: Membership, before: str | None, after: str | None, actor: str, now: datetime) -> None:
    record(
        account=member.account,
        kind="member.psa_member_changed",
        subject=member.public_id,
        now=now,
        actor=actor,
        data={"name": str(member.user)},
        changes={"psa_member": (before, after)},
    )
