"""A database address as Django wants it."""

from __future__ import annotations

import urllib.parse
from typing import Any


def django_database(url: str) -> dict[str, Any]:
    """
    Return Django's settings for postgresql://user:password@host:port/name?option=value.

    A `host` option (a socket folder) wins over the host in the address. Raises ValueError for anything else.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("must begin with postgresql://")
    name = urllib.parse.unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("must end with the name of the database, such as postgresql://db.example/slotdesk")
    options = dict(urllib.parse.parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": urllib.parse.unquote(parts.username or ""),
        "PASSWORD": urllib.parse.unquote(parts.password or ""),
        "HOST": options.pop("host", urllib.parse.unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "slotdesk", "connect_timeout": 5, **options},
    }
