"""Reading accounts and memberships."""

from __future__ import annotations

from slotdesk.domain.tenants.models import Account, Membership, User
from slotdesk.domain.tenants.scope import all_accounts


class NotAMember(Exception):
    """The user has no place in any account, or not in the one asked for."""


def get_membership(*, user: User, slug: str = "") -> Membership:
    """Return the user's place in the account, or in the one they joined first. Raises NotAMember."""
    with all_accounts():  # which accounts a person belongs to is known before any is active
        places = Membership.objects.filter(user=user, user__is_active=True, left_at=None)
        places = places.select_related("account", "user", "role")
        if slug:
            places = places.filter(account__slug=slug)
        membership = places.order_by("created_at", "id").first()
    if membership is None:
        raise NotAMember(user.pk)
    return membership


def get_account(slug: str) -> Account:
    """Return the account. Raises Account.DoesNotExist."""
    return Account.objects.get(slug=slug)


def list_accounts() -> list[Account]:
    """Every account, for upkeep that is for everybody."""
    return list(Account.objects.order_by("id"))
