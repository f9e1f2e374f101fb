"""Websites as browsers tell them apart: scheme, host and port, such as https://www.example.com."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_LOCAL = re.compile(r"localhost|127\.0\.0\.1|\[::1\]|.+\.localhost")
_LAST_PORT = 65_535
_EXAMPLE = "https://www.example.com"


class BadOrigin(ValueError):
    """The text names no website that could be let in; it says why, and what to write instead."""


def read_origin(text: str) -> str:
    """
    Return the website in the form in which browsers and content security policies compare it.

    https only, http too for this machine. "https://*.example.com" means every subdomain of example.com and not
    example.com itself. Names in other letters are written as browsers write them (xn--…). Raises BadOrigin.
    """
    if not text.isprintable() or len(text) > 300 or " " in text:
        raise BadOrigin("write one website a line, without spaces.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadOrigin(f"this is no address. Write it like {_EXAMPLE}.") from None
    if parts.scheme not in ("https", "http") or not parts.netloc:
        raise BadOrigin(f"begin with https://, such as {_EXAMPLE}.")
    if "@" in parts.netloc:
        raise BadOrigin(f"leave out the part before the @. Write it like {_EXAMPLE}.")
    host = _read_host(parts.netloc.rpartition(":")[0] if port is not None else parts.netloc.removesuffix(":"))
    if parts.scheme == "http" and not _LOCAL.fullmatch(host):
        raise BadOrigin(f"only https:// is possible. If the website has it, write https://{host}.")
    if port == 0:
        raise BadOrigin(f"the port must be between 1 and {_LAST_PORT}.")
    standard = {"https": 443, "http": 80}[parts.scheme]
    origin = f"{parts.scheme}://{host}" + ("" if port in (None, standard) else f":{port}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise BadOrigin(f"leave out what follows the name. A website is let in as a whole: {origin}.")
    return origin


def _read_host(text: str) -> str:
    """Raises BadOrigin."""
    name = text.removeprefix("*.")
    if "*" in name:
        raise BadOrigin("a star stands for subdomains, at the very beginning: https://*.example.com.")
    if name == "[::1]":
        return name
    try:
        host = name.encode("idna").decode().lower()
    except UnicodeError:
        host = ""
    if not _HOST.fullmatch(host):
        raise BadOrigin(f"“{text}” is no name of a website. Write it like {_EXAMPLE}.")
    if name == text:
        return host
    if "." not in host:
        raise BadOrigin(f"this would let half of the internet in. Name at least two parts: https://*.example.{host}.")
    return f"*.{host}"
