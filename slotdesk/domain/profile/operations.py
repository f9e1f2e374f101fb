"""Changing the account's settings and its brand, told in the audit log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from slotdesk.domain.events.changes import Changes, changes_between, values_of
from slotdesk.domain.events.operations import record
from slotdesk.domain.events.own_texts import put_translation
from slotdesk.domain.profile.models import Logo, Profile
from slotdesk.domain.profile.queries import get_profile
from slotdesk.domain.tenants.models import Account
from slotdesk.lib.pictures import Picture

_ACCOUNT_FIELDS = ("name", "country", "zone", "language", "support_email", "support_phone", "brand_color")
_PROFILE_FIELDS = ("greeting", "footer", "header_color", "privacy_url", "help_url", "most_open_bookings")


@transaction.atomic(durable=True)
def save_account(*, account: Account, profile: Profile, actor: str, now: datetime) -> None:
    """Store name, country, zone, language, contact, help link and limit of bookings; they hold from now on."""
    changes = _save(account, profile)
    record(account=account, kind="account.changed", subject=account.public_id, now=now, actor=actor, changes=changes)


@transaction.atomic(durable=True)
def save_brand(*, account: Account, profile: Profile, actor: str, now: datetime) -> None:
    """Store colours and texts; mails that were written before keep theirs."""
    changes = _save(account, profile)
    record(account=account, kind="brand.changed", subject=account.public_id, now=now, actor=actor, changes=changes)


@transaction.atomic(durable=True)
def translate_brand(*, profile: Profile, language: str, texts: Mapping[str, str], actor: str, now: datetime) -> None:
    """Store greeting and footer in one language. profile: a stored one."""
    account, changes = profile.account, put_translation(profile, language, texts)
    if changes:
        record(account=account, kind="brand.changed", subject=account.public_id, now=now, actor=actor, changes=changes)


@transaction.atomic(durable=True)
def set_logo(*, account: Account, picture: Picture, actor: str, now: datetime) -> None:
    """Show this picture on pages and in mails."""
    digest = hashlib.sha256(picture.png).hexdigest()[:16]
    before = get_profile(account).logo_digest
    Logo.objects.update_or_create(account=account, defaults={"png": picture.png})
    logo = {"logo_digest": digest, "logo_width": picture.width, "logo_height": picture.height}
    Profile.objects.update_or_create(account=account, defaults=logo)
    _tell_logo(account, before, digest, actor, now)


@transaction.atomic(durable=True)
def remove_logo(*, account: Account, actor: str, now: datetime) -> None:
    """Show the account's initial instead. Mails that are in mailboxes lose the picture too."""
    before = get_profile(account).logo_digest
    if not before:
        return
    Logo.objects.filter(account=account).delete()
    Profile.objects.filter(account=account).update(logo_digest="", logo_width=0, logo_height=0)
    _tell_logo(account, before, "", actor, now)


def _tell_logo(account: Account, before: str, after: str, actor: str, now: datetime) -> None:
    changes = {"logo": (before, after)}
    record(account=account, kind="brand.logo_changed", subject=account.public_id, now=now, actor=actor, changes=changes)


def _save(account: Account, profile: Profile) -> Changes:
    """Write only what these forms edit, so that a logo set or a sign-in rule changed meanwhile stays."""
    stored = Account.objects.select_for_update().get(pk=account.pk)
    old, new = values_of(stored), values_of(account)
    account.save(update_fields=_ACCOUNT_FIELDS)
    profile_old = values_of(get_profile(account))
    texts = {field: getattr(profile, field) for field in _PROFILE_FIELDS}
    Profile.objects.update_or_create(account=account, defaults=texts)
    return changes_between(
        {field: old[field] for field in _ACCOUNT_FIELDS} | {field: profile_old[field] for field in _PROFILE_FIELDS},
        {field: new[field] for field in _ACCOUNT_FIELDS} | texts,
    )
