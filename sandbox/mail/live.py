"""Tells open inbox pages that something changed, by server-sent events."""

import asyncio
from collections.abc import AsyncIterator

from sandbox.mail.store import Store

HEARTBEAT_SECONDS = 20


class Live:
    """Lives in one event loop; the store may change in any thread."""

    def __init__(self, store: Store) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: set[asyncio.Event] = set()
        self._ended = False
        self._stop_listening = store.listen(self._wake_soon)

    def end(self) -> None:
        """Finish every open stream, so that the server can stop."""
        self._ended = True
        self._stop_listening()
        self.wake()

    async def stream(self) -> AsyncIterator[str]:
        """One event per change, or per burst of changes; a comment now and then shows that the line is alive."""
        changed = asyncio.Event()
        self._waiting.add(changed)
        try:
            yield "retry: 1000\n\n"
            while not self._ended:
                try:
                    await asyncio.wait_for(changed.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                changed.clear()
                if not self._ended:
                    yield "event: changed\ndata: \n\n"
        finally:
            self._waiting.discard(changed)

    def _wake_soon(self) -> None:
        self._loop.call_soon_threadsafe(self.wake)

    def wake(self) -> None:
        """Say that something changed. Only from the loop itself."""
        for changed in self._waiting:
            changed.set()
