"""All pages together, their files, and the page for what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from sandbox.connectwise.errors import ApiError
from sandbox.connectwise.faults import Switchboard
from sandbox.connectwise.psa import Psa
from sandbox.connectwise.screens.base import Desktop
from sandbox.connectwise.screens.companies import CompanyScreens
from sandbox.connectwise.screens.controls import ControlScreens
from sandbox.connectwise.screens.look import HERE, environment
from sandbox.connectwise.screens.members import MemberScreens
from sandbox.connectwise.screens.tickets import TicketScreens


class Screens:
    """The pages' routes, and how a refusal is shown to a person."""

    def __init__(
        self,
        psa: Psa,
        switchboard: Switchboard,
        *,
        public_url: str,
        hash_lifetime: timedelta,
        refill: Callable[[], None],
    ) -> None:
        self._desktop = Desktop(psa, switchboard, environment(), public_url, hash_lifetime)
        self._refill = refill

    @property
    def routes(self) -> list[BaseRoute]:
        return [
            *TicketScreens(self._desktop).routes,
            *MemberScreens(self._desktop).routes,
            *CompanyScreens(self._desktop).routes,
            *ControlScreens(self._desktop, self._refill).routes,
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]

    async def refuse(self, request: Request, error: Exception) -> Response:
        """The PSA's refusal, as a page, or as JSON for a script."""
        assert isinstance(error, ApiError)
        reasons = [str(detail["message"]) for detail in error.errors or ()] or [error.message]
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse({"reasons": reasons}, error.status)
        return self._desktop.page(request, "refusal.html", status=error.status, reasons=reasons, code=error.status)
