"""Who must sign in with a second factor, until when they have time, and what happens when they lose it."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from procrastinate.contrib.django import app

from slotdesk.domain.events.operations import record
from slotdesk.domain.sign_in.mails import SEND_RESET_NOTICE
from slotdesk.domain.sign_in.sessions import end_sessions
from slotdesk.domain.tenants.actor import Actor
from slotdesk.domain.tenants.models import Account, Membership, SecondFactor
from slotdesk.domain.tenants.permissions import BuiltIn
from slotdesk.domain.tenants.scope import all_accounts

GRACE = timedelta(days=7)
_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class PlacesElsewhere(Exception):
    """The person belongs to another account too, whose people have not asked for this."""


class AdministratorsOnly(Exception):
    """Only an administrator may do this to an administrator."""


def find_deadline(member: Membership) -> datetime | None:
    """By when the member must have set up a second factor: within seven days. None = there is nothing to do."""
    account = member.account
    if not _is_asked_of(member) or account.second_factor_since is None:
        return None
    if has_second_factor(member):
        return None
    return max(account.second_factor_since, member.created_at) + GRACE


def has_second_factor(member: Membership) -> bool:
    return bool(Authenticator.objects.filter(user_id=member.user_id, type__in=_FACTORS).exists())


def list_with_second_factor(account: Account) -> list[Membership]:
    """Members who have one, by name."""
    protected = Authenticator.objects.filter(type__in=_FACTORS).values("user_id")
    members = Membership.objects.filter(account=account, left_at=None, user_id__in=protected)
    return list(members.select_related("user", "role").order_by("user__name", "user__email"))


def list_without(account: Account) -> list[Membership]:
    """Members who have none, by name."""
    protected = Authenticator.objects.filter(type__in=_FACTORS).values("user_id")
    members = Membership.objects.filter(account=account, left_at=None).exclude(user_id__in=protected)
    return list(members.select_related("user", "role").order_by("user__name", "user__email"))


@transaction.atomic(durable=True)
def ask_for_second_factor(*, account: Account, whom: SecondFactor, actor: str, now: datetime) -> None:
    """
    Say who must have a second factor.

    Those of whom it was not asked before have seven days from now; asking again of the same changes nothing.
    """
    stored = Account.objects.select_for_update().get(pk=account.pk)
    before = stored.second_factor
    if before == whom:
        return
    stored.second_factor = whom
    if whom == SecondFactor.NOBODY:
        stored.second_factor_since = None
    elif not (before == SecondFactor.EVERYBODY and whom == SecondFactor.ADMINISTRATORS):
        stored.second_factor_since = now
    stored.save(update_fields=["second_factor", "second_factor_since"])
    record(
        account=account,
        kind="security.second_factor_changed",
        subject=account.public_id,
        actor=actor,
        changes={"second_factor": (before, str(whom))},
        now=now,
    )


@transaction.atomic(durable=True)
def reset_second_factor(*, member: Membership, by: Membership, actor: Actor, now: datetime) -> None:
    """
    Take a member's second factors away, so that somebody who lost theirs can sign in and set up a new one.

    Their sessions end, as what they lost may be in somebody else's hands. A job writes to the person, so that nobody
    loses theirs unnoticed. Raises PlacesElsewhere and AdministratorsOnly.
    """
    if member.role.key == BuiltIn.ADMINISTRATOR and by.role.key != BuiltIn.ADMINISTRATOR:
        raise AdministratorsOnly(member.public_id)
    if has_places_elsewhere(user_id=member.user_id, account=member.account):
        raise PlacesElsewhere(member.public_id)
    gone, _ = Authenticator.objects.filter(user_id=member.user_id).delete()
    if gone:
        end_sessions([member.user_id])
        record(
            account=member.account,
            kind="user.second_factor_reset",
            subject=member.public_id,
            actor=actor,
            now=now,
        )
        app.configure_task(SEND_RESET_NOTICE, queue="mail").defer(user_id=member.user_id, by=str(actor))


def has_places_elsewhere(*, user_id: int, account: Account) -> bool:
    """Whether the user belongs, or once belonged, to an account other than this one."""
    with all_accounts():  # the question is about the others
        return Membership.objects.filter(user_id=user_id).exclude(account=account).exists()


def _is_asked_of(member: Membership) -> bool:
    match member.account.second_factor:
        case SecondFactor.EVERYBODY:
            return True
        case SecondFactor.ADMINISTRATORS:
            return member.role.key == BuiltIn.ADMINISTRATOR
    return False
