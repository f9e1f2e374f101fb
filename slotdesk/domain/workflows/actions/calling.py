"""Calling addresses that an account has named: through the guarded door, with answers as ports.errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import pgettext

from slotdesk.lib.http import BadUrl, Door, Forbidden, HttpError, TooLarge
from slotdesk.ports import errors

SECONDS = 15.0
# What the other side says is looked at for its status only.
_MOST_BYTES = 100_000
# Where the other side asks for time without saying how much.
_WAIT = 60.0


def check_url(url: str) -> str:
    """Return the address. Raises ValueError for one that cannot be called."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username:
        raise ValueError(pgettext("staff", "must be a web address that begins with https://."))
    return url


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def post(url: str, body: Mapping[str, Any] | str, *, headers: Mapping[str, str] | None = None) -> str:
    """
    Send the JSON once and return what to tell staff.

    Raises ports.errors: Unreachable and RateLimited for what may pass, Rejected for what will not. After Unreachable
    the other side may have acted all the same.
    """
    door = Door(allowed_private=settings.ALLOWED_PRIVATE_NETWORKS, deadline=SECONDS, max_bytes=_MOST_BYTES)
    content = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    sent = {"content-type": "application/json", **(headers or {})}
    try:
        reply = door.request("POST", url, label="workflow", headers=sent, content=content.encode())
        status, retry_after = reply.status, reply.retry_after
    except TooLarge as error:  # it has acted and said so; the rest of what it says is not waited for
        status, retry_after = error.status, None
    except (BadUrl, Forbidden) as error:
        raise errors.Rejected(str(error)) from error
    except HttpError as error:
        raise errors.Unreachable(str(error)) from error
    said = f"{host_of(url)} answered {status}."
    if status == 429:
        raise errors.RateLimited(said, retry_after=retry_after or _WAIT)
    if status >= 500 or status == 408:
        raise errors.Unreachable(said)
    if not 200 <= status < 300:
        raise errors.Rejected(said)
    return said
