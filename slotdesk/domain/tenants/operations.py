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
    _give_place(account, email=admin_email, name=admin_name, role=BuiltIn.ADMINISTRATOR, password=password)
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


@transaction.atomic(durable=True)
def add_member(*, account: Account, email: str, name: str, role: BuiltIn, password: str | None = None) -> Membership:
    """
    Give the person with this address a place in the account, or change the role they have there.

    A person who is new gets the password; None means that they cannot sign in with one. Somebody who has an account
    already keeps their password and name.
    """
    return _give_place(account, email=email, name=name, role=role, password=password)


def _give_place(account: Account, *, email: str, name: str, role: BuiltIn, password: str | None) -> Membership:
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, password, name=name)
    with active(account):
        membership, _created = Membership.objects.update_or_create(
            account=account, user=user, defaults={"role": Role.objects.get(key=role), "left_at": None}
        )
    return membership
