"""Timing, and saying what was timed."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def milliseconds(task: Callable[[], object], *, times: int, warm_up: int = 5) -> list[float]:
    """Return how long each of `times` runs took, in milliseconds, sorted; the warm-up runs are not counted."""
    return in_turns(task, times=times, warm_up=warm_up)[0]


def in_turns(*tasks: Callable[[], object], times: int, warm_up: int = 5) -> list[list[float]]:
    """The same for tasks that are compared: one run of each, `times` over, so that all meet the same machine."""
    taken: list[list[float]] = [[] for _ in tasks]
    for number in range(warm_up + times):
        for task, ours in zip(tasks, taken, strict=True):
            started = time.perf_counter()
            task()
            if number >= warm_up:
                ours.append((time.perf_counter() - started) * 1000)
    return [sorted(ours) for ours in taken]


def median(taken: list[float]) -> float:
    return statistics.median(taken)


def percentile_95(taken: list[float]) -> float:
    return sorted(taken)[min(len(taken) - 1, round(len(taken) * 0.95))]


def machine() -> str:
    """One line: processor, cores, Python."""
    return f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _processor() -> str:
    """What the maker calls it, where Linux says so."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
