"""A connection's settings, sealed and opened."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from pydantic import BaseModel, SecretStr

from slotdesk.lib.crypto import Vault


def seal(values: BaseModel) -> str:
    """Return the settings as encrypted text."""
    plain = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in values.model_dump().items()
    }
    return _vault().encrypt(json.dumps(plain, default=str))


def unseal(model: type[BaseModel], sealed: str) -> BaseModel:
    """Return the settings. Raises lib.crypto.CannotDecrypt."""
    return model.model_validate_json(_vault().decrypt(sealed))


def say_changes(before: BaseModel | None, after: BaseModel) -> dict[str, tuple[Any, Any]]:
    """
    Return field → (before, after) for the audit log.

    Of a secret only that it was set or replaced. before: None when there was none, or the key that opens it is gone.
    """
    changes: dict[str, tuple[Any, Any]] = {}
    for name in type(after).model_fields:
        old, new = getattr(before, name, None), getattr(after, name)
        if old == new:
            continue
        if isinstance(old, SecretStr) or isinstance(new, SecretStr):
            after_words = "(a secret)" if old is None else "(another secret)"
            changes[name] = (None if old is None else "(a secret)", None if new is None else after_words)
        else:
            changes[name] = (old, new)
    return changes


def _vault() -> Vault:
    return Vault(settings.ENCRYPTION_KEYS)
