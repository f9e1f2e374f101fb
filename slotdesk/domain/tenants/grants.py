"""Who may give which role: nobody gives, or takes from somebody else, more than they have themselves."""

from __future__ import annotations

from collections.abc import Iterable

from slotdesk.domain.tenants.models import Role
from slotdesk.domain.tenants.permissions import BuiltIn, Permission, may


class NotYoursToGive(Exception):
    """It would give somebody, or take from somebody, what the person who does it may not do."""


def covers(giver: Role, role: Role) -> bool:
    """Whether everything that `role` allows is allowed to the giver too, so that they may give it or take it away."""
    if giver.key == BuiltIn.ADMINISTRATOR:
        return True
    return role.key != BuiltIn.ADMINISTRATOR and has_all(giver, role.granted)


def has_all(giver: Role, permissions: Iterable[Permission]) -> bool:
    return all(may(giver, permission) for permission in permissions)


def must_be_administrator(role: Role) -> None:
    """Raises NotYoursToGive."""
    if role.key != BuiltIn.ADMINISTRATOR:
        raise NotYoursToGive


def must_cover(giver: Role, *roles: Role) -> None:
    """Raises NotYoursToGive."""
    if not all(covers(giver, role) for role in roles):
        raise NotYoursToGive
