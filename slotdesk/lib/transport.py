"""httpx on top of guarded connection pools, one per set of allowed networks, for the whole process."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from typing import cast

import certifi
import httpcore
import httpx

from slotdesk.lib.addresses import Network
from slotdesk.lib.dial import GuardedBackend

_clients: dict[frozenset[Network], httpx.Client] = {}
_clients_lock = threading.Lock()


def client_for(allowed_private: frozenset[Network]) -> httpx.Client:
    """
    The process's client for these allowed networks.

    A connection that one door was allowed to open must not serve a door that was not, so each set has its own pool.
    """
    with _clients_lock:
        if allowed_private not in _clients:
            client = httpx.Client(transport=_Transport(allowed_private), trust_env=False)
            # One client serves every account: a vendor's cookie for one must never travel with another's call.
            client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            _clients[allowed_private] = client
        return _clients[allowed_private]


class _Transport(httpx.BaseTransport):
    """httpx on top of one guarded connection pool."""

    def __init__(self, allowed_private: frozenset[Network]) -> None:
        context = ssl.create_default_context()  # the system's authorities, so that an organisation's own can be added
        context.load_verify_locations(certifi.where())  # and the public ones, for systems that ship none
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=30.0,
            network_backend=GuardedBackend(allowed_private),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=cast(httpx.SyncByteStream, request.stream),
                extensions=request.extensions,
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
