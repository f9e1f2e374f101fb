"""Secrets that a development machine makes up for itself and keeps."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def kept(folder: Path, name: str) -> str:
    """
    Return the secret in `folder/name`; make it the first time, readable by the owner only.

    Of several processes that make it at once, one wins, and all of them return the winner's.
    """
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text(encoding="ascii").strip()
