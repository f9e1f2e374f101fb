"""
What the PSA tells us unasked: registering for it, and believing it.

https://developer.connectwise.com/Best_Practices/PSA_Callbacks
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from slotdesk.integrations.connectwise import client
from slotdesk.integrations.connectwise.models import SigningKey
from slotdesk.integrations.connectwise.session import Session
from slotdesk.integrations.connectwise.settings import Settings
from slotdesk.lib.remembered import Remembered
from slotdesk.ports.errors import NotAuthorized, Rejected, UnexpectedReply
from slotdesk.ports.psa import Change

_KINDS = ("ticket", "schedule")
_EVERY_OBJECT = {"level": "owner", "objectId": 1}
_DESCRIPTION = "Slotdesk: {kind}"

_signing_keys: Remembered[str, str] = Remembered(seconds=3600)


def ensure_callbacks(session: Session, *, url: str) -> None:
    """Register for changed tickets and schedules, at this address only; switched-off registrations are revived."""
    # The vendor appends the record's id to the address, and this end makes that harmless.
    address = f"{url}{'&' if '?' in url else '?'}recordId="
    present = list(client.list_callbacks(session))
    for kind in _KINDS:
        description = _DESCRIPTION.format(kind=kind)
        ours = [
            callback
            for callback in present
            if (callback.type, callback.level) == (kind, "owner")
            and (callback.url == address or callback.description == description)
        ]
        if not ours:
            values = {"description": description, "url": address, "type": kind, **_EVERY_OBJECT}
            client.create_callback(session, {**values, "isSelfSuppressedFlag": True, "inactiveFlag": False})
        elif not any(callback.url == address and not callback.inactive_flag for callback in ours):
            client.change_callback(session, ours[0].id, {"url": address, "inactiveFlag": False})


def read_callback(settings: Settings, session: Session, headers: Mapping[str, str], body: bytes) -> list[Change]:
    """
    What the message says has changed; empty for kinds we do not follow.

    The object inside the message is used for nothing but the member's id: order and repeats are not guaranteed, so the
    reader asks for the object itself. Raises NotAuthorized for a message that is not from the connected company.
    """
    message = _parse(body)
    given = next((value for name, value in headers.items() if name.lower() == "x-content-signature"), "")
    _verify(settings, session, message, signature=given, body=body)
    kind = str(message.get("Type", "")).lower()
    record_id = message.get("ID")
    if kind not in _KINDS:
        return []
    if not isinstance(record_id, int):
        raise UnexpectedReply(
            "ConnectWise told of a change without saying of what.", body=body.decode("utf-8", "replace")
        )
    is_deleted = str(message.get("Action", "")).lower() == "deleted"
    member_id = _member_id(message.get("Entity")) if kind == "schedule" else ""
    return [Change(kind=kind, id=str(record_id), is_deleted=is_deleted, member_id=member_id)]


def _parse(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise UnexpectedReply("A callback that cannot be read.", body=body[:2000].decode("utf-8", "replace"))
    return message


def _verify(settings: Settings, session: Session, message: dict[str, Any], *, signature: str, body: bytes) -> None:
    if str(message.get("CompanyId", "")).casefold() != settings.company_id.casefold():
        raise NotAuthorized("The callback speaks of another company.")
    metadata = message.get("Metadata")
    key_url = str(metadata.get("key_url", "")) if isinstance(metadata, dict) else ""
    # The address comes with the message: following it elsewhere would let anyone sign, and make us call anything.
    if not settings.is_own_address(key_url):
        raise NotAuthorized("The callback's key does not lie on the connected server.")
    if _is_signed(body, signature, _key(session, key_url)):
        return
    # The key may be a new one. Not asked for at every bad signature, which anyone can send.
    if _signing_keys.forget(key_url, older_than=60) and _is_signed(body, signature, _key(session, key_url)):
        return
    raise NotAuthorized("The callback's signature is wrong.")


def _key(session: Session, key_url: str) -> str:
    def ask() -> str:
        try:
            return session.read(session.fetch(key_url), SigningKey).signing_key
        except Rejected as error:
            raise NotAuthorized("The callback's key cannot be read.") from error

    return _signing_keys.get(key_url, ask)


def _is_signed(body: bytes, signature: str, signing_key: str) -> bool:
    digest = hmac.new(hashlib.sha256(signing_key.encode()).digest(), body, hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(digest), signature.strip().encode())


def _member_id(entity: Any) -> str:
    """The member of a schedule entry, from the object that comes as JSON inside the JSON; empty on deletion."""
    try:
        member = json.loads(entity)["member"]["id"]
    except (TypeError, ValueError, LookupError):
        return ""
    return str(member) if isinstance(member, int) else ""
