"""What is due, found by index; and what a worker that died left behind."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from slotdesk.domain.workflows.advance import list_left_behind
from slotdesk.domain.workflows.operations import MOST_AT_ONCE, claim_due
from slotdesk.jobs.reactions import react_to_event
from slotdesk.jobs.tasks import every

# An event's own job has had this long to be run.
_PATIENCE = timedelta(seconds=20)
# What is due beyond that is taken at the next tick.
_MOST_ROUNDS = 40


@every("* * * * * */5", "sweep", queue="sweep")
def sweep() -> None:
    now = timezone.now()
    for event_id in list_left_behind(before=now - _PATIENCE):
        react_to_event(event_id=event_id)
    for _ in range(_MOST_ROUNDS):
        if claim_due(now=now) < MOST_AT_ONCE:
            return
