"""Whom the word of a firm's provider signs in, and what somebody becomes at their first sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import pgettext

from slotdesk.domain.people.details import is_misleading
from slotdesk.domain.people.joining import join
from slotdesk.domain.people.members import lock_members
from slotdesk.domain.sign_in.models import SingleSignOn
from slotdesk.domain.sign_in.second_factor import has_places_elsewhere
from slotdesk.domain.tenants.models import Membership, Role, User
from slotdesk.domain.tenants.scope import active


class SignInRefused(Exception):
    """The provider's word does not open a session here. The text is for the person."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the provider says. uid: its name for the person, which never changes."""

    uid: str
    email: str
    name: str


@transaction.atomic(durable=True)
def admit(single_sign_on: SingleSignOn, identity: Identity, *, now: datetime) -> User:
    """
    Return whom the provider's word signs in; somebody new gets a place with the default role. Raises SignInRefused.

    Once linked, a person is known by the provider's own name for them, whatever their address becomes.
    """
    account = single_sign_on.account
    if not single_sign_on.is_on:
        raise SignInRefused(pgettext("staff", "This way to sign in is turned off."))
    email = identity.email.strip().lower()
    if email.rpartition("@")[2] not in single_sign_on.domains:
        raise SignInRefused(pgettext("staff", "Your address does not belong to the domains that may sign in this way."))
    provider = single_sign_on.public_id
    lock_members(account)  # two first sign-ins at once would make two people of one
    link = SocialAccount.objects.select_related("user").filter(provider=provider, uid=identity.uid).first()
    user = link.user if link else User.objects.filter(email__iexact=email).first()
    if user is not None and has_places_elsewhere(user_id=user.pk, account=account):
        raise SignInRefused(
            pgettext("staff", "You belong to several accounts here. Please sign in with your password or passkey.")
        )
    with active(account):
        if user is None:
            user = _receive(single_sign_on, email, identity.name, now)
        else:
            _must_belong(user)
    if link is None:
        SocialAccount.objects.create(user=user, provider=provider, uid=identity.uid)
    return user


def _receive(single_sign_on: SingleSignOn, email: str, name: str, now: datetime) -> User:
    """Make somebody who is new a member; the agent with their address becomes theirs."""
    role: Role | None = single_sign_on.default_role
    if role is None:
        raise SignInRefused(
            pgettext("staff", "You have no place here yet. Please ask your administrator to invite you.")
        )
    user = User.objects.create_user(email, name="" if is_misleading(name) else name)
    join(account=single_sign_on.account, user=user, role=role, through=single_sign_on.label, now=now)
    return user


def _must_belong(user: User) -> None:
    member = Membership.objects.filter(user=user).first()
    if member is None:
        raise SignInRefused(
            pgettext("staff", "You have no place here yet. Please ask your administrator to invite you.")
        )
    if member.left_at is not None or not user.is_active:
        raise SignInRefused(pgettext("staff", "Your place here has ended. Please ask your administrator."))
