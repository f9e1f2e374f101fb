"""Values as the vendor's paths, bodies and condition language write them."""

from __future__ import annotations

from datetime import UTC, datetime

from slotdesk.ports.errors import NotFound


def number(id_: str) -> int:
    """An id of ours as the vendor's number; what is none cannot exist there, and raises NotFound."""
    if not (id_.isascii() and id_.isdigit()):
        raise NotFound("ConnectWise has no such object.")
    return int(id_)


def instant(at: datetime) -> str:
    """In UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(text: str) -> str:
    """Text that is safe between quotes: the condition language knows no way to write a quote inside one."""
    return "".join(c for c in text if c.isprintable() and c not in '"\\')


def quoted(text: str) -> str:
    """A text value of a condition."""
    return f'"{plain(text)}"'
