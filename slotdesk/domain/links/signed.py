"""
Links that know who opens them, or which ticket they are for: what they know is in their address, signed by us.

Whoever holds such a link is taken for the one it was made for, as with a request's own link, so no code is asked for.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core import signing

from slotdesk.domain.links.finding import Link

LIFETIME = timedelta(days=90)
_SALT = "slotdesk.link"


class BadSignature(Exception):
    """Somebody has changed the address, it is for another link, or it has run out."""


@dataclass(frozen=True, slots=True)
class Known:
    """
    What a signed link knows.

    ticket_number   the ticket that a time is booked for; empty for a shareable link
    name, email     the client; contact_id: theirs in the PSA. Empty = whoever opens it says.
    """

    ticket_number: str = ""
    name: str = ""
    email: str = ""
    contact_id: str = ""


def sign(link: Link, known: Known) -> str:
    """Return the text that makes the link's address know this."""
    values = {name: value for name, value in asdict(known).items() if value}
    return signing.dumps({"link": _names(link), **values}, salt=_SALT, compress=True)


def read(link: Link, text: str) -> Known:
    """Raises BadSignature."""
    try:
        values = signing.loads(text, salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature:
        raise BadSignature from None
    if values.pop("link") != _names(link):
        raise BadSignature
    return Known(**values)


def _names(link: Link) -> list[str]:
    """Public ids: another address of the same people is the same link."""
    return [link.appointment_type.public_id, *(each.public_id for each in link.resources)]
