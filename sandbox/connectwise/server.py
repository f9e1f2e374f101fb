"""Serving the stand-in: for good, or within a test."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette

from . import callbacks, constants
from .api import Api
from .clock import Clock, utc_now
from .data.build import build
from .desk import Desk
from .errors import ApiError
from .faults import Switchboard
from .psa import Psa, present
from .resources import RESOURCES
from .screens.app import Screens
from .store import Doc, Store

_GRACE = 2.0
_COLLECTIONS = {
    "ticket": "tickets", "schedule": "entries", "activity": "activities", "company": "companies", "contact": "contacts",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """
    How a stand-in is to be.

    public_url    how others reach it
    state         the SQLite file; None = in memory
    today         the date that the data is made for; None = the clock's. size   full | small
    hash_lifetime how long a member hash proves anything
    rate_limit    requests a minute for one key before 429; 0 = no limit
    callback_waits  seconds before the second and the third try of a callback
    """

    public_url: str = ""
    state: Path | None = None
    today: date | None = None
    seed: int = 1
    size: str = "full"
    clock: Clock = utc_now
    hash_lifetime: timedelta = timedelta(minutes=30)
    rate_limit: int = 1000
    callback_waits: Sequence[float] = callbacks.RETRY_WAITS


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A stand-in that is running. `store` and `switchboard` may be used from another thread."""

    url: str
    store: Store
    switchboard: Switchboard
    company_id: str = constants.COMPANY_ID
    public_key: str = field(default=constants.PUBLIC_KEY)
    private_key: str = field(default=constants.PRIVATE_KEY)
    client_id: str = constants.CLIENT_ID

    @property
    def api_url(self) -> str:
        return f"{self.url}/{constants.CODEBASE}/apis/3.0"


def make_app(options: Options) -> tuple[Starlette, Store, Switchboard]:
    """The application and what it stands on; an empty store is filled."""
    store, switchboard = Store(options.state), Switchboard()
    public_url = options.public_url.rstrip("/")

    def refill() -> None:
        today = options.today or options.clock().date()
        store.refill(build(seed=options.seed, today=today, size=options.size))

    if store.is_empty:
        refill()
    outbox = callbacks.Outbox(
        store, options.clock, public_url=public_url, show=_show_changed, waits=options.callback_waits
    )
    psa = Psa(store, options.clock, outbox)
    api = Api(psa, switchboard, public_url=public_url, rate_limit=options.rate_limit)
    desk = Desk(store, switchboard, public_url=public_url, refill=refill)
    screens = Screens(psa, switchboard, public_url=public_url, hash_lifetime=options.hash_lifetime, refill=refill)
    app = Starlette(routes=[*desk.routes, *api.routes, *screens.routes], exception_handlers={ApiError: screens.refuse})
    return app, store, switchboard


def _show_changed(kind: str, doc: Doc) -> Doc:
    """A changed object as its own path shows it."""
    for resource in RESOURCES:
        if resource.collection == _COLLECTIONS[kind] and all(doc.get(k) in v for k, v in resource.where.items()):
            return present(resource, doc)
    raise LookupError(kind)


async def serve(app: Starlette, *, host: str, port: int, started: threading.Event, stop: asyncio.Event) -> None:
    """Serve until `stop` is set."""
    server = Server(app, address=host, port=port, interface=Interfaces.ASGI, log_enabled=False)
    serving = asyncio.create_task(server.serve())
    started.set()
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        server.stop()  # type: ignore[no-untyped-call]
    stopping.cancel()
    # Calls that hang on purpose are not waited for.
    ended, _hanging = await asyncio.wait((serving,), timeout=_GRACE)
    for task in ended:
        task.result()


@contextmanager
def running(options: Options | None = None, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[Sandbox]:
    """
    A stand-in on a thread of its own, with the small data set unless told otherwise; gone when the block ends.

    port 0 takes a free one; options.public_url is then the address that was taken, unless it was set.
    """
    port = port or _free_port(host)
    options = options or Options(size="small")
    url = f"http://{host}:{port}"
    if not options.public_url:
        options = replace(options, public_url=url)
    app, store, switchboard = make_app(options)
    started, loops = threading.Event(), list[tuple[asyncio.AbstractEventLoop, asyncio.Event]]()

    def run() -> None:
        async def main() -> None:
            stop = asyncio.Event()
            loops.append((asyncio.get_running_loop(), stop))
            await serve(app, host=host, port=port, started=started, stop=stop)

        asyncio.run(main())

    thread = threading.Thread(target=run, name="connectwise-sandbox", daemon=True)
    thread.start()
    try:
        started.wait(10)
        wait_until_open(host, port)
        yield Sandbox(url=url, store=store, switchboard=switchboard)
    finally:
        loop, stop = loops[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        store.close()


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def wait_until_open(host: str, port: int, *, tries: int = 500) -> None:
    """Return when the port answers. Raises TimeoutError."""
    for _ in range(tries):
        with socket.socket() as probe:
            probe.settimeout(0.05)
            if probe.connect_ex((host, port)) == 0:
                return
        threading.Event().wait(0.02)
    raise TimeoutError(f"nothing listens on {host}:{port}")
