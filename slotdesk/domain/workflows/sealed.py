"""Secrets in a step's settings: encrypted before they are stored, opened when the step runs, never shown again."""

from __future__ import annotations

from django.conf import settings

from slotdesk.lib.crypto import CannotDecrypt, Vault
from slotdesk.ports import errors

_MARK = "sealed:"


def seal(text: str) -> str:
    """Return the text as settings keep it; what is sealed already stays."""
    return text if not text or is_sealed(text) else _MARK + Vault(settings.ENCRYPTION_KEYS).encrypt(text)


def is_sealed(text: str) -> bool:
    return text.startswith(_MARK)


def unseal(text: str) -> str:
    """Raises ports.errors.Rejected when the key that it was encrypted with is gone."""
    if not is_sealed(text):
        return text
    try:
        return Vault(settings.ENCRYPTION_KEYS).decrypt(text.removeprefix(_MARK))
    except CannotDecrypt as error:
        raise errors.Rejected(
            "The step’s secret cannot be opened: it was saved with an encryption key that is missing now."
        ) from error
