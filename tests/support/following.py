"""Doing what follows from events, at any moment, as workers would."""

from __future__ import annotations

from datetime import datetime, timedelta

from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import run_step


def follow(now: datetime) -> None:
    """Look at every event and every open step run at this moment, until nothing more comes of it."""
    while True:
        events = list_left_behind(before=now + timedelta(days=4000))
        for event_id in events:
            advance(event_id=event_id, now=now)
        open_runs = StepRun.objects.filter(finished_at=None).order_by("id").values_list("pk", flat=True)
        for pk in list(open_runs):
            run_step(step_run_id=pk, clock=lambda: now)
        if not events:
            return


def states() -> dict[str, str]:
    """Step → state of its latest run."""
    return dict(StepRun.objects.order_by("id").values_list("step_key", "state"))


def outcome_of(step_key: str) -> str:
    """What its latest run says."""
    return StepRun.objects.filter(step_key=step_key).order_by("-id")[0].outcome
