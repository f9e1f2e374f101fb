"""What all pages share: who is signed in, how a page is drawn, where a form leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sandbox.connectwise.access import Caller
from sandbox.connectwise.faults import Switchboard
from sandbox.connectwise.psa import Psa
from sandbox.connectwise.references import shown_name
from sandbox.connectwise.screens.calendar import zone_of
from sandbox.connectwise.store import Doc

MEMBER_COOKIE = "psa_member"
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-src http: https:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Desktop:
    """What the pages stand on."""

    psa: Psa
    switchboard: Switchboard
    templates: Environment
    public_url: str
    hash_lifetime: timedelta

    def people(self) -> list[Doc]:
        """Everybody who may be signed in or scheduled, by name."""
        members = self.psa.store.all("members")
        able = [m for m in members if m["licenseClass"] != "A" and not m["inactiveFlag"]]
        return sorted(able, key=shown_name)

    def viewer(self, request: Request) -> Doc:
        """The member who is signed in: the one picked, else the first technician."""
        people = {m["identifier"]: m for m in self.people()}
        first = min(people.values(), key=lambda m: int(m["id"]))
        return people.get(request.cookies.get(MEMBER_COOKIE, ""), first)

    def caller(self, request: Request) -> Caller:
        """The viewer, as the author of what a page's form does."""
        return Caller(str(self.viewer(request)["identifier"]), "screen")

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
        """The page, with what every page shows."""
        viewer = self.viewer(request)
        html = self.templates.get_template(template).render(
            viewer=viewer,
            zone=zone_of(viewer),
            people=self.people(),
            name_of=shown_name,
            now=self.psa.clock(),
            path=request.url.path,
            faults=self.switchboard.as_json(),
            **values,
        )
        return HTMLResponse(html, status, {"content-security-policy": _POLICY, "cache-control": "no-store"})

    def back(self, request: Request, fallback: str = "/") -> Response:
        """To the page that the form was on."""
        came_from = urlsplit(request.headers.get("referer", ""))
        own = came_from.netloc == request.headers.get("host")
        where = came_from.path + (f"?{came_from.query}" if came_from.query else "") if own else fallback
        return RedirectResponse(where or fallback, 303)
