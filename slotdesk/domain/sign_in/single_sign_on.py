"""
Signing in through one's firm: which account's provider may open which person's session.

A provider is believed about its own account only. It signs in people whose address lies in the domains that the
account has named, and who belong to no other account: otherwise the administrator of one account could name themselves
anybody at their own provider, and so enter another's. For the same reason only administrators choose the provider:
whoever does can have it name them anybody of the account, an administrator too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from pydantic import BaseModel, HttpUrl, SecretStr, StringConstraints

from slotdesk.domain.events.operations import record
from slotdesk.domain.sign_in.models import SingleSignOn
from slotdesk.domain.sign_in.sessions import end_sessions
from slotdesk.domain.tenants.grants import must_be_administrator
from slotdesk.domain.tenants.models import Account, Membership, Role
from slotdesk.domain.tenants.scope import all_accounts
from slotdesk.lib.crypto import CannotDecrypt, Vault

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class OidcSettings(BaseModel):
    """server_url: the issuer, below which .well-known/openid-configuration is found."""

    server_url: HttpUrl
    client_id: Text
    client_secret: SecretStr


class SamlSettings(BaseModel):
    """
    certificate        the one that the provider signs with, PEM or its bare Base64
    next_certificate   another one that it signs with, while it changes from one to the other
    """

    entity_id: Text
    sso_url: HttpUrl
    slo_url: HttpUrl | None = None
    certificate: Text
    next_certificate: Text | None = None


class NotTested(Exception):
    """It is turned on only after an administrator went there and came back."""


def find_single_sign_on() -> SingleSignOn | None:
    """The active account's, on or off."""
    return SingleSignOn.objects.select_related("account", "default_role").first()


def find_by_id(public_id: str) -> SingleSignOn | None:
    """Any account's, for somebody who is only just signing in."""
    with all_accounts():  # the address says which; who comes through it is judged afterwards
        found = SingleSignOn.objects.filter(public_id=public_id)
        return found.select_related("account", "default_role").first()


def find_of_firm(slug: str) -> SingleSignOn | None:
    """The one of the account with this short name, when it is on."""
    with all_accounts():  # nobody is signed in yet
        return SingleSignOn.objects.select_related("account").filter(account__slug=slug, is_on=True).first()


def find_only_one() -> SingleSignOn | None:
    """The one to offer on the sign-in page itself: where the installation has a single account."""
    if Account.objects.count() != 1:
        return None
    with all_accounts():  # nobody is signed in yet
        return SingleSignOn.objects.select_related("account").filter(is_on=True).first()


def open_settings(single_sign_on: SingleSignOn) -> OidcSettings | SamlSettings:
    """Return the settings, secrets included. Raises lib.crypto.CannotDecrypt."""
    is_oidc = single_sign_on.protocol == SingleSignOn.Protocol.OIDC
    plain = _vault().decrypt(single_sign_on.settings)
    return (OidcSettings if is_oidc else SamlSettings).model_validate_json(plain)


def public_id_of(account: Account) -> str:
    """The id that the account's single sign-on has or will have: its addresses are entered at the provider first."""
    return "sso_" + account.public_id.removeprefix("acct_")


@transaction.atomic(durable=True)
def save_single_sign_on(
    *,
    account: Account,
    protocol: SingleSignOn.Protocol,
    vendor: SingleSignOn.Vendor,
    label: str,
    values: OidcSettings | SamlSettings,
    domains: list[str],
    default_role: Role | None,
    by: Role,
    actor: str,
    now: datetime,
) -> SingleSignOn:
    """
    Store how the account's people sign in through their firm.

    Another provider than before has to be tested again, and whom the one before knew by its own names it knew: those
    links are dropped, so that a name that means somebody else there opens nobody's session.

    by   the role of whoever does it. Raises NotYoursToGive.
    """
    must_be_administrator(by)
    stored = SingleSignOn.objects.select_for_update().filter(account=account).first()
    single_sign_on = stored or SingleSignOn(account=account, public_id=public_id_of(account))
    before = _told(stored) if stored else {}
    is_other = stored is None or _provider(open_settings(stored)) != _provider(values)
    single_sign_on.protocol, single_sign_on.vendor, single_sign_on.label = protocol, vendor, label
    single_sign_on.domains, single_sign_on.default_role = domains, default_role
    single_sign_on.settings = _seal(values)
    if is_other:
        single_sign_on.tested_at, single_sign_on.is_on, single_sign_on.is_required = None, False, False
        SocialAccount.objects.filter(provider=single_sign_on.public_id).delete()
    single_sign_on.save()
    after = _told(single_sign_on)
    record(
        account=account,
        kind="single_sign_on.saved",
        subject=single_sign_on.public_id,
        actor=actor,
        changes={field: (before.get(field), after[field]) for field in after if before.get(field) != after[field]},
        now=now,
    )
    return single_sign_on


