"""The web inbox: mailboxes at the side, the list, and the message with its tabs."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.mail import api, look
from sandbox.mail.faults import Fault
from sandbox.mail.invitation import invitations_in
from sandbox.mail.preview import count_remote_images, page_of, policy
from sandbox.mail.reading import Attachment, Mail, read_mail
from sandbox.mail.records import Filter
from sandbox.mail.store import Store

HERE = Path(__file__).parent
PER_PAGE = 50
SOURCE_SHOWN = 200_000
TABS = ("html", "text", "headers", "source", "attachments")

templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
)
templates.filters |= {
    "size": look.size,
    "tone": look.tone,
    "name": look.display_name,
    "linked": look.linked,
    "initial": look.initial,
    "utc": look.utc,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader is in the list; it rides along in every link, so that a reload or a shared address agrees."""

    mailbox: str = ""
    words: str = ""
    only_unread: bool = False
    page: int = 1

    @classmethod
    def of(cls, request: Request) -> "Place":
        query = request.query_params
        page = query.get("page", "1")
        return cls(
            mailbox=query.get("mailbox", ""),
            words=query.get("q", ""),
            only_unread=query.get("unread") == "1",
            page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
        )

    @property
    def filter(self) -> Filter:
        return Filter(mailbox=self.mailbox, words=self.words, only_unread=self.only_unread)

    def at(self, path: str = "/", **changes: str | int) -> str:
        """The address of `path` from here; a change to "" leaves the parameter out."""
        here = {"mailbox": self.mailbox, "q": self.words, "unread": "1" if self.only_unread else "", "page": self.page}
        given = here | changes
        kept = {key: value for key, value in given.items() if value and (key, value) != ("page", 1)}
        return f"{path}?{urlencode(kept)}" if kept else path


async def show_list(request: Request) -> Response:
    return _page(request, Place.of(request))


async def show_message(request: Request) -> Response:
    store: Store = request.app.state.store
    message = store.get_message(request.path_params["message"])
    store.mark_read(message.id)
    mail = read_mail(store.get_source(message.id))
    tab = request.query_params.get("tab", "")
    if tab not in TABS:
        tab = "html" if mail.html is not None else "text"
    return _page(
        request,
        Place.of(request),
        message=message,
        mail=mail,
        tab=tab,
        invitations=invitations_in(mail),
        narrow=request.query_params.get("width") == "phone",
        shows_remote=request.query_params.get("images") == "remote",
        remote_images=count_remote_images(mail.html or ""),
        source=_shown_source(store.get_source(message.id)) if tab == "source" else "",
    )


async def show_html(request: Request) -> Response:
    """The mail's own HTML, for the frame."""
    mail = _mail(request)
    if mail.html is None:
        raise HTTPException(404, "This message has no HTML.")
    remote = request.query_params.get("images") == "remote"
    return HTMLResponse(page_of(mail), headers={"Content-Security-Policy": policy(remote_images=remote)})


async def download_attachment(request: Request) -> Response:
    """Always a download, never a page: an attached HTML file must not open in our origin."""
    part = _attachment(_mail(request), request.path_params["attachment"])
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(part.filename, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(part.content, media_type=part.content_type, headers=headers)


async def delete_message(request: Request) -> Response:
    _refuse_other_sites(request)
    request.app.state.store.delete_message(request.path_params["message"])
    return RedirectResponse(Place.of(request).at(), status_code=303)


async def delete_messages(request: Request) -> Response:
    """Empties the mailbox in view, or the whole post office when all are in view."""
    _refuse_other_sites(request)
    store: Store = request.app.state.store
    mailbox = Place.of(request).mailbox
    if mailbox:
        store.empty_mailbox(mailbox)
    else:
        store.clear()
    return RedirectResponse("/", status_code=303)


async def end_faults(request: Request) -> Response:
    _refuse_other_sites(request)
    request.app.state.faults.put(Fault())
    request.app.state.live.wake()
    return RedirectResponse(Place.of(request).at(), status_code=303)


async def stream_changes(request: Request) -> Response:
    return StreamingResponse(request.app.state.live.stream(), media_type="text/event-stream")


async def show_health(request: Request) -> Response:
    request.app.state.store.count_messages(Filter())
    return Response("ok\n", media_type="text/plain")


routes = [
    Route("/", show_list),
    Route("/messages/{message:int}", show_message, methods=["GET"]),
    Route("/messages/{message:int}/html", show_html),
    Route("/messages/{message:int}/source", api.get_source),
    Route("/messages/{message:int}/attachments/{attachment:int}", download_attachment),
    Route("/messages/{message:int}/deletion", delete_message, methods=["POST"]),
    Route("/deletion", delete_messages, methods=["POST"]),
    Route("/faults/end", end_faults, methods=["POST"]),
    Route("/changes", stream_changes),
    Route("/healthz", show_health),
    Mount("/static", StaticFiles(directory=HERE / "static")),
]


def _page(request: Request, place: Place, **more: Any) -> Response:
    store: Store = request.app.state.store
    total = store.count_messages(place.filter)
    last_page = max(1, math.ceil(total / PER_PAGE))
    mailboxes = store.list_mailboxes()
    fault: Fault = request.app.state.faults.current
    context = {
        "place": place,
        "message": None,
        "mailboxes": mailboxes,
        "everything": sum(mailbox.total for mailbox in mailboxes),
        "unread": sum(mailbox.unread for mailbox in mailboxes),
        "messages": store.list_messages(place.filter, limit=PER_PAGE, offset=(place.page - 1) * PER_PAGE),
        "total": total,
        "last_page": last_page,
        "fault": None if fault.is_off else fault.describe(),
        "smtp": request.app.state.smtp,
        "tabs": TABS,
    }
    return HTMLResponse(templates.get_template("inbox.html").render(context | more))


def not_found(request: Request, problem: str) -> Response:
    """A page for a message that is gone, in the frame of the inbox."""
    response = _page(request, Place.of(request), problem=problem)
    response.status_code = 404
    return response


def _mail(request: Request) -> Mail:
    return read_mail(request.app.state.store.get_source(request.path_params["message"]))


def _attachment(mail: Mail, index: int) -> Attachment:
    if index >= len(mail.attachments):
        raise HTTPException(404, "This message has no such attachment.")
    return mail.attachments[index]


def _shown_source(content: bytes) -> str:
    return content[:SOURCE_SHOWN].decode("utf-8", "replace") + ("\n[…]" if len(content) > SOURCE_SHOWN else "")


def _refuse_other_sites(request: Request) -> None:
    """A page elsewhere may send us a form; browsers say so, and we do not listen."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "This can only be done from the inbox itself.")
