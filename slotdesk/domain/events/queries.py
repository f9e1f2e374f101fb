"""Reading the audit log of the active account, newest first."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from slotdesk.domain.events.areas import prefixes_of
from slotdesk.domain.events.models import Event


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """
    What to look for; empty narrows nothing.

    member_id      who did it, by the public id of their place in the account
    actor          a part of the name of who did it
    area           one of areas.AREAS; another one finds nothing
    subject        public id of what it happened to
    since, until   the period, its end left out
    """

    member_id: str = ""
    actor: str = ""
    area: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def list_events(wanted: AuditFilter, *, before: int | None = None, limit: int) -> list[Event]:
    """Return the newest events that fit; `before` an event's id goes on where the last page ended."""
    events = _matching(wanted)
    if before is not None:
        events = events.filter(pk__lt=before)
    return list(events.order_by("-pk")[:limit])


def walk_events(wanted: AuditFilter, *, most: int, page: int = 1000) -> Iterator[list[Event]]:
    """Yield the events that fit in pages, newest first, at most `most`, with no page kept in memory."""
    before, left = None, most
    while left > 0:
        events = list_events(wanted, before=before, limit=min(page, left))
        if not events:
            return
        yield events
        before, left = events[-1].pk, left - len(events)


def get_event(event_id: int) -> Event:
    """Return the event. Raises Event.DoesNotExist."""
    return Event.objects.get(pk=event_id)


def _matching(wanted: AuditFilter) -> QuerySet[Event]:
    events = Event.objects.all()
    if wanted.member_id:
        events = events.filter(member_id=wanted.member_id)
    if wanted.actor:
        events = events.filter(actor__icontains=wanted.actor)
    if wanted.area:
        kinds = [Q(kind__startswith=prefix) for prefix in prefixes_of(wanted.area)]
        events = events.filter(functools.reduce(operator.or_, kinds)) if kinds else events.none()
    if wanted.subject:
        events = events.filter(subject=wanted.subject)
    if wanted.since:
        events = events.filter(created_at__gte=wanted.since)
    if wanted.until:
        events = events.filter(created_at__lt=wanted.until)
    return events
