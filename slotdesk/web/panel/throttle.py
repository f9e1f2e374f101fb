"""Slowing down whoever keeps failing to prove who they are."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache

_WINDOW = timedelta(minutes=5)
_MOST_FAILURES = 10


def is_throttled(*, connection_id: str, address: str) -> bool:
    """Whether this address has failed too often lately. Each web process counts for itself."""
    return int(cache.get(_key(connection_id, address), 0)) >= _MOST_FAILURES


def note_failure(*, connection_id: str, address: str) -> None:
    key = _key(connection_id, address)
    cache.add(key, 0, timeout=_WINDOW.total_seconds())
    try:
        cache.incr(key)
    except ValueError:
        return  # it ran out between the two lines; a new window begins with the next failure


def retry_after() -> int:
    """Seconds after which the count begins anew."""
    return int(_WINDOW.total_seconds())


def _key(connection_id: str, address: str) -> str:
    return f"panel-proof:{connection_id}:{address}"
