"""A connection's settings, sealed and opened."""

from __future__ import annotations

import json

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


def _vault() -> Vault:
    return Vault(settings.ENCRYPTION_KEYS)
