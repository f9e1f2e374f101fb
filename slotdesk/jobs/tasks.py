"""How a task is declared."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

Job = Callable[..., None]


def task(
    name: str,
    *,
    queue: str,
    lock: str | None = None,
    queueing_lock: str | None = None,
    retry: RetryStrategy | None = None,
) -> Callable[[Job], Job]:
    """
    Declare a function to be a task.

    It runs in a thread of its own, whose database connection is given back afterwards; arguments that it does not know
    yet, because a newer version deferred it, are left out.
    """

    def declare(job: Job) -> Job:
        @wraps(job)
        def run(**arguments: Any) -> None:
            close_old_connections()
            try:
                job(**arguments)
            finally:
                close_old_connections()

        app.task(name=name, queue=queue, lock=lock, queueing_lock=queueing_lock, retry=retry or False)(run)
        return run

    return declare


def every(cron: str, name: str, *, queue: str) -> Callable[[Job], Job]:
    """Declare a task that runs by the clock, each tick once however many workers. cron: six fields, seconds last."""

    def declare(job: Job) -> Job:
        @wraps(job)
        def run(timestamp: int) -> None:
            close_old_connections()
            try:
                job()
            finally:
                close_old_connections()

        app.periodic(cron=cron)(app.task(name=name, queue=queue, queueing_lock=name, lock=name)(run))
        return run

    return declare
