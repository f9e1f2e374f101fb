"""
Callbacks going out: signed, tried three times at most, switched off after three failing days.

The signature is base64(HMAC-SHA256(SHA256(signing key), body)) in `x-content-signature`; the key is at the key_url
that each message names.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from . import constants, subscriptions
from .clock import Clock, write_instant
from .store import Doc, Store

if TYPE_CHECKING:
    from .access import Caller

RETRY_WAITS = (2.0, 4.0)
RETRIED = (404, 409, 419, 429)
TIMEOUT = 5.0
FAILING_DAYS = 3


class Outbox:
    """
    Sends what changes to whoever registered.

    show    turns a document of a collection into what the API would answer
    waits   seconds before the second and the third try
    publish() must be called on the event loop's own thread.
    """

    def __init__(
        self, store: Store, clock: Clock, *, public_url: str, show: Callable[[str, Doc], Doc], waits: Sequence[float]
    ) -> None:
        self._store = store
        self._clock = clock
        self._public_url = public_url
        self._show = show
        self._waits = waits
        self._sending: set[asyncio.Task[None]] = set()

    def publish(self, kind: str, action: str, doc: Doc, caller: Caller) -> None:
        """Start a delivery for every registration concerned. They run side by side, so order is not kept."""
        for callback in self._store.all("callbacks"):
            own = callback.get("isSelfSuppressedFlag") and callback["~owner"] == caller.identifier
            if subscriptions.concerns(callback, kind, doc) and not own:
                message = self._message(callback, kind, action, doc, caller)
                task = asyncio.get_running_loop().create_task(self._deliver(callback["id"], doc["id"], message))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)

    def _message(self, callback: Doc, kind: str, action: str, doc: Doc, caller: Caller) -> Doc:
        entity = "" if action == "deleted" else json.dumps(self._show(kind, doc))
        key_id = signing_key(self._store)["keyId"]
        return {
            "MessageId": str(uuid.uuid4()),
            "FromUrl": urlsplit(self._public_url).netloc,
            "CompanyId": constants.COMPANY_ID,
            "MemberId": caller.identifier,
            "Action": action,
            "Type": kind,
            "ID": doc["id"],
            "ProductInstanceId": None,
            "PartnerId": None,
            "Entity": entity,
            "Metadata": {"key_url": f"{self._public_url}/{constants.CODEBASE_ALIAS}/apis/3.0/keys/{key_id}"},
            "CallbackObjectRecId": callback["id"],
        }

    async def _deliver(self, callback_id: int, record_id: int, message: Doc) -> None:
        callback = self._store.find("callbacks", callback_id)
        if callback is None:
            return
        body = json.dumps(message).encode()
        headers = {"content-type": "application/json", "x-content-signature": sign(self._store, body)}
        url = f"{callback['url']}{record_id}&action={message['Action']}"
        day, outcome = self._clock().date().isoformat(), "failed"
        async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
            for attempt, wait in enumerate((*self._waits, None), start=1):
                status, error = await _post(client, url, body, headers)
                outcome = "delivered" if 200 <= status < 300 else "failed"
                self._log(callback, message, attempt, status, error)
                if outcome == "delivered" or status not in RETRIED or wait is None:
                    break
                await asyncio.sleep(wait)
        self._settle(callback_id, day, failed=outcome == "failed")

    def _log(self, callback: Doc, message: Doc, attempt: int, status: int, error: str) -> None:
        entry = {"at": write_instant(self._clock()), "callbackId": callback["id"], "url": callback["url"]}
        entry |= {"type": message["Type"], "action": message["Action"], "id": message["ID"], "attempt": attempt}
        self._store.append("deliveries", entry | {"messageId": message["MessageId"], "status": status, "error": error})

    def _settle(self, callback_id: int, day: str, *, failed: bool) -> None:
        callback = self._store.find("callbacks", callback_id)
        if callback is None:
            return
        days = sorted({*callback.get("~failedDays", ()), day}) if failed else []
        if days != callback.get("~failedDays", []):
            off = callback["inactiveFlag"] or len(days) >= FAILING_DAYS
            self._store.put("callbacks", {**callback, "~failedDays": days, "inactiveFlag": off})


async def _post(client: httpx.AsyncClient, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """The status, or 0 and what went wrong."""
    try:
        return (await client.post(url, content=body, headers=headers)).status_code, ""
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return 0, type(error).__name__


def signing_key(store: Store) -> Doc:
    """The one key that messages are signed with; made when the data was."""
    return store.all("signingKeys")[0]


def sign(store: Store, body: bytes) -> str:
    """What `x-content-signature` must be for this body."""
    key = hashlib.sha256(signing_key(store)["signingKey"].encode()).digest()
    return base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()
