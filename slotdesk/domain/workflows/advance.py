"""From an event to the step runs that follow from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import OPEN
from slotdesk.domain.catalog.workflow import Branch, Step, Trigger, Workflow
from slotdesk.domain.events.models import Event
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.domain.workflows.actions import get_action
from slotdesk.domain.workflows.models import StepRun

RUN = "run_step"


def advance(*, event_id: int, now: datetime) -> None:
    """
    Make the step runs that the event's workflow branches ask for, once, and defer the first ones.

    Advancing an event again changes nothing, so it may be tried until it has worked.
    """
    with all_accounts():  # an event is found by its id alone; what follows looks at its own account only
        account = Event.objects.select_related("account").get(pk=event_id).account
    with active(account), transaction.atomic(durable=True):
        event = Event.objects.select_for_update(no_key=True).get(pk=event_id)
        if event.advanced_at is not None:
            return
        request = SchedulingRequest.objects.filter(public_id=event.subject).first()
        if request is not None:
            _end_timers(request, now)
            runs = StepRun.objects.bulk_create(_runs(request, event, now))
            for run in runs:
                if run.finished_at is None and run.due_at <= now:
                    defer_run(run.pk)
        elif event.kind in ("connection.healed", "connection.changed"):
            _wake(now)
        event.advanced_at = now
        event.save(update_fields=["advanced_at"])


def list_left_behind(*, before: datetime, limit: int = 500) -> list[int]:
    """Events from before that moment whose job was lost: nothing has followed from them yet."""
    with all_accounts():  # the sweep looks after everybody's events
        left = Event.objects.filter(advanced_at=None, created_at__lt=before).order_by("created_at", "id")
        return list(left.values_list("pk", flat=True)[:limit])


def defer_run(step_run_id: int) -> None:
    """Have a worker look at the step run soon."""
    app.configure_task(RUN, queue="steps").defer(step_run_id=step_run_id)


def defer_runs(step_run_ids: Sequence[int]) -> None:
    """The same for many at once."""
    arguments: list[dict[str, Any]] = [{"step_run_id": pk} for pk in step_run_ids]
    if arguments:
        app.configure_task(RUN, queue="steps").batch_defer(*arguments)


def _end_timers(request: SchedulingRequest, now: datetime) -> None:
    """What waits for an unanswered invitation is over when the invitation is."""
    if request.status in OPEN:
        return
    StepRun.objects.filter(request=request, is_timer=True, state=StepRun.State.WAITING, due_at__gt=now).update(
        state=StepRun.State.SKIPPED, outcome=f"The request was {request.status} before this was due.", finished_at=now
    )


def _runs(request: SchedulingRequest, event: Event, now: datetime) -> Iterator[StepRun]:
    workflow = Workflow.model_validate(request.workflow)
    if event.kind not in list(Trigger):
        return
    for branch in workflow.branches_for(Trigger(event.kind)):
        yield from _branch_runs(branch, request, event, now, is_timer=False)
    if event.kind == Trigger.CREATED:
        for branch in workflow.branches_for(Trigger.UNANSWERED):
            yield from _branch_runs(branch, request, event, now, is_timer=True)


def _branch_runs(
    branch: Branch, request: SchedulingRequest, event: Event, now: datetime, *, is_timer: bool
) -> Iterator[StepRun]:
    due_at = event.created_at + timedelta(minutes=branch.after_minutes) if is_timer else now
    for step in branch.steps:
        reason = _why_not(branch.when | step.when, request)
        yield StepRun(
            account=request.account,
            request=request,
            event=event,
            step_key=step.key,
            action=step.action,
            settings=step.settings,
            is_timer=is_timer,
            channel=_channel(step),
            due_at=due_at,
            created_at=now,
            state=StepRun.State.SKIPPED if reason else StepRun.State.WAITING,
            outcome=reason,
            finished_at=now if reason else None,
        )


def _channel(step: Step) -> str:
    return get_action(step.action).channel


def _why_not(conditions: dict[str, Any], request: SchedulingRequest) -> str:
    """Why the conditions do not hold, or nothing if they do."""
    if conditions.get("invited") and request.origin != SchedulingRequest.Origin.PANEL:
        return "The client was given a link, not an invitation."
    return ""


def _wake(now: datetime) -> None:
    """A vendor answers again: what waits for it is tried now, not when its wait is over."""
    waiting = StepRun.objects.filter(state=StepRun.State.WAITING, channel="psa", attempts__gt=0, finished_at=None)
    for run in waiting.order_by("id"):
        StepRun.objects.filter(pk=run.pk, state=StepRun.State.WAITING).update(due_at=now)
        defer_run(run.pk)
