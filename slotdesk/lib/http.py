"""
The one door for outbound HTTP.

    HttpError
    ├── BadUrl         not an http(s) address we would call
    ├── Forbidden      leads to a private address, or is plain http to a public one
    ├── TimedOut       the deadline passed
    ├── NetworkFault   no such name, refused, TLS trouble, dropped, not HTTP
    └── TooLarge       the reply is longer than the caller allows

Any status, 4xx and 5xx too, is a Reply and not an error. Connections are pooled per process and shared by every door
with the same allowed networks. No cookies are kept, no proxy or netrc is read from the environment.
"""

from __future__ import annotations

import json
import random
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore
import httpx
import structlog
from prometheus_client import Counter, Histogram

from slotdesk.lib.addresses import Network
from slotdesk.lib.dial import ForbiddenAddress, calling
from slotdesk.lib.transport import client_for

# Seconds between the first try and the second, drawn between these two to spread callers; doubled from try to try.
PAUSE = (0.2, 0.4)

_ATTEMPTS = 4
_MAX_REDIRECTS = 5
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_TRY_AGAIN = frozenset({429, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

_log = structlog.get_logger(__name__)
_requests = Counter("outbound_http_requests", "Outbound HTTP calls, by outcome.", ["label", "outcome"])
_seconds = Histogram("outbound_http_seconds", "Duration of outbound HTTP calls, retries included.", ["label"])


class HttpError(Exception):
    """No reply was had. The message names the host at most, never a path, a header or a body."""


class BadUrl(HttpError):
    """Not an http(s) address, or one with a password in it."""


class Forbidden(HttpError):
    """The address may not be reached from here."""


class TimedOut(HttpError):
    """The deadline passed before the reply was complete."""


class NetworkFault(HttpError):
    """The connection could not be made or broke; the other side may or may not have acted."""


class TooLarge(HttpError):
    """The reply is longer than allowed. status: what it began with."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Header names are looked up in any case; `body` is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON. Raises ValueError."""
        return json.loads(self.body)

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server asks us to wait (it may name a date instead), None when it does not say."""
        value = self.headers.get("retry-after", "").strip()
        if value.isascii() and value.isdigit():
            return float(value)
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())


@dataclass(slots=True)
class _Call:
    """One call through the door, for the record."""

    request: httpx.Request
    deadline: float
    began: float = field(default_factory=time.monotonic)
    attempts: int = 0
    outcome: str = "crash"

    def report(self, label: str) -> None:
        took = time.monotonic() - self.began
        _requests.labels(label, self.outcome).inc()
        _seconds.labels(label).observe(took)
        # Neither path nor query: both may hold a token or a person's address.
        _log.info(
            "outbound_http",
            label=label,
            method=self.request.method,
            host=self.request.url.host,
            outcome=self.outcome,
            attempts=self.attempts,
            ms=round(took * 1000),
        )


class Door:
    """
    A way out to the network. Safe to share between threads.

    allowed_private   networks that may be reached although they are private: on-premises servers, the demo. Plain http
                      is allowed to these only.
    deadline          seconds for one call, its name lookup, retries and waits included
    max_bytes         longest reply, after decompression
    """

    def __init__(
        self,
        *,
        allowed_private: Iterable[Network] = (),
        deadline: float = 10.0,
        user_agent: str = "Slotdesk",
        max_bytes: int = 10_000_000,
    ) -> None:
        self._client = client_for(frozenset(allowed_private))
        self._deadline = deadline
        self._user_agent = user_agent
        self._max_bytes = max_bytes

    def until(self) -> float:
        """The instant (time.monotonic) at which a call that starts now must end; share it between calls as `until`."""
        return time.monotonic() + self._deadline

    def request(
        self,
        method: str,
        url: str,
        *,
        label: str,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        content: bytes | None = None,
        until: float | None = None,
        is_idempotent: bool | None = None,
        follow_redirects: bool = False,
    ) -> Reply:
        """
        Call and return the reply, whatever its status. Raises HttpError.

        label           names the other side in metrics and logs ("connectwise"); few values
        until           deadline (time.monotonic); the door's own when not given
        is_idempotent   may be sent twice; by default GET, HEAD, OPTIONS, PUT and DELETE are. Only such a call is tried
                        again, after a network fault, 429, 502, 503 or 504, and Retry-After is honoured when it ends
                        before the deadline; when it does not, the reply is returned at once
        follow_redirects  GET and HEAD only, 5 hops, each judged anew; a hop to another origin loses all our headers
        """
        method = method.upper()
        target = _parse(url)
        sent = {"user-agent": self._user_agent, **(headers or {})}
        request = self._client.build_request(
            method, target, headers=sent, params=params or None, json=json, content=content
        )
        may_repeat = method in _IDEMPOTENT if is_idempotent is None else is_idempotent
        may_follow = follow_redirects and method in {"GET", "HEAD"}
        call = _Call(request, deadline=self.until() if until is None else until)
        try:
            reply = self._repeat(call, redirects=_MAX_REDIRECTS if may_follow else 0, may_repeat=may_repeat)
            call.outcome = f"{reply.status // 100}xx"
            return reply
        except HttpError as error:
            call.outcome = type(error).__name__
            raise
        finally:
            call.report(label)

    def _repeat(self, call: _Call, *, redirects: int, may_repeat: bool) -> Reply:
        """Try until there is an answer worth returning, or no time for another try."""
        while True:
            call.attempts += 1
            may_try_again = may_repeat and call.attempts < _ATTEMPTS
            wait = random.uniform(*PAUSE) * 2 ** (call.attempts - 1)  # noqa: S311 (spreads callers, hides nothing)
            try:
                reply = self._hop(call.request, call.deadline, redirects)
            except NetworkFault:
                if not may_try_again or time.monotonic() + wait >= call.deadline:
                    raise
            else:
                if reply.retry_after is not None:
                    wait = reply.retry_after
                is_final = reply.status not in _TRY_AGAIN
                if is_final or not may_try_again or time.monotonic() + wait >= call.deadline:
                    return reply
            time.sleep(wait)

    def _hop(self, request: httpx.Request, deadline: float, redirects: int) -> Reply:
        reply = self._send(request, deadline)
        location = reply.headers.get("location", "")
        if not redirects or reply.status not in _REDIRECTS or not location:
            return reply
        target = _parse(str(request.url.join(location)))
        is_same_origin = _origin(target) == _origin(request.url)
        headers = request.headers if is_same_origin else {"user-agent": request.headers["user-agent"]}
        return self._hop(self._client.build_request(request.method, target, headers=headers), deadline, redirects - 1)

    def _send(self, request: httpx.Request, deadline: float) -> Reply:
        host = request.url.host
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimedOut(f"{host}: no time was left to call.")
        request.extensions = {"timeout": {"pool": left}}
        response: httpx.Response | None = None
        try:
            with calling(deadline=deadline, is_private_only=request.url.scheme == "http"):
                response = self._client.send(request, stream=True)
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > self._max_bytes:
                        raise TooLarge(f"{host} sent more than {self._max_bytes} bytes.", response.status_code)
                return Reply(response.status_code, response.headers, bytes(body))
        except ForbiddenAddress as error:
            raise Forbidden(str(error)) from None
        except httpcore.TimeoutException:
            raise TimedOut(f"{host} did not answer in time.") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.DecodingError, OSError) as error:
            raise NetworkFault(f"{host}: {_plain(error)}") from error
        finally:
            if response is not None:
                response.close()


def _parse(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except httpx.InvalidURL:
        raise BadUrl("The address cannot be read.") from None
    if target.scheme not in {"http", "https"} or not target.host:
        raise BadUrl("The address must begin with http:// or https:// and name a host.")
    if target.userinfo:
        raise BadUrl("The address must not hold a user name or password.")
    return target


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _plain(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not accepted ({cause.verify_message})."
        if isinstance(cause, ssl.SSLError):
            return "no secure connection could be made."
        cause = cause.__cause__ or cause.__context__
    return "the connection failed or broke off."
