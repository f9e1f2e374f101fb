"""Changing what a role allows, told in the audit trail. Whoever may do it at all is said by `security.edit`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from slotdesk.domain.events.operations import record
from slotdesk.domain.sign_in.sessions import end_sessions
from slotdesk.domain.tenants.grants import NotYoursToGive, has_all
from slotdesk.domain.tenants.models import Invitation, JoinDomain, Membership, Role
from slotdesk.domain.tenants.permissions import BuiltIn, Permission


class RoleNameTaken(Exception):
    """Another role of the account has this name."""


class RoleFixed(Exception):
    """What this role allows cannot be changed; or, as every account needs it, it cannot be deleted."""


class UnknownPermission(Exception):
    """There is no such permission."""


class RoleInUse(Exception):
    """The role cannot be deleted while somebody has it; `holders` says who, as staff read it."""

    def __init__(self, holders: list[str]) -> None:
        super().__init__(", ".join(holders))
        self.holders = holders


def save_role(*, role: Role, name: str, permissions: Collection[str], by: Role, actor: str, now: datetime) -> Role:
    """
    Make a role, or change one of the account's own or an editable built-in one. A built-in role keeps its name.

    by   the role of whoever does it: they give nothing that they may not do themselves, and only administrators change
         the role that they have
    Whoever may do something in a part of the product may also look at it, so that right is added. Acts at once; when
    nothing is left, the sessions of everybody who has the role end.
    Raises RoleFixed, UnknownPermission, NotYoursToGive, RoleNameTaken.
    """
    after = _with_sight(_known(permissions))
    if role.is_fixed:
        raise RoleFixed(role.name)
    try:
        with transaction.atomic(durable=True):
            if role.pk is None:
                return _create(role, name, after, by, actor, now)
            return _change(role, name, after, by, actor, now)
    except IntegrityError as error:
        if "role_name_once" in str(error):
            raise RoleNameTaken(name) from error
        raise


def _create(role: Role, name: str, after: set[Permission], by: Role, actor: str, now: datetime) -> Role:
    _must_have(by, after)
    role.name, role.permissions = name, _stored(after)
    role.save()
    changes = {"name": (None, name), "permissions": (None, role.permissions)}
    record(account=role.account, kind="role.created", subject=role.public_id, now=now, actor=actor, changes=changes)
    return role


def _change(role: Role, name: str, after: set[Permission], by: Role, actor: str, now: datetime) -> Role:
    locked = Role.objects.select_for_update(no_key=True).get(pk=role.pk)
    if locked.pk == by.pk and by.key != BuiltIn.ADMINISTRATOR:
        raise NotYoursToGive(role.name)
    _must_have(by, after ^ locked.granted)
    before = {"name": locked.name, "permissions": _stored(locked.granted)}
    locked.name = locked.name if locked.key else name
    locked.permissions = _stored(after)
    changed = {field: (old, getattr(locked, field)) for field, old in before.items() if old != getattr(locked, field)}
    if changed:
        locked.save(update_fields=["name", "permissions"])
        if not after:
            end_sessions(list(Membership.objects.filter(role=locked).values_list("user_id", flat=True)))
        record(account=role.account, kind="role.changed", subject=role.public_id, now=now, actor=actor, changes=changed)
    return locked


@transaction.atomic(durable=True)
def delete_role(*, role: Role, by: Role, actor: str, now: datetime) -> None:
    """Delete one of the account's own roles that nobody has. Raises RoleFixed, NotYoursToGive, RoleInUse."""
    # Nobody is given the role meanwhile: what points to a row waits for whoever holds it for update.
    locked = Role.objects.select_for_update().get(pk=role.pk)
    if locked.key:
        raise RoleFixed(locked.name)
    _must_have(by, locked.granted)
    if holders := list_holders(locked):
        raise RoleInUse(holders)
    record(
        account=role.account,
        kind="role.deleted",
        subject=role.public_id,
        now=now,
        actor=actor,
        changes={"name": (locked.name, None), "permissions": (_stored(locked.granted), None)},
    )
    locked.delete()


def list_holders(role: Role) -> list[str]:
    """Who has the role or is to get it: members, also those who left; open invitations; domains to join by."""
    members = Membership.objects.filter(role=role).select_related("user").order_by("user__name", "user__email")
    invited = Invitation.objects.filter(role=role, accepted_at=None, revoked_at=None).order_by("email")
    domains = JoinDomain.objects.filter(role=role).order_by("domain")
    return [
        *(f"{member.user} (deactivated)" if member.left_at else str(member.user) for member in members),
        *(f"{invitation.email} (invited)" for invitation in invited),
        *(f"everybody who joins by {domain.domain}" for domain in domains),
    ]


def _known(permissions: Iterable[str]) -> set[Permission]:
    unknown = sorted(set(permissions) - set(Permission))
    if unknown:
        raise UnknownPermission(", ".join(unknown))
    return {Permission(each) for each in permissions}


def _with_sight(permissions: set[Permission]) -> set[Permission]:
    areas = {permission.area for permission in permissions}
    return permissions | {each for each in Permission if each.value == f"{each.area}.view" and each.area in areas}


def _must_have(by: Role, permissions: Iterable[Permission]) -> None:
    if not has_all(by, permissions):
        raise NotYoursToGive


def _stored(permissions: Iterable[Permission]) -> list[str]:
    return sorted(permission.value for permission in permissions)
