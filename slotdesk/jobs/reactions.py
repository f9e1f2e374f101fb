"""Event → what follows."""

from __future__ import annotations

from django.utils import timezone

from slotdesk.domain.events.operations import REACT
from slotdesk.domain.links.opening_looks import wake_openings
from slotdesk.domain.workflows.advance import advance
from slotdesk.jobs.tasks import task


@task(REACT, queue="events")
def react_to_event(*, event_id: int) -> None:
    now = timezone.now()
    advance(event_id=event_id, now=now)
    wake_openings(event_id=event_id, now=now)
