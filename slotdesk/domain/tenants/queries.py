"""Reading accounts and memberships."""

from __future__ import annotations

from django.db.models import Count

from slotdesk.domain.tenants.models import Account, Membership, Role, User
from slotdesk.domain.tenants.permissions import BuiltIn
from slotdesk.domain.tenants.scope import all_accounts


class NotAMember(Exception):
    """The user has no place in any account, or not in the one asked for."""


def get_membership(*, user: User, account_id: str = "") -> Membership:
    """Return the user's place in the account with this id, or in the one they joined first. Raises NotAMember."""
    places = (place for place in list_places(user) if not account_id or place.account.public_id == account_id)
    membership = next(places, None)
    if membership is None:
        raise NotAMember(user.pk)
    return membership


def list_places(user: User) -> list[Membership]:
    """Where the user has a place, in the order in which they joined."""
    with all_accounts():  # which accounts a person belongs to is known before any is active
        places = Membership.objects.filter(user=user, user__is_active=True, left_at=None)
        return list(places.select_related("account", "user", "role").order_by("created_at", "id"))


def has_sign_in(email: str) -> bool:
    """Whether somebody signs in with this address, in whatever account. Not to be told to whoever enters one."""
    return User.objects.filter(email__iexact=email).exists()


def get_account(slug: str) -> Account:
    """Return the account. Raises Account.DoesNotExist."""
    return Account.objects.get(slug=slug)


def list_accounts() -> list[Account]:
    """Every account, for upkeep that is for everybody."""
    return list(Account.objects.order_by("id"))


def list_roles() -> list[Role]:
    """The active account's roles: the built-in ones in their own order, then its own by name."""
    order = list(BuiltIn)
    roles = Role.objects.select_related("account")
    return sorted(roles, key=lambda role: (order.index(BuiltIn(role.key)) if role.key else len(order), role.name))


def get_role(public_id: str) -> Role:
    """Raises Role.DoesNotExist."""
    return Role.objects.select_related("account").get(public_id=public_id)


def count_members() -> dict[int, int]:
    """How many members have each role now, by the role's key in the database."""
    counted = Membership.objects.filter(left_at=None).values_list("role").annotate(count=Count("pk"))
    return dict(counted)
