"""Slowing down whoever keeps failing to prove who they are."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache

_WINDOW = timedelta(minutes=5)
_MOST_FAILURES = 10


def is_throttled(*, connection_id: str, address: str) -> bool:
    """Whether this address has failed too often lately, at whichever of our processes."""
    return _count(_key(connection_id, address)) >= _MOST_FAILURES


def note_failure(*, connection_id: str, address: str) -> None:
    """Count one more. Two that fail at the same instant may count as one, which the limit can bear."""
    key = _key(connection_id, address)
    cache.set(key, _count(key) + 1, timeout=_WINDOW.total_seconds())


def retry_after() -> int:
    """Seconds after the last failure until the count begins anew."""
    return int(_WINDOW.total_seconds())


def _count(key: str) -> int:
    return int(cache.get(key, 0))


def _key(connection_id: str, address: str) -> str:
    return f"panel-proof:{connection_id}:{address}"
