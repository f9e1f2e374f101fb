"""Making accounts and giving people a place in them."""

from __future__ import annotations

from django.db import transaction

from slotdesk.domain.tenants.models import Account, Membership, Role, User
from slotdesk.domain.tenants.permissions import DEFAULTS, BuiltIn
from slotdesk.domain.tenants.scope import active


class AccountExists(Exception):
    """An account with this slug is there already."""


@transaction.atomic(durable=True)
def create_account(*, name: str, slug: str, country: str, zone: str, support_email: str = "") -> Account:
    """Create an account with the built-in roles and without any people. Raises AccountExists."""
    return _create(name=name, slug=slug, country=country, zone=zone, support_email=support_email)


@transaction.atomic(durable=True)
def found_account(
    *, name: str, slug: str, country: str, zone: str, admin_email: str, admin_name: str, password: str | None
) -> Account:
    """
    Create an account together with its first administrator: both or neither.

    password   for somebody new; whoever signs in already keeps theirs, and None says so. Raises AccountExists.
    """
    account = _create(name=name, slug=slug, country=country, zone=zone, support_email="")
    user = find_or_make_user(email=admin_email, name=admin_name, password=password)
    with active(account):
        Membership.objects.create(account=account, user=user, role=Role.objects.get(key=BuiltIn.ADMINISTRATOR))
    return account


def _create(*, name: str, slug: str, country: str, zone: str, support_email: str) -> Account:
    if Account.objects.filter(slug=slug).exists():
        raise AccountExists(slug)
    account = Account.objects.create(name=name, slug=slug, country=country, zone=zone, support_email=support_email)
    add_built_in_roles(account)
    return account


def add_built_in_roles(account: Account) -> None:
    """Give the account the roles that every account has; those that it has stay as they are."""
    with active(account):
        for built_in in BuiltIn:
            Role.objects.get_or_create(
                account=account,
                key=built_in.value,
                defaults={"name": built_in.label, "permissions": sorted(DEFAULTS[built_in])},
            )


def find_or_make_user(*, email: str, name: str, password: str | None) -> User:
    """
    Return the person who signs in with this address, in the caller's transaction.

    Somebody new gets the name and the password, None = they cannot sign in with one. Others keep theirs.
    """
    return User.objects.filter(email__iexact=email).first() or User.objects.create_user(email, password, name=name)
