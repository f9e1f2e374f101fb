"""The JSON API, for tests and scripts: what arrived, every attempt to deliver, and the fault switch."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.mail.faults import Fault, FaultSwitch
from sandbox.mail.reading import Mail, read_mail
from sandbox.mail.records import Delivery, Filter, Message
from sandbox.mail.store import Store

MOST_PER_PAGE = 500


class BadQuery(ValueError):
    """A parameter cannot be read; the text names it."""


async def list_messages(request: Request) -> Response:
    """to (exact), subject (contained), since (ISO 8601), after (message id), page, per_page. Newest first."""
    store: Store = request.app.state.store
    query = request.query_params
    which = Filter(
        mailbox=query.get("to", ""),
        subject=query.get("subject", ""),
        since=_time(request, "since"),
        after=_number(request, "after", 0),
    )
    page, per_page = _number(request, "page", 1, least=1), _number(request, "per_page", 50, least=1, most=MOST_PER_PAGE)
    total = store.count_messages(which)
    found = store.list_messages(which, limit=per_page, offset=(page - 1) * per_page)
    following = str(request.url.include_query_params(page=page + 1)) if page * per_page < total else None
    body = {"messages": [summary(message) for message in found], "total": total, "page": page, "next": following}
    return JSONResponse(body)


async def get_message(request: Request) -> Response:
    store: Store = request.app.state.store
    message = store.get_message(request.path_params["message"])
    return JSONResponse(summary(message) | details(message, read_mail(store.get_source(message.id))))


async def get_source(request: Request) -> Response:
    """The mail byte for byte, as a download."""
    message: int = request.path_params["message"]
    headers = {"Content-Disposition": f'attachment; filename="message-{message}.eml"'}
    content = request.app.state.store.get_source(message)
    return Response(content, media_type="message/rfc822", headers=headers)


async def delete_messages(request: Request) -> Response:
    """Without `to`: forget everything, deliveries too. With it: empty that mailbox, and keep the record."""
    store: Store = request.app.state.store
    if mailbox := request.query_params.get("to"):
        store.empty_mailbox(mailbox)
    else:
        store.clear()
    return Response(status_code=204)


async def list_deliveries(request: Request) -> Response:
    """to, message_id (both exact), page, per_page. Newest first."""
    page, per_page = (
        _number(request, "page", 1, least=1),
        _number(request, "per_page", 100, least=1, most=MOST_PER_PAGE),
    )
    found = request.app.state.store.list_deliveries(
        mailbox=request.query_params.get("to", ""),
        message_id=request.query_params.get("message_id", ""),
        limit=per_page,
        offset=(page - 1) * per_page,
    )
    return JSONResponse({"deliveries": [_delivery(delivery) for delivery in found], "page": page})


async def get_faults(request: Request) -> Response:
    switch: FaultSwitch = request.app.state.faults
    return JSONResponse(switch.current.model_dump(mode="json"))


async def put_faults(request: Request) -> Response:
    """Replace the fault in force; `{}` switches it off. See faults.Fault for the fields."""
    try:
        fault = Fault.model_validate_json(await request.body())
    except ValidationError as error:
        return JSONResponse({"error": error.errors(include_url=False, include_context=False)}, status_code=400)
    request.app.state.faults.put(fault)
    request.app.state.live.wake()
    return JSONResponse(fault.model_dump(mode="json"))


routes = [
    Route("/messages", list_messages, methods=["GET"]),
    Route("/messages", delete_messages, methods=["DELETE"]),
    Route("/messages/{message:int}", get_message, name="api_message"),
    Route("/messages/{message:int}/source", get_source, name="api_source"),
    Route("/deliveries", list_deliveries),
    Route("/faults", get_faults, methods=["GET"]),
    Route("/faults", put_faults, methods=["PUT"]),
]


def summary(message: Message) -> dict[str, Any]:
    return asdict(message) | {"received_at": message.received_at.isoformat()}


def details(message: Message, mail: Mail) -> dict[str, Any]:
    attachments = [
        {
            "filename": part.filename,
            "content_type": part.content_type,
            "content_id": part.content_id,
            "is_inline": part.is_inline,
            "size": part.size,
            "url": f"/messages/{message.id}/attachments/{part.index}",
        }
        for part in mail.attachments
    ]
    return {
        "headers": [{"name": name, "value": value} for name, value in mail.headers],
        "text": mail.text,
        "html": mail.html,
        "attachments": attachments,
        "links": mail.links,
        "defect": mail.defect,
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return asdict(delivery) | {"at": delivery.at.isoformat()}


def _number(request: Request, name: str, default: int, *, least: int = 0, most: int = 2**62) -> int:
    try:
        value = int(request.query_params.get(name, default))
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise BadQuery(f"{name} must be a whole number of at least {least}")
    return value


def _time(request: Request, name: str) -> datetime | None:
    # A bare plus sign in a query string arrives as a space.
    text = request.query_params.get(name, "").replace(" ", "+")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadQuery(f"{name} must be an ISO 8601 time") from error
    if moment.tzinfo is None:
        raise BadQuery(f"{name} must say its offset, like 2026-03-01T09:00:00Z")
    return moment
