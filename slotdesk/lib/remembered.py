"""Answers kept for a while, per process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """
    Answers that may be `seconds` old; of more than `size` the oldest is dropped. Safe to share between threads.

    Who misses while another thread asks for the same waits for its answer; if there is none, because it failed, all who
    waited ask for themselves.
    """

    def __init__(self, *, seconds: float, size: int = 1000) -> None:
        self._seconds = seconds
        self._size = size
        self._answers: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._asking: dict[K, threading.Event] = {}
        self._lock = threading.Lock()

    def get(self, key: K, ask: Callable[[], V]) -> V:
        """The answer for the key, asked for when there is none or it is too old. What `ask` raises is not kept."""
        with self._lock:
            if (kept := self._fresh(key)) is not None:
                return kept[1]
            asking = self._asking.get(key)
            if asking is None:
                self._asking[key] = threading.Event()
        if asking is None:
            try:
                return self._keep(key, ask())
            finally:
                with self._lock:
                    self._asking.pop(key).set()
        asking.wait()
        with self._lock:
            if (kept := self._fresh(key)) is not None:
                return kept[1]
        return self._keep(key, ask())

    def forget(self, key: K, *, older_than: float = 0.0) -> bool:
        """Drop the answer if it is older than so many seconds; True when it was dropped."""
        with self._lock:
            kept = self._answers.get(key)
            if kept is None or time.monotonic() - kept[0] < older_than:
                return False
            del self._answers[key]
            return True

    def _fresh(self, key: K) -> tuple[float, V] | None:
        kept = self._answers.get(key)
        return kept if kept is not None and time.monotonic() - kept[0] < self._seconds else None

    def _keep(self, key: K, answer: V) -> V:
        with self._lock:
            self._answers[key] = (time.monotonic(), answer)
            self._answers.move_to_end(key)
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)
        return answer
