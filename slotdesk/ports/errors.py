"""
The whole vocabulary of what can go wrong at a vendor.

    PortError
    ├── Unreachable          network, time-out, 5xx: try again later
    ├── RateLimited          try again after `retry_after` seconds
    ├── NotAuthorized        the connection is broken: tell the administrator
    │   └── RightMissing     the credentials are good, this is not allowed to them
    ├── NotFound             the thing is gone: stop
    ├── Rejected             the vendor refuses: stop and say why
    └── UnexpectedReply      not what the contract says: keep the body (capped, scrubbed), log loudly
"""

from __future__ import annotations


class PortError(Exception):
    """Something went wrong at a vendor. The message is fit for staff; it never holds a secret."""


class Unreachable(PortError):
    """No answer, a time-out, or a server fault."""


class RateLimited(PortError):
    """Too many requests; `retry_after` seconds to wait."""

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotAuthorized(PortError):
    """The credentials are wrong, expired, or lack a permission."""


class RightMissing(NotAuthorized):
    """The credentials are accepted and may not do this. What can go on without it does."""


class NotFound(PortError):
    """The vendor has no such object, or not any more."""


class Rejected(PortError):
    """The vendor understood and refuses; the message is the vendor's reason."""


class UnexpectedReply(PortError):
    """The reply is not what the vendor's contract says; `body` is its beginning, capped and scrubbed."""

    def __init__(self, message: str, *, body: str = "") -> None:
        super().__init__(message)
        self.body = body[:2000]
