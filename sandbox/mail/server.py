"""Both servers in one event loop: for the command, and in a thread for tests."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

from granian.constants import Interfaces
from granian.server.embed import Server

from sandbox.mail.app import make_app
from sandbox.mail.faults import FaultSwitch
from sandbox.mail.live import Live
from sandbox.mail.records import Filter, Message
from sandbox.mail.smtp import smtp_factory
from sandbox.mail.store import Store

START_DEADLINE_SECONDS = 10
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Running:
    """A running catcher. `host` and `smtp_port` for the sender, `url` (no slash at the end) for the reader."""

    host: str
    smtp_port: int
    url: str
    store: Store
    faults: FaultSwitch

    def wait_for(self, which: Filter, *, count: int = 1, timeout: float = 10) -> list[Message]:
        """
        The matching messages, newest first, once there are at least `count`. Raises TimeoutError, saying what came.
        """
        changed = threading.Event()
        stop_listening = self.store.listen(changed.set)
        deadline = time.monotonic() + timeout
        try:
            while len(found := self.store.list_messages(which, limit=1000)) < count:
                if not changed.wait(max(0, deadline - time.monotonic())):
                    came = [f"{message.mailbox}: {message.subject}" for message in self.store.list_messages(Filter())]
                    raise TimeoutError(
                        f"{len(found)} of {count} messages matching {which} within {timeout} s; here: {came}"
                    )
                changed.clear()
            return found
        finally:
            stop_listening()


class PortTaken(OSError):
    """Somebody else listens there."""


@asynccontextmanager
async def serving(
    store: Store,
    *,
    host: str = "127.0.0.1",
    smtp_port: int = 0,
    http_port: int = 0,
    login: tuple[str, str] | None = None,
    size_limit: int = 25 * 1024 * 1024,
) -> AsyncIterator[Running]:
    """Serve in the running loop until the block ends. Port 0 takes a free one. Raises PortTaken."""
    faults = FaultSwitch()
    loop = asyncio.get_running_loop()
    try:
        smtp = await loop.create_server(
            smtp_factory(store, faults, login=login, size_limit=size_limit), host=host, port=smtp_port
        )
    except OSError as error:
        raise PortTaken(f"cannot listen on {host}:{smtp_port} for SMTP: {error.strerror or error}") from error
    smtp_port = smtp.sockets[0].getsockname()[1]
    live = Live(store)
    try:
        async with _http(make_app(store, faults, live, smtp=f"{host}:{smtp_port}"), host, http_port, live.end) as port:
            yield Running(host=host, smtp_port=smtp_port, url=f"http://{host}:{port}", store=store, faults=faults)
    finally:
        live.end()
        smtp.close()


@asynccontextmanager
async def _http(app: object, host: str, port: int, end_streams: Callable[[], None]) -> AsyncIterator[int]:
    with _reserved(host, port) as port:
        server = Server(app, address=host, port=port, interface=Interfaces.ASGINL, websockets=False, log_enabled=False)
        task = asyncio.create_task(server.serve())
        await _answering(host, port, task)
    try:
        yield port
    finally:
        # Granian waits for open answers, and an event stream is open for as long as a page is.
        end_streams()
        server.stop()  # type: ignore[no-untyped-call]
        await task


@contextmanager
def _reserved(host: str, port: int) -> Iterator[int]:
    """
    Hold a port until Granian listens on it.

    Granian shares ports (SO_REUSEPORT), so it would quietly join another server; a plain bind finds that out first.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(f"cannot listen on {host}:{port} for HTTP: {error.strerror or error}") from error
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind((host, port))
        yield held.getsockname()[1]


async def _answering(host: str, port: int, task: "asyncio.Task[None]") -> None:
    deadline = time.monotonic() + START_DEADLINE_SECONDS
    while True:
        if task.done():
            task.result()
            raise RuntimeError("the HTTP server ended before it began")
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.005)
        else:
            writer.close()
            await writer.wait_closed()
            return


@contextmanager
def running(
    state: Path | None = None,
    *,
    keep: int = 1000,
    login: tuple[str, str] | None = None,
    size_limit: int = 25 * 1024 * 1024,
) -> Iterator[Running]:
    """A catcher on free ports of 127.0.0.1, in a thread of its own, until the block ends."""
    with closing(Store(state, keep=keep)) as store, _loop_in_thread() as do:
        service = serving(store, login=login, size_limit=size_limit)
        catcher = do(service.__aenter__())
        try:
            yield catcher
        finally:
            do(service.__aexit__(None, None, None))


class Do(Protocol):
    def __call__(self, coroutine: Coroutine[Any, Any, T], /) -> T: ...


@contextmanager
def _loop_in_thread() -> Iterator[Do]:
    """Yield what runs a coroutine in the loop of another thread, and waits. Tasks left at the end are cancelled."""
    loops: SimpleQueue[asyncio.AbstractEventLoop] = SimpleQueue()

    def work() -> None:
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            loops.put(loop)
            loop.run_forever()

    thread = threading.Thread(target=work, name="mail-catcher", daemon=True)
    thread.start()
    loop = loops.get()

    def do(coroutine: Coroutine[Any, Any, T], /) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result()

    try:
        yield do
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
