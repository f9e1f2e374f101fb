"""Public ids: a prefix that says what it names, and 22 random base-62 characters (131 bits)."""

from __future__ import annotations

import secrets
import string

_ALPHABET = string.digits + string.ascii_letters


def random_text(length: int) -> str:
    """Return `length` random base-62 characters."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_id(prefix: str) -> str:
    """Return a new public id such as `sreq_4bYt9KmX0pLcVq2RzWn7Sd`."""
    return f"{prefix}_{random_text(22)}"
