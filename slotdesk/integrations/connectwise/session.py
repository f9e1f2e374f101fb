"""
Speaking with one ConnectWise server: where its API is, who we are, pages, and what its refusals mean.

https://developer.connectwise.com/Products/ConnectWise_PSA/Developer_Guide
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from slotdesk.integrations.connectwise.models import CompanyInfo, ErrorBody, Model, Stored
from slotdesk.integrations.connectwise.settings import Settings
from slotdesk.lib.http import BadUrl, Door, Forbidden, HttpError, Reply, TooLarge
from slotdesk.lib.remembered import Remembered
from slotdesk.ports.errors import (
    NotAuthorized,
    NotFound,
    RateLimited,
    Rejected,
    RightMissing,
    UnexpectedReply,
    Unreachable,
)

LABEL = "connectwise"
PAGE_SIZE = 250

# Pins the shape of the objects; the vendor keeps a version for twelve months.
_ACCEPT = "application/vnd.connectwise.com+json; version=2025.1"
_NEXT_PAGE = re.compile(r";\s*rel=\"?next\"?", re.IGNORECASE)
_A_WHILE = 300.0

M = TypeVar("M", bound=Model)
S = TypeVar("S", bound=Stored)

_companies: Remembered[tuple[str, str], CompanyInfo] = Remembered(seconds=24 * 3600)


class Session:
    """
    Calls in the name of the account's API member.

    until         deadline (time.monotonic) of everything done with this session; None: each call has the door's own
    credentials   headers that say who calls, instead of the API keys
    Every method raises ports.errors only.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        door: Door,
        until: float | None = None,
        credentials: Mapping[str, str] | None = None,
    ) -> None:
        self._settings = settings
        self._door = door
        self._until = until
        self._credentials = dict(credentials) if credentials is not None else {"authorization": _basic(settings)}

    def get(self, path: str, model: type[M], params: Mapping[str, str] | None = None) -> M:
        """One object."""
        return self.read(self.call("GET", path, params=params), model)

    def get_all(self, path: str, model: type[S], params: Mapping[str, str] | None = None) -> Iterator[S]:
        """
        Every object of a list, by id; pages are read as the caller goes on.

        Pages go by the last id seen, so that what is added or deleted meanwhile moves nothing between pages. A page
        that cannot be read, or that does not go on, raises UnexpectedReply: nothing is left out in silence.
        https://developer.connectwise.com/Best_Practices/PSA_Pagination
        """
        last_id = 0
        while True:
            asked = {**(params or {}), "pageSize": str(PAGE_SIZE)}
            if last_id:
                asked["pageId"] = str(last_id)
            reply = self.call("GET", path, params=asked, headers={"pagination-type": "forward-only"})
            page = self.read_list(reply, model)
            for item in page:
                if item.id <= last_id:
                    raise UnexpectedReply(f"ConnectWise sent the same page of {path} again.", body=self._body(reply))
                last_id = item.id
                yield item
            is_last = len(page) < PAGE_SIZE and not _NEXT_PAGE.search(reply.headers.get("link", ""))
            if is_last or not page:
                return

    def get_some(self, path: str, model: type[S], params: Mapping[str, str], *, limit: int) -> list[S]:
        """The first objects of a list in the order asked for."""
        return self.read_list(self.call("GET", path, params={**params, "pageSize": str(limit)}), model)

    def post(self, path: str, body: Mapping[str, Any], model: type[M]) -> M:
        """Make an object. Sent once: a caller who gets Unreachable must look before it asks again."""
        return self.read(self.call("POST", path, json=body), model)

    def replace(self, path: str, values: Mapping[str, Any], model: type[M]) -> M:
        """Give some top-level fields new values; deeper paths are accepted by the vendor and change nothing."""
        operations = [{"op": "replace", "path": name, "value": value} for name, value in values.items()]
        return self.read(self.call("PATCH", path, json=operations, is_idempotent=True), model)

    def delete(self, path: str) -> None:
        """Delete an object. Raises NotFound when there is none."""
        self.call("DELETE", path)

    def company(self) -> CompanyInfo:
        """
        The discovery document, kept per process.

        Raises NotAuthorized when the server knows no such company.
        https://developer.connectwise.com/Best_Practices/PSA_Cloud_URL_Formatting
        """
        return _companies.get(self._company_key, self._ask_company)

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        is_idempotent: bool | None = None,
    ) -> Reply:
        """Call a path below the API's root and return a 2xx reply."""

        def send() -> Reply:
            return self._send(
                method,
                f"{self._settings.api_origin}/{self.company().codebase}apis/3.0{path}",
                params=params,
                json=json,
                headers={
                    "accept": _ACCEPT,
                    "clientId": self._settings.client_id,
                    **self._credentials,
                    **(headers or {}),
                },
                is_idempotent=is_idempotent,
            )

        reply = send()
        if reply.status == 404 and self._may_have_moved(reply):
            reply = send()
        self._raise_for(reply, path)
        return reply

    def fetch(self, url: str) -> Reply:
        """Read an address of this connection's own server, without any credentials."""
        reply = self._send("GET", url, headers={"accept": "application/json"})
        self._raise_for(reply, "the address")
        return reply

    def read(self, reply: Reply, model: type[M]) -> M:
        """The reply as one object."""
        try:
            return model.model_validate(reply.json())
        except (ValueError, ValidationError):
            raise UnexpectedReply("ConnectWise sent something we cannot read.", body=self._body(reply)) from None

    def read_list(self, reply: Reply, model: type[S]) -> list[S]:
        """The reply as a list of objects, all of them or UnexpectedReply."""
        try:
            items = reply.json()
            if not isinstance(items, list):
                raise ValueError("not a list")
            return [model.model_validate(item) for item in items]
        except (ValueError, ValidationError):
            raise UnexpectedReply("ConnectWise sent a list we cannot read.", body=self._body(reply)) from None

    @property
    def _company_key(self) -> tuple[str, str]:
        return self._settings.api_origin, self._settings.company_id

    def _ask_company(self) -> CompanyInfo:
        company = self._settings.company_id
        reply = self._send("GET", f"{self._settings.api_origin}/login/companyinfo/{company}")
        if reply.status == 404 or (reply.status == 200 and reply.text.strip() in {"null", ""}):
            raise NotAuthorized(f"The server {self._settings.site} knows no company “{company}”.")
        self._raise_for(reply, "/login/companyinfo")
        return self.read(reply, CompanyInfo)

    def _may_have_moved(self, reply: Reply) -> bool:
        """
        Re-read where the API is, after a 404; True when it is elsewhere now.

        The path of the API changes when the vendor upgrades. A 404 in the vendor's own words mostly means that the
        object is gone, so that one only counts once the document has been kept for a while.
        """
        before = self.company().codebase
        is_object_gone = bool(self._refusal(reply).code)
        if not _companies.forget(self._company_key, older_than=_A_WHILE if is_object_gone else 0.0):
            return False
        return self.company().codebase != before

    def _send(self, method: str, url: str, **rest: Any) -> Reply:
        try:
            return self._door.request(method, url, label=LABEL, until=self._until, **rest)
        except (Forbidden, BadUrl) as error:
            raise Rejected(str(error)) from error
        except TooLarge as error:
            raise UnexpectedReply(str(error)) from error
        except HttpError as error:
            raise Unreachable(str(error)) from error

    def _raise_for(self, reply: Reply, path: str) -> None:
        status = reply.status
        if 200 <= status < 300:
            return
        refusal = self._refusal(reply)
        reason = self._reason(refusal)
        if status == 429:
            raise RateLimited("ConnectWise asks us to slow down.", retry_after=reply.retry_after or 30.0)
        if status >= 500:
            raise Unreachable(f"ConnectWise has a fault of its own ({status}).")
        if refusal.code.casefold() == "connectwiseapi":
            raise NotAuthorized("ConnectWise does not accept the client ID.")
        if status == 401:
            raise NotAuthorized("ConnectWise does not accept the credentials.")
        if status == 403:
            raise RightMissing(f"The API member's security role does not allow {path.split('?')[0]}. {reason}".strip())
        if status == 404:
            raise NotFound(reason or "ConnectWise has no such object.")
        if status in {400, 405, 409, 415, 422}:
            raise Rejected(reason or f"ConnectWise refused without a reason ({status}).")
        raise UnexpectedReply(f"ConnectWise answered with status {status}.", body=self._body(reply))

    def _refusal(self, reply: Reply) -> ErrorBody:
        try:
            return ErrorBody.model_validate(reply.json())
        except (ValueError, ValidationError):
            return ErrorBody()

    def _reason(self, refusal: ErrorBody) -> str:
        sentences = [refusal.message, *(item.message for item in refusal.errors)]
        return self._scrub(" ".join(dict.fromkeys(s.strip() for s in sentences if s.strip())))[:300]

    def _body(self, reply: Reply) -> str:
        return self._scrub(reply.text)

    def _scrub(self, text: str) -> str:
        """The text without anything that would let its reader in."""
        private_key = self._settings.private_key.get_secret_value()
        secrets = [private_key, self._settings.public_key, _basic(self._settings).removeprefix("Basic ")]
        secrets += [value.removeprefix("Basic ") for value in self._credentials.values()]
        for secret in secrets:
            text = text.replace(secret, "•••")
        return text


def _basic(settings: Settings) -> str:
    pair = f"{settings.company_id}+{settings.public_key}:{settings.private_key.get_secret_value()}"
    return "Basic " + base64.b64encode(pair.encode()).decode()
