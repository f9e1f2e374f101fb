"""
Opening sockets under guard: the network half of the door in http.py.

A host name is resolved once, its addresses are judged, and the socket is opened to the very address that was judged, so
that neither a redirect nor a name server that answers differently the second time can lead to a forbidden place. Every
wait on a socket ends at the deadline of the call that the thread is making, however slowly the other side drips.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import httpcore

from slotdesk.lib.addresses import Address, Network, is_in, is_public


class ForbiddenAddress(Exception):
    """The host leads to an address that may not be reached; the message names the host."""


class _Call(threading.local):
    """What the thread is doing right now: until when, and whether it may leave the allowed private networks."""

    deadline: float | None = None
    is_private_only: bool = False


_call = _Call()

# The system's resolver knows no time-out, so that a dead name server would hold the caller beyond the deadline.
_resolvers = ThreadPoolExecutor(max_workers=16, thread_name_prefix="resolve")


@contextmanager
def calling(*, deadline: float, is_private_only: bool) -> Iterator[None]:
    """
    Bind what this thread sends and receives inside the block to the deadline (time.monotonic seconds).

    is_private_only   refuse public addresses: for plain http, which must not carry keys over the internet.
    """
    _call.deadline, _call.is_private_only = deadline, is_private_only
    try:
        yield
    finally:
        _call.deadline, _call.is_private_only = None, False


def remaining(limit: float | None = None) -> float | None:
    """Seconds left for this thread's call, at most `limit`. Raises httpcore.ReadTimeout when there are none."""
    if _call.deadline is None:
        return limit
    left = _call.deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("deadline")
    return left if limit is None else min(left, limit)


class GuardedBackend(httpcore.NetworkBackend):
    """httpcore's way to the network: public addresses, and the private networks that were allowed."""

    def __init__(self, allowed_private: Iterable[Network]) -> None:
        self._allowed = tuple(allowed_private)
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = [a for a in _resolve(host, port) if self._may_reach(a)]
        if not addresses:
            raise ForbiddenAddress(
                f"{host}: plain http is allowed to the allowed private networks only; use https."
                if _call.is_private_only
                else f"{host} leads to a private address, which is not among the allowed networks."
            )
        for nth, address in enumerate(addresses):
            share = remaining(timeout)
            if share is not None:
                share /= len(addresses) - nth  # one silent address must not eat the time of the others
            try:
                return _Stream(self._plain.connect_tcp(str(address), port, share, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if address is addresses[-1]:
                    raise
        raise AssertionError("unreachable")

    def _may_reach(self, address: Address) -> bool:
        if is_in(address, self._allowed):
            return True
        return is_public(address) and not _call.is_private_only


class _Stream(httpcore.NetworkStream):
    """A socket whose every wait is cut at the deadline of the calling thread."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, remaining(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, remaining(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _resolve(host: str, port: int) -> list[Address]:
    """The addresses of the host, in the resolver's order, without repeats."""
    try:
        return [ip_address(host)]
    except ValueError:
        pass
    found = _resolvers.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        answers = found.result(timeout=remaining())
    except FutureTimeoutError as error:
        raise httpcore.ConnectTimeout("name lookup") from error
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host}: the name cannot be resolved") from error
    return list(dict.fromkeys(ip_address(str(answer[4][0]).split("%")[0]) for answer in answers))
