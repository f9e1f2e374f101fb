"""Faults on demand: one call's by a header, everybody's by the switchboard."""

from __future__ import annotations

import asyncio
import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from .errors import ApiError

KINDS = {
    "latency": "Slow: every answer waits",
    "429": "Too many requests, with Retry-After",
    "500": "Server error",
    "503": "Maintenance page instead of an answer",
    "reset": "Connection dropped before the call is carried out",
    "reset-after": "Call carried out, connection dropped before the answer",
    "500-after": "Call carried out, server error instead of the answer",
    "timeout": "No answer at all, nothing carried out",
    "timeout-after": "Call carried out, no answer at all",
    "403": "Role lacks the right",
    "expired-key": "API key refused",
    "down": "Everything down",
}
_DEFAULT_AMOUNT = {"latency": 1500, "429": 30, "timeout": 60, "timeout-after": 60}


@dataclass(slots=True)
class Fault:
    """
    One switch.

    amount  milliseconds of latency; seconds of Retry-After; seconds until a hanging call is given up
    path    a pattern below /apis/3.0, `*` matches anything; /login/companyinfo/… is discovery
    every   each n-th matching call. times   how many calls are still to fail; None = until switched off
    """

    kind: str
    path: str = "*"
    method: str = ""
    amount: int = 0
    every: int = 1
    times: int | None = None
    seen: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        if self.every < 1 or self.amount < 0 or (self.times is not None and self.times < 1):
            raise ValueError("every and times start at 1, amount at 0")
        self.amount = self.amount or _DEFAULT_AMOUNT.get(self.kind, 0)

    def strikes(self, method: str, path: str) -> bool:
        """Whether this call is hit; counts it."""
        if self.times == 0 or (self.method and self.method != method):
            return False
        if not fnmatch.fnmatch(path.lower(), self.path.lower()):
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        self.hits += 1
        if self.times is not None:
            self.times -= 1
        return True


class Switchboard:
    """The faults that are on. They live as long as the process: a restart is healthy."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def replace(self, wanted: Iterable[Mapping[str, Any]]) -> None:
        """Set every switch anew. Raises ValueError or TypeError for one that is not understood."""
        fresh = [Fault(**{key: value for key, value in each.items() if key not in ("seen", "hits")}) for each in wanted]
        self.faults = fresh

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self.faults]

    def striking(self, method: str, path: str, header: str) -> list[Fault]:
        """The faults that hit this call, the header's first."""
        hit = [fault_from_header(part) for part in header.split(",") if part.strip()]
        return hit + [fault for fault in self.faults if fault.strikes(method, path)]


def fault_from_header(text: str) -> Fault:
    """`500`, `429`, `timeout`, `reset`, `latency=1500`. Raises ApiError (400) for anything else."""
    kind, _, amount = text.strip().partition("=")
    try:
        return Fault(kind, amount=int(amount or 0))
    except ValueError:
        raise ApiError(400, "Sandbox", f"X-Sandbox-Fault {text!r} is not understood") from None


def happens_after(fault: Fault) -> bool:
    """Whether the call is carried out although its answer is lost."""
    return fault.kind.endswith("-after")


def fault_response(fault: Fault) -> Response:
    """What the caller gets instead of an answer."""
    kind = fault.kind.removesuffix("-after")
    if kind == "429":
        return too_many_requests(fault.amount)
    if kind == "500":
        return JSONResponse({"code": "Error", "message": "An unexpected error occurred.", "errors": None}, 500)
    if kind == "403":
        message = "You do not have security permission to perform this action."
        return JSONResponse({"code": "Security", "message": message, "errors": None}, 403)
    if kind == "expired-key":
        return JSONResponse({"code": "Unauthorized", "message": "The API key has expired.", "errors": None}, 401)
    if kind == "timeout":
        return Hanging(fault.amount)
    if kind in ("503", "down"):
        return PlainTextResponse("<html><body><h1>Service Unavailable</h1></body></html>", 503, media_type="text/html")
    return Dropped()


def too_many_requests(seconds: int) -> Response:
    """429, which the vendor shapes differently from its other errors."""
    message = f"Too many requests. Please try again in {seconds} seconds."
    return JSONResponse({"error": "ConnectWiseAPI", "message": message}, 429, {"Retry-After": str(seconds)})


class Dropped(Response):
    """A connection that breaks: a body is promised and never sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"100000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": True})


class Hanging(Response):
    """No answer until the caller hangs up, or the time is over."""

    def __init__(self, seconds: float) -> None:
        super().__init__(status_code=504)
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                while (await receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            await super().__call__(scope, receive, send)
