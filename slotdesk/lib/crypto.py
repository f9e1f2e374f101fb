"""Encryption of small secrets at rest."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CannotDecrypt(Exception):
    """None of the keys opens this text: the key it was written with is missing."""


class Vault:
    """
    Encrypts with the first key, decrypts with any.

    A key is any text of enough entropy; Fernet's own key is derived from it. To rotate, put a new key first, save what
    is stored again, then drop the old one.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("A vault needs at least one key.")
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def decrypt(self, token: str) -> str:
        """Raises CannotDecrypt."""
        try:
            return self._fernet.decrypt(token.encode("ascii")).decode()
        except InvalidToken as error:
            raise CannotDecrypt("None of the encryption keys opens this text.") from error


def _derived(key: str) -> bytes:
    digest = hashlib.blake2b(key.encode(), digest_size=32, person=b"slotdesk-vault").digest()
    return base64.urlsafe_b64encode(digest)
