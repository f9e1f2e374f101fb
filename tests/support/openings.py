"""Those who wait to be told that a time opens: how they ask, and what becomes of it at any moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core import mail
from django.db import connection

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.links.opening_looks import claim_due_openings, look_for_opening
from slotdesk.domain.links.openings import ByLink, Reader, ask_by_link, ask_by_request
from slotdesk.domain.people.models import Agent
from tests.support.factories import NINE_TO_FIVE, NOW

SOON = NOW + timedelta(minutes=6)


def reader(email: str = "ana@client.example", **fields: Any) -> Reader:
    return Reader(email, "Europe/Berlin", **({"language": "en"} | fields))


def ask(request: SchedulingRequest, *, now: datetime = NOW, **fields: Any) -> OpeningAlert:
    return ask_by_request(request=request, reader=reader(request.client_email, **fields), now=now)


def ask_at(link: Link, email: str = "nina@newcomer.example", *, now: datetime = NOW, **wish: Any) -> OpeningAlert:
    return ask_by_link(wish=ByLink(link, **wish), reader=reader(email), now=now)


def open_hours(*agents: Agent) -> None:
    for agent in agents:
        agent.hours = NINE_TO_FIVE
        Agent.objects.filter(pk=agent.pk).update(hours=NINE_TO_FIVE)


def deferred() -> list[tuple[str, str]]:
    """What the sweep has handed to the workers, and takes off their queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH taken AS (DELETE FROM procrastinate_jobs WHERE task_name = 'look_for_opening' RETURNING id, args)"
            " SELECT args->>'about', args->>'check_at' FROM taken ORDER BY id"
        )
        return [(about, check_at) for about, check_at in cursor.fetchall()]


def look(now: datetime = SOON) -> None:
    """A sweep at this moment, and the jobs that come of it."""
    claim_due_openings(now=now)
    for about, check_at in deferred():
        look_for_opening(about=about, check_at=datetime.fromisoformat(check_at), clock=lambda: now)


def told() -> list[str]:
    return [to for message in mail.outbox for to in message.to]


def ending_of(alert: OpeningAlert) -> str:
    alert.refresh_from_db()
    return alert.ending


def history(request: SchedulingRequest) -> list[str]:
    events = Event.objects.filter(subject=request.public_id, kind__startswith="request.opening")
    return list(events.order_by("id").values_list("kind", flat=True))
