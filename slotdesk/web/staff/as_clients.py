"""Previews of what clients get, in the language that the account writes to them in."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import translation

from slotdesk.domain.messages.kinds import ABOUT, Kind
from slotdesk.domain.tenants.models import Account


def as_clients_read(account: Account, kind: Kind | None = None) -> AbstractContextManager[None]:
    """Speak the account's language for a while; of an e-mail of a kind that technicians get, English."""
    is_for_staff = kind is not None and ABOUT[kind].reader == "technician"
    return translation.override(settings.LANGUAGE_CODE if is_for_staff else account.language)
