"""
Inviting people into the account, and their accepting it.

The link's secret is made from the row and the installation's own key, so that the job that writes the e-mail can make
it again; the database holds no more than its digest. Renewing an invitation changes the secret: older links are dead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from procrastinate.contrib.django import app

from slotdesk.domain.events.operations import record
from slotdesk.domain.people.joining import join
from slotdesk.domain.people.members import lock_members
from slotdesk.domain.people.models import Team
from slotdesk.domain.tenants.grants import must_cover
from slotdesk.domain.tenants.models import Account, Invitation, Membership, Role, User
from slotdesk.domain.tenants.scope import active, all_accounts

LIFETIME = timedelta(days=7)
SEND = "send_staff_invitation"


class InvitationState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


class InvitationClosed(Exception):
    """The invitation cannot be accepted, renewed or revoked any more; `state` says why."""

    def __init__(self, state: InvitationState) -> None:
        super().__init__(state.value)
        self.state = state


class SignInFirst(Exception):
    """Somebody signs in with this address already; it is for them to accept, signed in."""


class WrongPerson(Exception):
    """Whoever is signed in has another address than the one that was invited."""


class UnknownTeam(Exception):
    """A team is not there, is archived, or its members are the PSA's to say."""


@dataclass(frozen=True, slots=True)
class Invited:
    """sent: whom we write to. members: addresses of people who are in the account already; nothing is sent to them."""

    sent: list[Invitation]
    members: list[str]


@transaction.atomic(durable=True)
def invite_people(
    *,
    account: Account,
    emails: Collection[str],
    role: Role,
    team_ids: Collection[str],
    by: Role,
    actor: str,
    now: datetime,
) -> Invited:
    """
    Offer these addresses a place in the account, with the role and in the teams; jobs write the e-mails.

    Whoever has an open invitation gets a new one with this role and these teams. by: the role of whoever invites; the
    one that they give may not allow more. Raises NotYoursToGive, UnknownTeam.
    """
    must_cover(by, role)
    lock_members(account)
    teams = _teams(team_ids)
    invited = Invited([], [])
    for email in dict.fromkeys(each.strip().lower() for each in emails):
        if Membership.objects.filter(user__email__iexact=email, left_at=None).exists():
            invited.members.append(email)
            continue
        open_one = Invitation.objects.filter(email__iexact=email, accepted_at=None, revoked_at=None).first()
        invitation = open_one or Invitation(account=account, email=email)
        invitation.role, invitation.team_ids, invitation.invited_by = role, [team.public_id for team in teams], actor
        _issue(invitation, now)
        record(
            account=account,
            kind="invitation.sent",
            subject=invitation.public_id,
            now=now,
            actor=actor,
            data={"email": email, "role": role.name, "teams": [team.internal_name for team in teams]},
        )
        invited.sent.append(invitation)
    return invited


@transaction.atomic(durable=True)
def renew_invitation(*, invitation: Invitation, by: Role, actor: str, now: datetime) -> None:
    """Write to the person again, with a new link and a new week; the old link is dead. Raises InvitationClosed."""
    locked = _lock(invitation)
    state = state_of(locked, now=now)
    if state not in (InvitationState.OPEN, InvitationState.EXPIRED):
        raise InvitationClosed(state)
    must_cover(by, locked.role)
    _issue(locked, now)
    record(
        account=locked.account,
        kind="invitation.renewed",
        subject=locked.public_id,
        now=now,
        actor=actor,
        data={"email": locked.email},
    )


@transaction.atomic(durable=True)
def revoke_invitation(*, invitation: Invitation, actor: str, now: datetime) -> None:
    """Take an invitation back: its link opens nothing. Revoking twice changes nothing. Raises InvitationClosed."""
    locked = _lock(invitation)
    if locked.revoked_at is not None:
        return
    if locked.accepted_at is not None:
        raise InvitationClosed(InvitationState.ACCEPTED)
    locked.revoked_at = now
    locked.save(update_fields=["revoked_at"])
    record(
        account=locked.account,
        kind="invitation.revoked",
        subject=locked.public_id,
        now=now,
        actor=actor,
        data={"email": locked.email},
    )


