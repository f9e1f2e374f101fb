"""The stand-in's own controls below /_sandbox: faults, what it received, what was done, keys, and starting afresh."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import constants
from .faults import KINDS, Switchboard
from .store import Store


class Desk:
    """The JSON side of the controls; the pages stand in screens/."""

    def __init__(self, store: Store, switchboard: Switchboard, *, public_url: str, refill: Callable[[], None]) -> None:
        self._store = store
        self._switchboard = switchboard
        self._public_url = public_url
        self._refill = refill

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/_sandbox/faults", self.faults, methods=["GET", "PUT"]),
            Route("/_sandbox/requests", self._log("requests")),
            Route("/_sandbox/effects", self._log("effects")),
            Route("/_sandbox/deliveries", self._log("deliveries")),
            Route("/_sandbox/credentials", self.credentials),
            Route("/_sandbox/reset", self.reset, methods=["POST"]),
        ]

    async def faults(self, request: Request) -> Response:
        """GET what is on; PUT {"faults": […]} in its place."""
        if request.method == "PUT":
            try:
                self._switchboard.replace((await request.json())["faults"])
            except (ValueError, TypeError, KeyError) as error:
                return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"faults": self._switchboard.as_json(), "kinds": KINDS})

    def _log(self, name: str) -> Callable[[Request], Response]:
        def show(request: Request) -> Response:
            since = request.query_params.get("since", "0")
            if not since.isdigit():
                return JSONResponse({"error": "since must be a number"}, 400)
            return JSONResponse({name: self._store.entries(name, int(since))})

        return show

    async def credentials(self, _request: Request) -> Response:
        """The demo keys, for a script that sets up whoever uses the stand-in."""
        return JSONResponse(
            {
                "site": self._public_url,
                "companyId": constants.COMPANY_ID,
                "publicKey": constants.PUBLIC_KEY,
                "privateKey": constants.PRIVATE_KEY,
                "clientId": constants.CLIENT_ID,
                "codebase": constants.CODEBASE + "/",
                "limited": {
                    "publicKey": constants.LIMITED_PUBLIC_KEY,
                    "privateKey": constants.LIMITED_PRIVATE_KEY,
                },
            }
        )

    async def reset(self, _request: Request) -> Response:
        """The data as on the first start; faults off."""
        self._switchboard.replace([])
        self._refill()
        return Response(status_code=204)
