"""What Prometheus is told: the requests served here, and what the database says waits or went wrong."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE = CONTENT_TYPE_LATEST

_requests = Histogram(
    "slotdesk_http_request_seconds",
    "Time to answer a request, by route.",
    ["method", "route", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class RequestMetrics:
    """The middleware that times requests. Routes, not paths, are the label: paths hold secrets and have no end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else "none"
        _requests.labels(request.method, route, response.status_code).observe(time.perf_counter() - started)
        return response


def exposition() -> bytes:
    """Return everything in Prometheus' text format."""
    database = CollectorRegistry()
    database.register(_FromDatabase())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        processes = CollectorRegistry()
        MultiProcessCollector(processes)  # type: ignore[no-untyped-call]
    else:
        processes = REGISTRY
    return generate_latest(processes) + generate_latest(database)


class _FromDatabase:
    """Counted at the moment of asking, so that it does not matter which of several machines is asked."""

    _COUNTS = (
        (
            "slotdesk_jobs",
            "Background jobs, by queue and status.",
            ("queue", "status"),
            "SELECT queue_name, status, count(*) FROM procrastinate_jobs GROUP BY 1, 2",
        ),
        (
            "slotdesk_step_runs",
            "Step runs of the last week, by action and state.",
            ("action", "state"),
            "SELECT action, state, count(*) FROM workflows_steprun"
            " WHERE created_at > now() - interval '7 days' OR finished_at IS NULL GROUP BY 1, 2",
        ),
        (
            "slotdesk_workers",
            "Workers heard of in the last 30 seconds.",
            (),
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'",
        ),
    )
    _AGES = (
        (
            "slotdesk_oldest_job_seconds",
            "How long the job that is first in the queue has been ready to run.",
            "SELECT coalesce(extract(epoch FROM now() - min(coalesce(job.scheduled_at, event.at))), 0)"
            " FROM procrastinate_jobs job JOIN procrastinate_events event"
            " ON event.job_id = job.id AND event.type = 'deferred'"
            " WHERE job.status = 'todo' AND coalesce(job.scheduled_at, now()) <= now()",
        ),
        (
            "slotdesk_oldest_due_step_seconds",
            "How long the step run that is most overdue has been due.",
            "SELECT coalesce(extract(epoch FROM now() - min(due_at)), 0) FROM workflows_steprun"
            " WHERE finished_at IS NULL AND due_at <= now()",
        ),
    )

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("slotdesk_database_up", "Whether the database answered this question.")
        try:
            found = list(self._read())
        except DatabaseError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from found

    def _read(self) -> Iterator[Metric]:
        with connection.cursor() as cursor:
            for name, description, labels, query in self._COUNTS:
                family = GaugeMetricFamily(name, description, labels=labels)
                cursor.execute(query)
                for *values, count in cursor.fetchall():
                    family.add_metric([str(value) for value in values], count)
                yield family
            for name, description, query in self._AGES:
                cursor.execute(query)
                yield GaugeMetricFamily(name, description, value=float(cursor.fetchone()[0]))
