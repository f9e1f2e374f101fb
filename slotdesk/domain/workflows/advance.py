"""From an event to the step runs that follow from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.workflow import TIMED, Branch, Step, Trigger, Workflow
from slotdesk.domain.events.models import Event
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.domain.workflows.actions import WAIT, Action, Context, get_action
from slotdesk.domain.workflows.actions.base import PUT_OFF
from slotdesk.domain.workflows.actions.wait import minutes_of
from slotdesk.domain.workflows.conditions import why_not
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.timers import due_of, end_timers, say_length

RUN = "run_step"
# Marks in a run's result that it is to be done once the person is known.
_POSTPONED = "postponed"


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
    waiting = StepRun.objects.filter(request=request, is_timer=True, state=StepRun.State.WAITING, finished_at=None)
    end_timers(waiting.select_related("request", "event"), now)


def _runs(request: SchedulingRequest, event: Event, now: datetime) -> Iterator[StepRun]:
    if event.kind not in list(Trigger):
        return
    workflow, trigger = Workflow.model_validate(request.workflow), Trigger(event.kind)
    if trigger == Trigger.CREATED and SchedulingRequest.Origin(request.origin).begins_booked:
        return  # nobody is asked for a time: what follows begins with the booking
    if trigger == Trigger.BOOKED:
        yield from _postponed(request, event, now)
    for branch in workflow.branches_for(trigger):
        yield from _branch_runs(branch, request, event, now, starts_at=now)
    if trigger == Trigger.CREATED:
        for branch in workflow.branches_for(Trigger.UNANSWERED):
            due_at = due_of(branch, created_at=event.created_at, appointment=None)
            yield from _branch_runs(branch, request, event, now, starts_at=due_at)
    if trigger in (Trigger.BOOKED, Trigger.RESCHEDULED):
        yield from _runs_around(workflow, request, event, now)


def _runs_around(workflow: Workflow, request: SchedulingRequest, event: Event, now: datetime) -> Iterator[StepRun]:
    """
    The timers of the appointment's time, planned when it is booked and anew whenever it is moved.

    One whose moment had passed when the time was chosen is skipped: the client has just read when it is.
    """
    appointment = Context(run=StepRun(request=request, event=event), now=now).appointment()
    if appointment is None or appointment.is_cancelled:
        return
    for branch in (*workflow.branches_for(Trigger.BEFORE), *workflow.branches_for(Trigger.AFTER)):
        due_at = due_of(branch, created_at=event.created_at, appointment=appointment)
        is_late = branch.trigger == Trigger.BEFORE and due_at < event.created_at
        reason = f"The time was chosen less than {say_length(branch.minutes)} ahead." if is_late else ""
        yield from _branch_runs(branch, request, event, now, starts_at=due_at, reason=reason)


def _branch_runs(
    branch: Branch, request: SchedulingRequest, event: Event, now: datetime, *, starts_at: datetime, reason: str = ""
) -> Iterator[StepRun]:
    """The runs of a branch that starts at this moment. What follows a wait is a timer of its own."""
    due_at, has_waited = starts_at, False
    for step in branch.steps:
        action = get_action(step.action)
        if action is WAIT:
            due_at, has_waited = due_at + timedelta(minutes=minutes_of(step.settings)), True
        run = StepRun(
            account=request.account,
            request=request,
            event=event,
            step_key=step.key,
            trigger=branch.trigger.value,
            when=[condition.model_dump(mode="json") for condition in (*branch.when, *step.when)],
            action=step.action,
            settings=step.settings,
            is_timer=branch.trigger in TIMED or has_waited,
            channel=action.channel_of(step.settings),
            due_at=due_at,
            created_at=now,
        )
        if _concerns_nobody(run):
            continue
        _skip(run, reason or _why_never(branch, step, run, action, now), now)
        yield run


def _concerns_nobody(run: StepRun) -> bool:
    """Most appointments have no guests: that they were not written to is no news. A timer's may come yet."""
    return run.settings.get("to") == "guests" and not run.is_timer and not run.request.guests.exists()


def _why_never(branch: Branch, step: Step, run: StepRun, action: Action, now: datetime) -> str:
    """What can be said at once, without waiting for the step's time."""
    context = Context(run=run, now=now)
    never = why_not((*branch.when, *step.when), context, fixed_only=True)
    if never or run.is_timer or not is_put_off(branch, action):
        return never
    run.result = {_POSTPONED: "yes"}
    return PUT_OFF


def is_put_off(branch: Branch, action: Action) -> bool:
    """Whether a step of the branch needs to know who takes the appointment, before anybody does."""
    return branch.trigger in (Trigger.CREATED, Trigger.SENT) and action.needs_person


def _postponed(request: SchedulingRequest, event: Event, now: datetime) -> Iterator[StepRun]:
    """What had to wait until it was known who takes the appointment."""
    earlier = StepRun.objects.filter(request=request, result__has_key=_POSTPONED).order_by("id")
    for run in earlier:
        yield StepRun(
            account=request.account,
            request=request,
            event=event,
            step_key=run.step_key,
            trigger=event.kind,
            when=run.when,
            action=run.action,
            settings=run.settings,
            channel=run.channel,
            due_at=now,
            created_at=now,
        )


def _skip(run: StepRun, reason: str, now: datetime) -> None:
    if reason:
        run.state, run.outcome, run.finished_at = StepRun.State.SKIPPED, reason[:500], now


def _wake(now: datetime) -> None:
    """A vendor answers again: what waits for it is tried now, not when its wait is over."""
    waiting = StepRun.objects.filter(state=StepRun.State.WAITING, channel="psa", attempts__gt=0, finished_at=None)
    for run in waiting.order_by("id"):
        StepRun.objects.filter(pk=run.pk, state=StepRun.State.WAITING).update(due_at=now)
        defer_run(run.pk)
