"""Where the panel is registered, the faults switchboard, and the record of what was received."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.connectwise.errors import ApiError, not_found
from sandbox.connectwise.faults import KINDS
from sandbox.connectwise.resources import BY_COLLECTION
from sandbox.connectwise.screens.base import Desktop

RECORDS = ("requests", "effects", "deliveries")
_SHOWN = 200

PRESETS: dict[str, dict[str, Any]] = {
    "Slow": {"kind": "latency", "amount": 1500},
    "Every third call 429": {"kind": "429", "every": 3, "amount": 5},
    "Server errors": {"kind": "500"},
    "Dropped connections": {"kind": "reset", "every": 2},
    "Answer lost on next booking": {
        "kind": "reset-after", "path": "/schedule/entries", "method": "POST", "times": 1,
    },
    "Expired key": {"kind": "expired-key"},
    "Everything down": {"kind": "down"},
}  # fmt: skip


class ControlScreens:
    """Pages and forms of the stand-in itself."""

    def __init__(self, desktop: Desktop, refill: Callable[[], None]) -> None:
        self._desktop = desktop
        self._store = desktop.psa.store
        self._refill = refill

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/setup/panel", self.panel),
            Route("/setup/panel", self.register_panel, methods=["POST"]),
            Route("/setup/panel/{id:int}/deletion", self.remove_panel, methods=["POST"]),
            Route("/sandbox/faults", self.faults),
            Route("/sandbox/faults", self.switch, methods=["POST"]),
            Route("/sandbox/record", self.record),
            Route("/sandbox/fresh-start", self.start_afresh, methods=["POST"]),
            Route("/sandbox/revision", self.revision),
        ]

    async def panel(self, request: Request) -> Response:
        """What is registered, and a form for more."""
        return self._desktop.page(
            request,
            "panel.html",
            setups=self._store.all("hostedSetups"),
            screens={screen["id"]: screen["name"] for screen in self._store.all("hostedScreens")},
            callbacks=self._store.all("callbacks"),
        )

    async def register_panel(self, request: Request) -> Response:
        """Register one address for both kinds of ticket."""
        form = await request.form()
        for screen in (1, 2):
            body = {"screenId": screen, "type": "Pod", "podHeight": 700}
            body |= {"description": str(form.get("description", "")), "url": str(form.get("url", "")).strip()}
            self._desktop.psa.create(BY_COLLECTION["hostedSetups"], {}, body, self._desktop.caller(request))
        return RedirectResponse("/setup/panel", 303)

    async def remove_panel(self, request: Request) -> Response:
        """Take the page out of the screen."""
        setup = self._store.find("hostedSetups", request.path_params["id"])
        if setup is None:
            raise not_found("connectWiseHostedSetup", request.path_params["id"])
        self._desktop.psa.delete(BY_COLLECTION["hostedSetups"], setup, self._desktop.caller(request))
        return RedirectResponse("/setup/panel", 303)

    async def faults(self, request: Request) -> Response:
        """What is on, and what could be."""
        return self._desktop.page(request, "faults.html", presets=PRESETS, kinds=KINDS)

    async def switch(self, request: Request) -> Response:
        """Switch one on, one off, or all off."""
        form, board = await request.form(), self._desktop.switchboard
        wanted = board.as_json()
        off = str(form.get("off", ""))
        if off == "all":
            wanted = []
        elif off.isdigit():
            wanted = [fault for place, fault in enumerate(wanted) if place != int(off)]
        elif preset := PRESETS.get(str(form.get("preset", ""))):
            wanted = [*wanted, preset]
        else:
            wanted = [*wanted, _fault_from(form)]
        try:
            board.replace(wanted)
        except ValueError as error:
            raise ApiError(400, "Sandbox", str(error)) from None
        return RedirectResponse("/sandbox/faults", 303)

    async def record(self, request: Request) -> Response:
        """The newest entries of one of the three records."""
        shown = request.query_params.get("show", "requests")
        if shown not in RECORDS:
            raise not_found("record", shown)
        entries = self._store.entries(shown)
        return self._desktop.page(
            request,
            "record.html",
            shown=shown,
            records=RECORDS,
            entries=entries[: -_SHOWN - 1 : -1],
            total=len(entries),
        )

    async def start_afresh(self, _request: Request) -> Response:
        """The data as on the first start; what is registered goes too."""
        self._desktop.switchboard.replace([])
        self._refill()
        return RedirectResponse("/", 303)

    async def revision(self, _request: Request) -> Response:
        """Two texts that change when documents, or records, do; both when the faults do."""
        records = sum((self._store.entries(name) or [{"seq": 0}])[-1]["seq"] for name in RECORDS)
        faults = ";".join(
            f"{fault['kind']} {fault['path']} {fault['times']}" for fault in self._desktop.switchboard.as_json()
        )
        return JSONResponse(
            {"documents": f"{self._store.revision} {faults}", "records": f"{records} {faults}"},
            headers={"cache-control": "no-store"},
        )


def _fault_from(form: Any) -> dict[str, Any]:
    fault: dict[str, Any] = {"kind": str(form.get("kind", "")), "path": str(form.get("path") or "*").strip()}
    fault["method"] = str(form.get("method", ""))
    for name in ("amount", "every", "times"):
        if str(form.get(name, "")).isdigit():
            fault[name] = int(str(form[name]))
    return fault
