"""A member's role, and leaving and coming back, told in the audit trail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from slotdesk.domain.events.changes import Changes
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.persons import Person
from slotdesk.domain.people.turns import follow_presence_of
from slotdesk.domain.sign_in.sessions import end_sessions
from slotdesk.domain.tenants.grants import must_cover
from slotdesk.domain.tenants.models import Account, Membership, Role
from slotdesk.domain.tenants.operations import find_or_make_user
from slotdesk.domain.tenants.permissions import BuiltIn


class LastAdministrator(Exception):
    """Nobody else could administer the account; make somebody else an administrator first."""


class HasLeft(Exception):
    """The person was deactivated; bring them back first."""


@transaction.atomic(durable=True)
def add_member(
    *, account: Account, email: str, name: str, role: BuiltIn, password: str | None, actor: str, now: datetime
) -> Membership:
    """
    Give the person with this address a place in the account, or change the role they have there, as a program does.

    password   of somebody who is new; None = they cannot sign in with one. Others keep their password and name
    What is so already is not told again. Raises LastAdministrator.
    """
    lock_members(account)
    user = find_or_make_user(email=email, name=name, password=password)
    wanted = Role.objects.get(key=role)
    member, is_new = Membership.objects.select_related("role", "user").get_or_create(
        account=account, user=user, defaults={"role": wanted}
    )
    changes: Changes = {}
    if is_new:
        changes = {"role": (None, wanted.name)}
    elif member.role_id != wanted.pk or member.left_at is not None:
        if wanted.key != BuiltIn.ADMINISTRATOR:
            _keep_an_administrator(without=member)
        changes = {"role": (member.role.name, wanted.name), "is_active": (member.left_at is None, True)}
        member.role, member.left_at = wanted, None
        member.save(update_fields=["role", "left_at"])
    if changes:
        record(
            account=account,
            kind="member.added",
            subject=member.public_id,
            now=now,
            actor=actor,
            data={"name": str(user)},
            changes={field: pair for field, pair in changes.items() if pair[0] != pair[1]},
        )
    return member


@transaction.atomic(durable=True)
def change_role(*, member: Membership, role: Role, by: Role, actor: str, now: datetime) -> None:
    """
    Give the member another role, which acts with their next click. One that allows nothing ends their sessions.

    by   the role of whoever does it: neither the old nor the new one may allow more than theirs
    Of two administrators who demote each other at the same moment the later one gets LastAdministrator. Raises that,
    HasLeft and NotYoursToGive.
    """
    lock_members(member.account)
    locked = Membership.objects.select_related("role", "user").get(pk=member.pk)
    if locked.left_at is not None:
        raise HasLeft(str(locked.user))
    must_cover(by, locked.role, role)
    if locked.role_id == role.pk:
        return
    if role.key != BuiltIn.ADMINISTRATOR:
        _keep_an_administrator(without=locked)
    before, locked.role = locked.role, role
    locked.save(update_fields=["role"])
    if not role.granted:
        end_sessions([locked.user_id])
    record(
        account=member.account,
        kind="member.role_changed",
        subject=member.public_id,
        now=now,
        actor=actor,
        data={"name": str(locked.user)},
        changes={"role": (before.name, role.name)},
    )


@transaction.atomic(durable=True)
def deactivate_person(*, person: Person, by: Role, actor: str, now: datetime) -> None:
    """
    As `end_place`, by itself.

    Raises LastAdministrator, NotYoursToGive.
    """
    end_place(person=person, by=by, actor=actor, now=now)


def end_place(*, person: Person, by: Role, actor: str, now: datetime) -> None:
    """
    End what a person may do here at once: they are signed out, cannot open a panel, or be booked. What they did stays.

    Appointments that stand are not touched; hand them over. Doing it again changes nothing. In the caller's
    transaction. Raises LastAdministrator, NotYoursToGive.
    """
    account = person.account
    lock_members(account)
    member, agent = _read_again(person)
    if member is not None:
        must_cover(by, member.role)
        _keep_an_administrator(without=member)
        Membership.objects.filter(pk=member.pk, left_at=None).update(left_at=now)
        end_sessions([member.user_id])
    was_here = (member is not None and member.left_at is None) or (agent is not None and agent.left_at is None)
    if agent is not None:
        Agent.objects.filter(pk=agent.pk, left_at=None).update(left_at=now, is_active=False)
        follow_presence_of([agent], now=now)
    if was_here:
        record(
            account=account,
            kind="member.deactivated",
            subject=person.public_id,
            now=now,
            actor=actor,
            data={"name": person.name},
            changes={"is_active": (True, False)},
        )


@transaction.atomic(durable=True)
def reactivate_person(*, person: Person, by: Role, actor: str, now: datetime) -> None:
    """
    Let a person in again, with the role they had. Whether clients can book them stays off until somebody says so.

    Raises NotYoursToGive.
    """
    account = person.account
    lock_members(account)
    member, agent = _read_again(person)
    if member is not None:
        must_cover(by, member.role)
        Membership.objects.filter(pk=member.pk).update(left_at=None)
    was_away = (member is not None and member.left_at is not None) or (agent is not None and agent.left_at is not None)
    if agent is not None and agent.left_at is not None:
        Agent.objects.filter(pk=agent.pk).update(left_at=None, is_active=True, is_schedulable=False)
        follow_presence_of([agent], now=now)
    if was_away:
        record(
            account=account,
            kind="member.reactivated",
            subject=person.public_id,
            now=now,
            actor=actor,
            data={"name": person.name},
            changes={"is_active": (False, True)},
        )


def lock_members(account: Account) -> None:
    """Have changes to who belongs to the account, and as what, happen one by one until the transaction ends."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)


def is_last_administrator(member: Membership) -> bool:
    """Whether nobody else could administer the account."""
    if member.role.key != BuiltIn.ADMINISTRATOR or member.left_at is not None:
        return False
    administrators = Membership.objects.filter(role__key=BuiltIn.ADMINISTRATOR, left_at=None, user__is_active=True)
    return not administrators.exclude(pk=member.pk).exists()


def _keep_an_administrator(*, without: Membership) -> None:
    if is_last_administrator(without):
        raise LastAdministrator(str(without.user))


def _read_again(person: Person) -> tuple[Membership | None, Agent | None]:
    """What stands in the database now that the members are locked."""
    member, agent = person.member, person.agent
    return (
        Membership.objects.select_related("role", "user").get(pk=member.pk) if member else None,
        Agent.objects.get(pk=agent.pk) if agent else None,
    )
