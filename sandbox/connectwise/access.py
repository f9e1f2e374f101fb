"""Who is calling: an API key, or a signed-in member proved by a hash; and how often."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote

from . import constants
from .clock import Clock, read_instant, write_instant
from .errors import ApiError
from .store import Doc, Store

# What the limited API member's role refuses: (methods, path prefix). "" = every method.
_LIMITED = (
    ("POST PUT PATCH DELETE", "/"),
    ("", "/schedule/holidaylists"),
    ("", "/system/callbacks"),
    ("", "/system/connectwisehostedsetups"),
    ("", "/project/"),
)
_MEMBER_HASH = (("POST PUT PATCH DELETE", "/"),)


@dataclass(frozen=True, slots=True)
class Caller:
    """
    Whose doing a call is.

    identifier  as `_info` and `createdBy` show it
    kind        api | member (by hash) | screen (a person at the stand-in's own pages)
    refuses     what the role lacks: (methods, path prefix)
    """

    identifier: str
    kind: str
    refuses: tuple[tuple[str, str], ...] = ()

    def require(self, method: str, path: str) -> None:
        """Raise ApiError (403) when the role does not allow the call."""
        for methods, prefix in self.refuses:
            if path.lower().startswith(prefix) and (not methods or method in methods.split()):
                raise ApiError(403, "Security", "You do not have security permission to perform this action.")


_KEYS = {
    constants.PUBLIC_KEY: (constants.PRIVATE_KEY, Caller(constants.API_MEMBER, "api")),
    constants.LIMITED_PUBLIC_KEY: (
        constants.LIMITED_PRIVATE_KEY,
        Caller(constants.LIMITED_API_MEMBER, "api", _LIMITED),
    ),
}
_UNAUTHORIZED = ("Unauthorized", "The authorization credentials are missing or not valid.")


def authenticate(store: Store, headers: Mapping[str, str], cookies: Mapping[str, str], clock: Clock) -> Caller:
    """
    The caller behind a request.

    Accepts `Basic company+publicKey:privateKey`, `Basic company+member:memberHash` and the cookies companyName,
    memberId, memberHash. Raises ApiError (401).
    """
    client_id = headers.get("clientid", "")
    if client_id.strip().lower() != constants.CLIENT_ID:
        raise ApiError(401, "ConnectWiseApi", "The clientId header is missing or is not a registered client id.")
    company, name, secret = _basic(headers.get("authorization", ""))
    if not secret and "memberHash" in cookies:
        company, name, secret = (unquote(cookies.get(key, "")) for key in ("companyName", "memberId", "memberHash"))
    if company.lower() != constants.COMPANY_ID:
        raise ApiError(401, *_UNAUTHORIZED)
    private, caller = _KEYS.get(name, ("", None))
    if caller is not None and secrets.compare_digest(private.encode(), secret.encode()):
        return caller
    if member := _hashed_member(store, name, secret, clock):
        return Caller(str(member["identifier"]), "member", _MEMBER_HASH)
    raise ApiError(401, *_UNAUTHORIZED)


def _basic(header: str) -> tuple[str, str, str]:
    scheme, _, encoded = header.partition(" ")
    try:
        decoded = base64.b64decode(encoded, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return "", "", ""
    user, _, secret = decoded.partition(":")
    company, _, name = user.partition("+")
    return company, name, secret


def issue_member_hash(store: Store, identifier: str, *, lifetime: timedelta, clock: Clock) -> str:
    """A hash that proves, until it expires, that this member is signed in. Expired ones are forgotten."""
    now = clock()
    for grant in store.all("memberHashes"):
        if read_instant(grant["expires"]) <= now:
            store.remove("memberHashes", grant["id"])
    memberhash = secrets.token_urlsafe(24)
    store.add("memberHashes", {"member": identifier, "hash": memberhash, "expires": write_instant(now + lifetime)})
    return memberhash


def _hashed_member(store: Store, identifier: str, memberhash: str, clock: Clock) -> Doc | None:
    for grant in store.all("memberHashes"):
        if (
            str(grant["member"]).casefold() == identifier.casefold()
            and secrets.compare_digest(str(grant["hash"]).encode(), memberhash.encode())
            and read_instant(grant["expires"]) > clock()
        ):
            return next((m for m in store.all("members") if m["identifier"] == grant["member"]), None)
    return None


class RateLimit:
    """So many requests a minute for one caller; the next one is told to wait."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._times: dict[str, deque[float]] = defaultdict(deque)

    def seconds_to_wait(self, caller: str) -> int:
        """0 when the request may pass; it is counted then."""
        now, times = self._clock().timestamp(), self._times[caller]
        while times and times[0] <= now - 60:
            times.popleft()
        if self._per_minute and len(times) >= self._per_minute:
            return max(1, round(times[0] + 60 - now))
        times.append(now)
        return 0
