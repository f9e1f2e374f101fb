"""The ticket list, and the ticket page with its pods."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.connectwise import constants
from sandbox.connectwise.access import issue_member_hash
from sandbox.connectwise.clock import write_instant
from sandbox.connectwise.errors import ApiError, not_found
from sandbox.connectwise.hosting import pod_address, pods_for
from sandbox.connectwise.resource import Resource
from sandbox.connectwise.resources import RESOURCES
from sandbox.connectwise.screens.base import Desktop
from sandbox.connectwise.screens.calendar import zone_of
from sandbox.connectwise.store import Doc
from sandbox.connectwise.tickets import PROJECT_TYPES

PAGE_SIZE = 25
_NOTE_FLAGS = {
    "discussion": "detailDescriptionFlag",
    "internal": "internalAnalysisFlag",
    "resolution": "resolutionFlag",
}
_frames = count(1)


class TicketScreens:
    """Pages and forms about tickets."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop
        self._store = desktop.psa.store

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/", self.list),
            Route("/tickets/{id:int}", self.show),
            Route("/tickets/{id:int}/status", self.set_status, methods=["POST"]),
            Route("/tickets/{id:int}/notes", self.add_note, methods=["POST"]),
            Route("/tickets/{id:int}/entries", self.add_entry, methods=["POST"]),
            Route("/{codebase}/services/system_io/Service/fv_sr100_request.rails", self.open_link),
            Route("/member-authentication", self.authenticate_member, methods=["POST"]),
        ]

    async def list(self, request: Request) -> Response:
        """Open tickets, newest first, searched and filtered."""
        asked = request.query_params
        words, board, state = asked.get("q", "").strip(), asked.get("board", ""), asked.get("state", "open")
        found = [
            ticket
            for ticket in reversed(self._store.all("tickets"))
            if (state == "all" or ticket["closedFlag"] is (state == "closed"))
            and (not board or str(ticket["board"]["id"]) == board)
            and _mentions(ticket, words)
        ]
        pages = max(1, -(-len(found) // PAGE_SIZE))
        asked_page = asked.get("page", "1")
        page = min(max(1, int(asked_page) if asked_page.isdigit() else 1), pages)
        return self._desktop.page(
            request,
            "tickets.html",
            tickets=found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
            total=len(found),
            number=page,
            pages=pages,
            boards=self._store.all("boards"),
            words=words,
            board=board,
            state=state,
        )

    async def show(self, request: Request) -> Response:
        """One ticket."""
        ticket = self._ticket(request)
        screen = "Project Ticket" if ticket["recordType"] in PROJECT_TYPES else "Service Ticket"
        pods = [
            {"setup": setup, "frame": f"frame-{next(_frames)}", "url": url, "origin": origin}
            for setup in pods_for(self._store, screen)
            for url, origin in [pod_address(setup, record_id=ticket["id"], screen="ticket")]
        ]
        notes = [note for note in self._store.all("notes") if note["ticketId"] == ticket["id"]]
        entries = [
            entry
            for entry in self._store.all("entries")
            if entry["type"]["identifier"] == "S" and entry.get("objectId") == ticket["id"]
        ]
        return self._desktop.page(
            request,
            "ticket.html",
            ticket=ticket,
            pods=pods,
            notes=list(reversed(notes)),
            entries=sorted(entries, key=lambda entry: str(entry.get("dateStart", ""))),
            statuses=[s for s in self._store.all("boardStatuses") if s["board"]["id"] == ticket["board"]["id"]],
            site=self._store.find("sites", (ticket.get("site") or {}).get("id")),
            tomorrow=(self._desktop.psa.clock() + timedelta(days=1)).date().isoformat(),
            is_project=screen == "Project Ticket",
        )

    async def open_link(self, request: Request) -> Response:
        """The vendor's own link to a ticket, as mails and other programs carry it."""
        number = request.query_params.get("service_recid", "")
        if not number.isdigit():
            raise not_found("ticket", number)
        return RedirectResponse(f"/tickets/{number}", 303)

    async def set_status(self, request: Request) -> Response:
        """Give the ticket a status of its board."""
        ticket, form = self._ticket(request), await request.form()
        operation = {"op": "replace", "path": "status", "value": {"id": _whole(form, "status")}}
        self._desktop.psa.patch(self._resource(ticket), ticket, [operation], self._desktop.caller(request))
        return self._desktop.back(request, f"/tickets/{ticket['id']}")

    async def add_note(self, request: Request) -> Response:
        """Write a note as the viewer."""
        ticket, form = self._ticket(request), await request.form()
        flag = _NOTE_FLAGS.get(str(form.get("kind")), "internalAnalysisFlag")
        body = {"text": str(form.get("text", "")), flag: True}
        body["member"] = {"id": self._desktop.viewer(request)["id"]}
        notes = self._resource(ticket, "/notes")
        self._desktop.psa.create(notes, {"ticketId": ticket["id"]}, body, self._desktop.caller(request))
        return self._desktop.back(request, f"/tickets/{ticket['id']}")

    async def add_entry(self, request: Request) -> Response:
        """Put a member on the ticket, at a time on the member's own clock."""
        ticket, form = self._ticket(request), await request.form()
        member = self._store.get("members", _whole(form, "member"))
        starts = read_wall_clock(str(form.get("date")), str(form.get("start")), member)
        body = {
            "objectId": ticket["id"],
            "type": {"identifier": "S"},
            "member": {"id": member["id"]},
            "dateStart": write_instant(starts),
            "dateEnd": write_instant(starts + timedelta(minutes=_whole(form, "minutes"))),
            "allowScheduleConflictsFlag": True,
            "addMemberToProjectFlag": True,
        }
        entries = next(resource for resource in RESOURCES if resource.collection == "entries")
        self._desktop.psa.create(entries, {}, body, self._desktop.caller(request))
        return self._desktop.back(request, f"/tickets/{ticket['id']}")

    async def authenticate_member(self, request: Request) -> Response:
        """What the ticket screen answers a pod that asks who is looking."""
        viewer, psa = self._desktop.viewer(request), self._desktop.psa
        proof = issue_member_hash(
            psa.store, viewer["identifier"], lifetime=self._desktop.hash_lifetime, clock=psa.clock
        )
        return JSONResponse(
            {
                "site": self._desktop.public_url + "/",
                "companyid": constants.COMPANY_ID,
                "memberid": viewer["identifier"],
                "memberHash": proof,
                "memberContext": f"{constants.COMPANY_ID}.{viewer['id']}",
                "memberEmail": viewer["primaryEmail"],
                "codeBase": constants.CODEBASE + "/",
                "ssoAccessToken": "",
            },
            headers={"cache-control": "no-store"},
        )

    def _ticket(self, request: Request) -> Doc:
        ticket = self._store.find("tickets", request.path_params["id"])
        if ticket is None:
            raise not_found("ticket", request.path_params["id"])
        return ticket

    def _resource(self, ticket: Doc, below: str = "") -> Resource:
        kind = "project" if ticket["recordType"] in PROJECT_TYPES else "service"
        path = f"/{kind}/tickets" + (f"/{{ticketId}}{below}" if below else "")
        return next(resource for resource in RESOURCES if resource.path == path)


def _mentions(ticket: Doc, words: str) -> bool:
    text = f"{ticket['id']} {ticket['summary']} {ticket['company']['name']} {ticket.get('contactName', '')}".casefold()
    return all(word in text for word in words.casefold().lstrip("#").split())


def _whole(form: FormData, name: str) -> int:
    value = str(form.get(name, ""))
    if not value.isdigit():
        raise ApiError(400, "InvalidObject", f"The {name} is missing.")
    return int(value)


def read_wall_clock(day: str, at: str, member: Doc) -> datetime:
    """A date and a time of day on the member's clock. Raises ApiError (400)."""
    try:
        return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=zone_of(member))
    except ValueError:
        raise ApiError(400, "InvalidObject", "The date or the time is missing.") from None