@transaction.atomic(durable=True)
def note_test(single_sign_on: SingleSignOn, *, actor: str, now: datetime) -> None:
    """Write down that an administrator went to the provider and came back."""
    SingleSignOn.objects.filter(pk=single_sign_on.pk).update(tested_at=now)
    record(
        account=single_sign_on.account,
        kind="single_sign_on.tested",
        subject=single_sign_on.public_id,
        actor=actor,
        now=now,
    )


@transaction.atomic(durable=True)
def switch_single_sign_on(
    *, account: Account, is_on: bool, is_required: bool, by: Role, actor: str, now: datetime
) -> None:
    """
    Offer it or not, and say whether it is the only way in.

    Administrators may always sign in with their password too, so that a provider that fails locks nobody out. Raises
    NotYoursToGive, NotTested, SingleSignOn.DoesNotExist.
    """
    must_be_administrator(by)
    stored = SingleSignOn.objects.select_for_update().get(account=account)
    if is_on and stored.tested_at is None:
        raise NotTested(stored.public_id)
    before = {"is_on": stored.is_on, "is_required": stored.is_required}
    after = {"is_on": is_on, "is_required": is_on and is_required}
    if before == after:
        return
    stored.is_on, stored.is_required = after["is_on"], after["is_required"]
    stored.save(update_fields=["is_on", "is_required"])
    record(
        account=account,
        kind="single_sign_on.switched",
        subject=stored.public_id,
        actor=actor,
        changes={field: (before[field], after[field]) for field in after if before[field] != after[field]},
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Users:
    """Who signs in through the provider: with a password of their own too, and without one."""

    with_password: list[Membership]
    without_password: list[Membership]


def list_users(single_sign_on: SingleSignOn) -> Users:
    """People of the account whom the provider has signed in, by name; not those who left."""
    linked = SocialAccount.objects.filter(provider=single_sign_on.public_id).values("user_id")
    members = Membership.objects.filter(account=single_sign_on.account, left_at=None, user_id__in=linked)
    users = Users([], [])
    for member in members.select_related("user", "role").order_by("user__name", "user__email"):
        (users.with_password if member.user.has_usable_password() else users.without_password).append(member)
    return users


@transaction.atomic(durable=True)
def delete_single_sign_on(*, account: Account, by: Role, actor: str, now: datetime) -> None:
    """
    Forget the provider. Places and history stay; whoever it has signed in is signed out, and needs a password now.

    Somebody who has none chooses one by the link that *Forgot your password?* sends. Raises NotYoursToGive,
    SingleSignOn.DoesNotExist.
    """
    must_be_administrator(by)
    stored = SingleSignOn.objects.select_for_update().get(account=account)
    links = SocialAccount.objects.filter(provider=stored.public_id)
    end_sessions(list(links.values_list("user_id", flat=True)))
    links.delete()
    record(
        account=account,
        kind="single_sign_on.deleted",
        subject=stored.public_id,
        actor=actor,
        changes={field: (value, None) for field, value in _told(stored).items()},
        now=now,
    )
    stored.delete()


def _provider(values: OidcSettings | SamlSettings) -> str:
    """What tells one provider from another; a new secret or certificate does not."""
    return f"oidc {values.server_url}" if isinstance(values, OidcSettings) else f"saml {values.entity_id}"


def _told(single_sign_on: SingleSignOn) -> dict[str, object]:
    """What the audit log may know of it."""
    try:
        values = open_settings(single_sign_on)
    except CannotDecrypt:  # the key is gone; what is not sealed is told all the same
        return _told_openly(single_sign_on)
    plain = values.model_dump(mode="json", exclude={"client_secret", "certificate", "next_certificate"})
    return plain | _told_openly(single_sign_on)


def _told_openly(single_sign_on: SingleSignOn) -> dict[str, object]:
    return {
        "protocol": str(single_sign_on.protocol),
        "label": single_sign_on.label,
        "domains": single_sign_on.domains,
        "default_role": single_sign_on.default_role.name if single_sign_on.default_role else None,
    }


def _seal(values: BaseModel) -> str:
    plain = values.model_dump(mode="json")
    if isinstance(values, OidcSettings):
        plain["client_secret"] = values.client_secret.get_secret_value()
    return _vault().encrypt(json.dumps(plain))


def _vault() -> Vault:
    return Vault(settings.ENCRYPTION_KEYS)
