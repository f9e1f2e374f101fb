"""The REST API over HTTP: discovery, keys, authentication, faults, limits, and the record of every call."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import constants
from .access import RateLimit, authenticate
from .callbacks import signing_key
from .clock import write_instant
from .dispatch import Call, Dispatcher
from .errors import ApiError
from .faults import Switchboard, fault_response, happens_after, too_many_requests
from .psa import Psa
from .store import Doc

_VENDOR_TYPE = re.compile(r"application/vnd\.connectwise\.com\+json;\s*version=(\d{4}\.\d+)")
_BODY_KEPT = 20_000


class Api:
    """Everything below /login and /{codebase}/apis/3.0."""

    def __init__(self, psa: Psa, switchboard: Switchboard, *, public_url: str, rate_limit: int) -> None:
        self._psa = psa
        self._switchboard = switchboard
        self._public_url = public_url
        self._limit = RateLimit(rate_limit, psa.clock)
        self._dispatcher = Dispatcher()

    @property
    def routes(self) -> list[Route]:
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return [
            Route("/login/companyinfo/{company}", self._discovery),
            Route("/{codebase}/apis/3.0/{path:path}", self._call, methods=methods),
        ]

    async def _discovery(self, request: Request) -> Response:
        path = f"/login/companyinfo/{request.path_params['company']}"
        return await self._guarded(request, path, self._company_info)

    async def _call(self, request: Request) -> Response:
        return await self._guarded(request, "/" + request.path_params["path"], self._carry_out)

    async def _guarded(self, request: Request, path: str, answer: Any) -> Response:
        """Answer with the faults that are on, and write down what came and what went."""
        started = time.perf_counter()
        body = await request.body()
        entry: Doc = {"at": write_instant(self._psa.clock()), "method": request.method, "path": path}
        try:
            faults = self._switchboard.striking(request.method, path, request.headers.get("x-sandbox-fault", ""))
            for fault in faults:
                if fault.kind == "latency":
                    await asyncio.sleep(fault.amount / 1000)
            failing = next((fault for fault in faults if fault.kind != "latency"), None)
            if failing and not happens_after(failing):
                response = fault_response(failing)
            else:
                response = answer(request, path, body, entry)
                if failing:
                    entry["carriedOut"] = response.status_code
                    response = fault_response(failing)
            entry |= {"fault": failing.kind} if failing else {}
        except ApiError as error:
            response = JSONResponse(error.body, error.status)
        entry |= {"query": request.url.query, "body": _readable(body), "status": response.status_code}
        self._psa.store.append("requests", entry | {"ms": round((time.perf_counter() - started) * 1000, 1)})
        return response

    def _company_info(self, request: Request, _path: str, _body: bytes, _entry: Doc) -> Response:
        if request.path_params["company"].lower() != constants.COMPANY_ID:
            return JSONResponse(None)
        return JSONResponse(
            {
                "CompanyName": constants.COMPANY_NAME,
                "Codebase": constants.CODEBASE + "/",
                "VersionCode": constants.VERSION_CODE,
                "VersionNumber": constants.VERSION_NUMBER,
                "CompanyID": constants.COMPANY_ID,
                "IsCloud": True,
                "SiteUrl": self._public_url.partition("://")[2],
            }
        )

    def _carry_out(self, request: Request, path: str, body: bytes, entry: Doc) -> Response:
        codebase = request.path_params["codebase"]
        if codebase not in (constants.CODEBASE, constants.CODEBASE_ALIAS):
            raise ApiError(404, "NotFound", f"No resource was found at /{codebase}/apis/3.0{path}")
        if path.startswith("/keys/"):
            return self._key(path.removeprefix("/keys/"))
        try:
            caller = authenticate(self._psa.store, request.headers, request.cookies, self._psa.clock)
        except ApiError as error:
            # The alias does not say that the keys are wrong; it says that there is nothing there.
            if codebase == constants.CODEBASE_ALIAS and error.code == "Unauthorized":
                raise ApiError(404, "NotFound", "The resource was not found.") from None
            raise
        entry["by"] = caller.identifier
        if wait := self._limit.seconds_to_wait(caller.identifier):
            return too_many_requests(wait)
        call = Call(
            method=request.method,
            path=path,
            url=str(request.url.replace(query="")),
            query={key.lower(): value for key, value in request.query_params.items()},
            body=_json_body(request, body),
            caller=caller,
            forward_only=request.headers.get("pagination-type", "").lower() == "forward-only",
        )
        answer = self._dispatcher.answer(self._psa, call)
        if answer.status == 204:
            return Response(status_code=204)
        return JSONResponse(answer.body, answer.status, dict(answer.headers), _media_type(request))

    def _key(self, key_id: str) -> Response:
        key = signing_key(self._psa.store)
        if key_id != key["keyId"]:
            raise ApiError(404, "NotFound", f"key {key_id} not found")
        return JSONResponse({"signing_key": key["signingKey"]})


def _json_body(request: Request, body: bytes) -> Any:
    if request.method not in ("POST", "PUT", "PATCH"):
        return None
    if "json" not in request.headers.get("content-type", ""):
        raise ApiError(415, "UnsupportedMediaType", "The request body must be application/json.")
    try:
        return json.loads(body)
    except ValueError:
        raise ApiError(400, "InvalidObject", "The request body is not valid JSON.") from None


def _media_type(request: Request) -> str:
    asked = _VENDOR_TYPE.search(request.headers.get("accept", ""))
    return f"application/vnd.connectwise.com+json; version={asked[1]}" if asked else "application/json"


def _readable(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body[:_BODY_KEPT].decode(errors="replace")
