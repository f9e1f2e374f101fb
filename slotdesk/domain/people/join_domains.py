"""Joining an account by oneself, with an address of one of its domains: an invitation that one asks for."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import pgettext
from procrastinate.contrib.django import app

from slotdesk.domain.events.operations import record
from slotdesk.domain.people.invitations import InvitationState, invite_people, state_of
from slotdesk.domain.tenants.grants import must_cover
from slotdesk.domain.tenants.models import Account, Invitation, JoinDomain, Role
from slotdesk.domain.tenants.permissions import BuiltIn
from slotdesk.domain.tenants.scope import active, all_accounts

ASK = "invite_by_domain"
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
# Where everybody gets an address: whoever names one of these would let everybody in.
_FOR_EVERYBODY = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com"}
    | {"me.com", "aol.com", "gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com", "mail.com"}
)


class BadDomain(Exception):
    """It is no domain that people may join by; the text says why."""


@transaction.atomic(durable=True)
def add_join_domain(*, account: Account, domain: str, role: Role, by: Role, actor: str, now: datetime) -> None:
    """
    Let people who prove an address of this domain join with this role; a domain that is there gets the role.

    by: the role of whoever decides; the one that they give may not allow more. Raises BadDomain, NotYoursToGive.
    """
    domain = domain.strip().lower().lstrip("@")
    if not _DOMAIN.fullmatch(domain):
        raise BadDomain(pgettext("staff", "Write the domain like example.com."))
    if domain in _FOR_EVERYBODY:
        raise BadDomain(pgettext("staff", "Everybody can have an address there."))
    if role.key == BuiltIn.ADMINISTRATOR:
        raise BadDomain(pgettext("staff", "Nobody becomes an administrator by themselves."))
    must_cover(by, role)
    before = JoinDomain.objects.select_related("role").filter(account=account, domain=domain).first()
    JoinDomain.objects.update_or_create(account=account, domain=domain, defaults={"role": role})
    record(
        account=account,
        kind="join_domain.added",
        subject=account.public_id,
        actor=actor,
        data={"domain": domain},
        changes={"role": (before.role.name if before else None, role.name)},
        now=now,
    )


@transaction.atomic(durable=True)
def remove_join_domain(*, account: Account, domain: str, actor: str, now: datetime) -> None:
    """Let nobody join by it any more; who has joined stays. One that is not there changes nothing."""
    gone, _ = JoinDomain.objects.filter(account=account, domain=domain).delete()
    if gone:
        record(
            account=account,
            kind="join_domain.removed",
            subject=account.public_id,
            actor=actor,
            data={"domain": domain},
            now=now,
        )


def list_join_domains() -> list[JoinDomain]:
    return list(JoinDomain.objects.select_related("role").order_by("domain"))


def ask_to_join(email: str) -> None:
    """
    Have an invitation sent to this address by every account whose domain it has, if there is any.

    The same work for every address: whoever watches the clock learns nothing either.
    """
    app.configure_task(ASK, queue="mail").defer(email=email.strip().lower()[:254])


def invite_by_domain(*, email: str, now: datetime) -> None:
    """Send them. Members get nothing, and neither does whoever has an open invitation: it is in their mailbox."""
    with all_accounts():  # the domain is what tells the accounts
        domains = list(
            JoinDomain.objects.select_related("account", "role").filter(domain=email.rpartition("@")[2]).order_by("id")
        )
    for each in domains:
        with active(each.account):
            waiting = Invitation.objects.filter(email__iexact=email, accepted_at=None, revoked_at=None).first()
            if waiting is None or state_of(waiting, now=now) == InvitationState.EXPIRED:
                invite_people(
                    account=each.account,
                    emails=[email],
                    role=each.role,
                    team_ids=[],
                    by=each.role,
                    actor=each.account.name,
                    now=now,
                )
