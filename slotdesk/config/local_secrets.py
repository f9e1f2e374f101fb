"""Secrets that a development machine makes up for itself and keeps."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept(folder: Path, name: str) -> str:
    """Return the secret in `folder/name`; make it the first time, readable by the owner only."""
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        value = secrets.token_urlsafe(48)
        file.write(value)
    return value
