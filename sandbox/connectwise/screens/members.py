"""Members: the list, a week of each one's schedule, and being signed in as one."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.connectwise.clock import write_instant
from sandbox.connectwise.errors import not_found
from sandbox.connectwise.resources import BY_COLLECTION
from sandbox.connectwise.screens.base import MEMBER_COOKIE, Desktop
from sandbox.connectwise.screens.calendar import week_of, zone_of
from sandbox.connectwise.screens.tickets import read_wall_clock
from sandbox.connectwise.store import Doc


class MemberScreens:
    """Pages and forms about members."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop
        self._store = desktop.psa.store

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/members", self.list),
            Route("/members/{identifier}", self.show),
            Route("/members/{identifier}/entries", self.add_entry, methods=["POST"]),
            Route("/entries/{id:int}/deletion", self.delete_entry, methods=["POST"]),
            Route("/signed-in-member", self.sign_in, methods=["POST"]),
        ]

    async def list(self, request: Request) -> Response:
        """Everybody, the inactive too."""
        members = [member for member in self._store.all("members") if member["licenseClass"] != "A"]
        today = self._desktop.psa.clock().date()
        return self._desktop.page(request, "members.html", members=members, today=today)

    async def show(self, request: Request) -> Response:
        """One week, on the member's own clock."""
        member = self._member(request)
        today = self._desktop.psa.clock().astimezone(zone_of(member)).date()
        try:
            asked = date.fromisoformat(request.query_params.get("week", ""))
        except ValueError:
            # At the weekend the week ahead is the one of interest.
            asked = today + timedelta(days=2) if today.weekday() > 4 else today
        monday = asked - timedelta(days=asked.weekday())
        return self._desktop.page(
            request,
            "member.html",
            member=member,
            week=week_of(self._store, member, monday),
            monday=monday,
            today=today,
            before=monday - timedelta(days=7),
            after=monday + timedelta(days=7),
        )

    async def add_entry(self, request: Request) -> Response:
        """Take up some of the member's time with a meeting."""
        member, form = self._member(request), await request.form()
        starts, ends = (
            read_wall_clock(str(form.get("date")), str(form.get(name)), member) for name in ("from", "until")
        )
        body = {
            "type": {"identifier": "M"},
            "name": str(form.get("name", "")).strip() or "Busy",
            "member": {"id": member["id"]},
            "dateStart": write_instant(starts),
            "dateEnd": write_instant(ends),
            "allowScheduleConflictsFlag": True,
        }
        self._desktop.psa.create(BY_COLLECTION["entries"], {}, body, self._desktop.caller(request))
        return self._desktop.back(request, f"/members/{member['identifier']}")

    async def delete_entry(self, request: Request) -> Response:
        """Take the entry out of the schedule."""
        entry = self._store.find("entries", request.path_params["id"])
        if entry is None:
            raise not_found("scheduleEntry", request.path_params["id"])
        self._desktop.psa.delete(BY_COLLECTION["entries"], entry, self._desktop.caller(request))
        return self._desktop.back(request, f"/members/{entry['member']['identifier']}")

    async def sign_in(self, request: Request) -> Response:
        """Be another member from now on."""
        response = self._desktop.back(request)
        response.set_cookie(MEMBER_COOKIE, str((await request.form()).get("member", "")), samesite="lax", httponly=True)
        return response

    def _member(self, request: Request) -> Doc:
        identifier = request.path_params["identifier"]
        for member in self._store.all("members"):
            if member["identifier"] == identifier and member["licenseClass"] != "A":
                return member
        raise not_found("member", identifier)
