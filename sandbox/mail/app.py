"""The HTTP side put together: the inbox at /, the API at /api, and the headers that keep mails harmless."""

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.mail import api, web
from sandbox.mail.faults import FaultSwitch
from sandbox.mail.live import Live
from sandbox.mail.records import MessageNotFound
from sandbox.mail.store import Store

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


def make_app(store: Store, faults: FaultSwitch, live: Live, *, smtp: str) -> Starlette:
    """smtp  the address senders use, to show on the empty page."""
    app = Starlette(
        routes=[Mount("/api", routes=api.routes), *web.routes],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers={
            MessageNotFound: _message_not_found,
            HTTPException: _http_error,
            api.BadQuery: _bad_query,
        },
    )
    app.state.store, app.state.faults, app.state.live, app.state.smtp = store, faults, live, smtp
    return app


async def _message_not_found(request: Request, _error: Exception) -> Response:
    return _problem(request, 404, "This message is not here any more. It was deleted, or newer ones took its place.")


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _problem(request, error.status_code, error.detail)


async def _bad_query(_request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=400)


def _problem(request: Request, status: int, text: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": text}, status_code=status)
    if status == 404:
        return web.not_found(request, text)
    return Response(f"{text}\n", status_code=status, media_type="text/plain")


class SafeHeaders:
    """Adds the protective headers to every answer that does not bring stricter ones of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", POLICY)
                headers.setdefault("Cache-Control", "no-store")
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        await self.app(scope, receive, send_with_headers)
