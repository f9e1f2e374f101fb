"""How values read on the page."""

import re
from datetime import datetime
from email.utils import parseaddr
from zlib import crc32

from markupsafe import Markup, escape

from sandbox.mail.reading import TRAILING_PUNCTUATION, URL

TONES = 6


def size(octets: int) -> str:
    """Bytes as people write them: 512 B, 1.4 kB, 3.0 MB."""
    if octets < 1000:
        return f"{octets} B"
    if octets < 1_000_000:
        return f"{octets / 1000:.1f} kB"
    return f"{octets / 1_000_000:.1f} MB"


def display_name(address: str) -> str:
    """The person's name in an address header, else the address, else what is there."""
    name, bare = parseaddr(address)
    return name or bare or address or "(nobody)"


def tone(text: str) -> int:
    """A steady colour number for a name, 0 to 5."""
    return crc32(text.lower().encode()) % TONES


def linked(text: str) -> Markup:
    """Plain text with its web addresses clickable; everything else stays text."""
    pieces: list[Markup] = []
    end = 0
    for match in URL.finditer(text):
        url = match.group().rstrip(TRAILING_PUNCTUATION)
        pieces.append(escape(text[end : match.start()]))
        pieces.append(Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>').format(url))
        end = match.start() + len(url)
    pieces.append(escape(text[end:]))
    return Markup("").join(pieces)


def initial(name: str) -> str:
    """The letter on a person's badge."""
    return next(iter(re.findall(r"\w", name)), "?").upper()


def utc(moment: datetime) -> str:
    """How a time reads until the page's script puts it on the reader's own clock."""
    return f"{moment:%d %b %Y, %H:%M} UTC"