def accept_invitation(
    *, invitation: Invitation, user: User | None, name: str = "", password: str = "", now: datetime
) -> Membership:
    """
    Give the person their place, once: of two who accept at the same moment the later one gets InvitationClosed.

    user             who is signed in; None for somebody new, who gets a sign-in with this name and password
    The password is checked by the caller. Raises InvitationClosed, WrongPerson, SignInFirst.
    """
    with active(invitation.account), transaction.atomic(durable=True):
        lock_members(invitation.account)
        locked = _lock(invitation)
        state = state_of(locked, now=now)
        if state != InvitationState.OPEN:
            raise InvitationClosed(state)
        if user is not None and user.email.lower() != locked.email.lower():
            raise WrongPerson
        if user is None:
            if User.objects.filter(email__iexact=locked.email).exists():
                raise SignInFirst
            user = User.objects.create_user(locked.email, password, name=name)
        locked.accepted_at = now
        locked.save(update_fields=["accepted_at"])
        return join(account=locked.account, user=user, role=locked.role, team_ids=locked.team_ids, now=now)


def find_invitation(secret: str) -> Invitation | None:
    """Return the invitation of a link, whatever became of it, before any account is active."""
    with all_accounts():  # the secret is what tells the account
        return Invitation.objects.select_related("account", "role").filter(digest=_digest(secret)).first()


def get_invitation(public_id: str) -> Invitation:
    """Raises Invitation.DoesNotExist."""
    return Invitation.objects.select_related("role", "account").get(public_id=public_id)


def list_open_invitations() -> list[Invitation]:
    """What was neither accepted nor taken back, the newest first; expired ones too, since they can be renewed."""
    waiting = Invitation.objects.filter(accepted_at=None, revoked_at=None).select_related("role", "account")
    return list(waiting.order_by("-created_at", "-id"))


def state_of(invitation: Invitation, *, now: datetime) -> InvitationState:
    if invitation.accepted_at is not None:
        return InvitationState.ACCEPTED
    if invitation.revoked_at is not None:
        return InvitationState.REVOKED
    return InvitationState.EXPIRED if invitation.expires_at <= now else InvitationState.OPEN


def invitation_link(invitation: Invitation) -> str:
    """The address that the invited person is given; it is for their mailbox alone."""
    return f"{settings.PUBLIC_URL}/join/{_secret(invitation)}/"


def _issue(invitation: Invitation, now: datetime) -> None:
    invitation.created_at, invitation.expires_at = now, now + LIFETIME
    invitation.sent_at, invitation.problem = None, ""
    invitation.digest = _digest(_secret(invitation))
    invitation.save()
    defer_sending(invitation.pk)


def defer_sending(invitation_id: int) -> None:
    """Have a worker write the invitation's e-mail soon; two jobs for one invitation do not run at once."""
    app.configure_task(SEND, queue="mail", lock=f"{SEND}:{invitation_id}").defer(invitation_id=invitation_id)


def _secret(invitation: Invitation) -> str:
    issue = f"{invitation.public_id}:{invitation.expires_at.timestamp()}"
    return salted_hmac("slotdesk.staff-invitation", issue, algorithm="sha256").hexdigest()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _lock(invitation: Invitation) -> Invitation:
    locked = Invitation.objects.select_for_update(no_key=True, of=("self",)).select_related("account", "role")
    return locked.get(pk=invitation.pk)


def _teams(team_ids: Collection[str]) -> Sequence[Team]:
    teams = list(Team.objects.filter(public_id__in=team_ids, is_active=True, source="").order_by("internal_name"))
    if len(teams) != len(set(team_ids)):
        raise UnknownTeam
    return teams
