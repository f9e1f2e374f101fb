"""Event → what follows."""

from __future__ import annotations

from django.utils import timezone

from slotdesk.domain.events.operations import REACT
from slotdesk.domain.workflows.advance import advance
from slotdesk.jobs.tasks import task


@task(REACT, queue="events")
def react_to_event(*, event_id: int) -> None:
    advance(event_id=event_id, now=timezone.now())
