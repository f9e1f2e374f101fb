"""`slotdesk worker`: do the background work."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import socket
from typing import TYPE_CHECKING, cast

import structlog
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status
from psycopg import Error as DatabaseError
from psycopg_pool import PoolTimeout

from slotdesk.config.command import set_up_django

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.contrib.django.django_connector import DjangoConnector

_log = structlog.get_logger("slotdesk.worker")

# A worker that has not been heard of for this long is dead, and its jobs are given to others.
_DEAD_AFTER_SECONDS = 30
_LONGEST_WAIT_SECONDS = 30


def main(argv: list[str]) -> int:
    """
    Work until SIGTERM or Ctrl-C, then take no new job and end those under way.

    A lost database is waited for. A worker that is killed leaves its jobs to the other workers, or to its successor.
    """
    parser = argparse.ArgumentParser(
        prog="slotdesk worker",
        description="Do the background work. Run as many as you like, on as many machines as you like.",
    )
    parser.add_argument("--jobs", type=int, default=4, metavar="N", help="jobs at the same time (%(default)s)")
    parser.add_argument("--queue", action="append", metavar="NAME", help="only this queue; may be given again")
    parser.add_argument(
        "--metrics", type=_address, metavar="HOST:PORT", help="serve this worker's Prometheus metrics there"
    )
    parser.add_argument("--once", action="store_true", help="do what is waiting, then end")
    options = parser.parse_args(argv)
    set_up_django()
    if options.metrics:
        from prometheus_client import start_http_server

        host, port = options.metrics
        start_http_server(port, host)

    from procrastinate.contrib.django import app

    asyncio.run(_Worker(app, options).run())
    return 0


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host or "127.0.0.1", int(port)


class _Worker:
    """One worker process: the queue's own worker, started again whenever the database was lost."""

    def __init__(self, app: App, options: argparse.Namespace) -> None:
        self._app = app
        self._options = options
        self._is_stopping = asyncio.Event()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._is_stopping.set)
        wait = 1
        while not self._is_stopping.is_set():
            started = loop.time()
            try:
                await self._work()
            except (DatabaseError, ConnectorException, PoolTimeout) as error:
                _log.warning("worker_lost_database", error=str(error.__cause__ or error), retry_in_seconds=wait)
            if self._options.once:
                return
            if loop.time() - started > _LONGEST_WAIT_SECONDS:
                wait = 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_stopping.wait(), wait)
            wait = min(wait * 2, _LONGEST_WAIT_SECONDS)

    async def _work(self) -> None:
        connector = cast("DjangoConnector", self._app.connector)
        with self._app.replace_connector(connector.get_worker_connector()) as app:
            async with app.open_async():
                await _revive(app)
                _log.info("worker_started", jobs=self._options.jobs, queues=self._options.queue or "all")
                reviving = asyncio.create_task(_revive_for_ever(app))
                working = asyncio.create_task(
                    app.run_worker_async(
                        name=f"{socket.gethostname()}",
                        queues=self._options.queue,
                        concurrency=self._options.jobs,
                        wait=not self._options.once,
                        delete_jobs="successful",
                        install_signal_handlers=False,
                        stalled_worker_timeout=_DEAD_AFTER_SECONDS,
                    )
                )
                stopping = asyncio.create_task(self._is_stopping.wait())
                try:
                    await asyncio.wait({reviving, working, stopping}, return_when=asyncio.FIRST_COMPLETED)
                    if self._is_stopping.is_set():
                        _log.info("worker_stopping")
                finally:
                    for task in (reviving, working, stopping):
                        task.cancel()
                    outcomes = await asyncio.gather(reviving, working, stopping, return_exceptions=True)
                for outcome in outcomes:
                    if isinstance(outcome, Exception):
                        raise outcome


async def _revive_for_ever(app: App) -> None:
    while True:
        await asyncio.sleep(_DEAD_AFTER_SECONDS / 2)
        await _revive(app)


async def _revive(app: App) -> None:
    """Put the jobs of workers that died back into the queue."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_AFTER_SECONDS):
        _log.warning("job_revived", job=job.task_name, attempts=job.attempts)
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            # One like it waits in the queue already, and one is enough (its queueing lock says so).
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
