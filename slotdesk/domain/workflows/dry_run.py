"""What a workflow would do for a real request, found out without doing it: vendors are read, nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import pgettext

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import find_latest_appointment
from slotdesk.domain.catalog.workflow import Branch, Condition, Step, Trigger, Workflow
from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.templates import Message
from slotdesk.domain.workflows.actions import ACTIONS, Context, Skipped
from slotdesk.domain.workflows.actions.base import PUT_OFF
from slotdesk.domain.workflows.advance import is_put_off
from slotdesk.domain.workflows.checking import Problem, find_problems
from slotdesk.domain.workflows.conditions import why_not
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.words import say_branch, say_step
from slotdesk.ports.errors import PortError

# What a trigger that is a length of time counts from.
_SOURCES = {
    Trigger.UNANSWERED: Trigger.CREATED,
    Trigger.BEFORE: Trigger.BOOKED,
    Trigger.AFTER: Trigger.BOOKED,
}
# How the request stood when such a thing happened to it.
_STATUSES = {
    Trigger.CREATED: SchedulingRequest.Status.NEW,
    Trigger.SENT: SchedulingRequest.Status.SENT,
    Trigger.READDRESSED: SchedulingRequest.Status.SENT,
    Trigger.UNANSWERED: SchedulingRequest.Status.SENT,
    Trigger.CLOSED: SchedulingRequest.Status.CLOSED,
    Trigger.REQUEST_CANCELLED: SchedulingRequest.Status.CANCELLED,
    Trigger.CANCELLED: SchedulingRequest.Status.CANCELLED,
}


class Verdict(StrEnum):
    WOULD = "would"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Tried:
    """One step. text: what it would do, why it would not, or why that cannot be said."""

    branch: str
    step_key: str
    title: str
    verdict: Verdict
    text: str
    mail: Message | None = None


def try_out(workflow: Workflow, *, request: SchedulingRequest, trigger: Trigger, now: datetime) -> list[Tried]:
    """
    Return what each step of the trigger's branches would do for this request, as the request stood at such a moment.

    The ticket is read from the PSA as it is now. What has no account of having happened is tried as if it did.
    """
    as_it_stood = SchedulingRequest.objects.select_related("account", "connection").get(pk=request.pk)
    as_it_stood.status = _STATUSES.get(trigger, SchedulingRequest.Status.SCHEDULED)
    event = _event(as_it_stood, trigger, now)
    # Stored nowhere, and long over: asked about the moment itself, every step would find that it is too late.
    moment = min(event.created_at, now)
    problems = find_problems(workflow)
    return [
        _try_step(branch, step, as_it_stood, event, moment, _problem_of(problems, number, step))
        for number, branch in enumerate(workflow.branches)
        if branch.trigger == trigger
        for step in branch.steps
    ]


def _problem_of(problems: list[Problem], branch: int, step: Step) -> str:
    """What keeps the step from being saved: of its own, or a condition of its branch."""
    for problem in problems:
        is_condition = not problem.step and problem.field.startswith("c")
        if problem.branch == branch and (problem.step == step.key or is_condition):
            return problem.text
    return ""


def _event(request: SchedulingRequest, trigger: Trigger, now: datetime) -> Event:
    kind = _SOURCES.get(trigger, trigger)
    happened = Event.objects.filter(subject=request.public_id, kind=kind.value).order_by("-id").first()
    if happened is not None:
        return happened
    appointment = find_latest_appointment(request)
    data = (
        {"appointment": appointment.public_id, "starts_at": appointment.starts_at.isoformat()}
        if appointment and kind.value.startswith("appointment.")
        else {}
    )
    event = Event(account=request.account, kind=kind.value, subject=request.public_id, actor="", data=data)
    event.created_at = now
    return event


def _try_step(
    branch: Branch, step: Step, request: SchedulingRequest, event: Event, moment: datetime, problem: str
) -> Tried:
    def said(verdict: Verdict, text: str, mail: Message | None = None) -> Tried:
        title = say_step(step.action, step.settings)
        return Tried(say_branch(branch), step.key, title, verdict, text, mail)

    action = ACTIONS.get(step.action)
    if action is None or problem:
        return said(
            Verdict.UNKNOWN, pgettext("staff", "It cannot be saved like this: %(problem)s") % {"problem": problem}
        )
    run = StepRun(
        account=request.account,
        request=request,
        event=event,
        step_key=step.key,
        trigger=branch.trigger.value,
        action=step.action,
        settings=step.settings,
        channel=action.channel,
        due_at=moment,
    )
    context = Context(run=run, now=moment, is_trial=True)
    conditions: tuple[Condition, ...] = (*branch.when, *step.when)
    try:
        reason = why_not(conditions, context) or (PUT_OFF if is_put_off(branch, action) else "")
        prepared = Skipped(reason) if reason else action.prepare(context)
    except PortError as error:
        return said(Verdict.UNKNOWN, pgettext("staff", "This cannot be said now: %(error)s") % {"error": error})
    if isinstance(prepared, Skipped):
        return said(Verdict.SKIPPED, prepared.text)
    return said(Verdict.WOULD, prepared.text, prepared.mail)
