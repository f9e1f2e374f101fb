"""
What the machinery asks: /healthz (is the process alive?), /readyz (may it get traffic?), /metrics (how is it going?).

They are answered before anything else, since load balancers and Prometheus ask by address, without our host name.
"""

from __future__ import annotations

import ipaddress
import secrets
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse

from slotdesk import __version__
from slotdesk.config import metrics

_found_up_to_date = threading.Event()


class Probes:
    """The middleware that answers them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._probes = {"/healthz": healthz, "/readyz": readyz, "/metrics": show_metrics}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = self._probes.get(request.path_info)
        if probe is None:
            return self.get_response(request)
        response = probe(request)
        response["Cache-Control"] = "no-store"
        return response


def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers. It looks at nothing else: a dead database is no reason to kill the web process."""
    return JsonResponse({"status": "ok", "version": __version__})


def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers and has every migration; else 503 and why."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        is_up_to_date = _is_up_to_date()
    except DatabaseError:
        return JsonResponse({"status": "not ready", "reason": "the database does not answer"}, status=503)
    if not is_up_to_date:
        return JsonResponse({"status": "not ready", "reason": "migrations are missing"}, status=503)
    return JsonResponse({"status": "ready", "version": __version__})


def show_metrics(request: HttpRequest) -> HttpResponse:
    """The metrics, for the holder of METRICS_TOKEN and for METRICS_NETWORKS; nobody else learns that they are here."""
    if not _may_see_metrics(request):
        return HttpResponseNotFound()
    return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


def missing_migrations() -> list[str]:
    """Return the names of the migrations that this version has and the database has not."""
    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _is_up_to_date() -> bool:
    # A database that has every migration never loses one, so that this is asked until it is true and not again.
    if not _found_up_to_date.is_set() and not missing_migrations():
        _found_up_to_date.set()
    return _found_up_to_date.is_set()


def _may_see_metrics(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and secrets.compare_digest(given.encode(), token.encode()):
        return True
    try:
        peer = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(peer in network for network in settings.METRICS_NETWORKS)
