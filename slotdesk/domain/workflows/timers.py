"""Step runs that wait for their time: when that is, and what ends them first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import npgettext

from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.booking.queries import OPEN
from slotdesk.domain.catalog.workflow import AROUND, Branch, Trigger
from slotdesk.domain.workflows.actions.base import Context
from slotdesk.domain.workflows.models import StepRun

_WHILE_OPEN = frozenset({Trigger.UNANSWERED, Trigger.CREATED, Trigger.SENT})
_WHILE_STANDING = frozenset({*AROUND, Trigger.BOOKED, Trigger.RESCHEDULED, Trigger.REASSIGNED})


def due_of(branch: Branch, *, created_at: datetime, appointment: Appointment | None) -> datetime:
    """Return the moment (UTC) of a branch that is a length of time; a day of it is 24 hours, whatever clocks do."""
    length = timedelta(minutes=branch.minutes)
    if branch.trigger == Trigger.UNANSWERED or appointment is None:
        return created_at + length
    return appointment.starts_at - length if branch.trigger == Trigger.BEFORE else appointment.ends_at + length


def say_length(minutes: int) -> str:
    """Return "45 minutes", "1 hour", "3 days": in the largest unit that gives a whole number."""
    days, hours = minutes // (24 * 60), minutes // 60
    if days and minutes % (24 * 60) == 0:
        return say_count(days, "days")
    if hours and minutes % 60 == 0:
        return say_count(hours, "hours")
    return say_count(minutes, "minutes")


def say_count(count: int, unit: Literal["minutes", "hours", "days"]) -> str:
    """Return "90 minutes", "1 day": in the unit that is named."""
    match unit:
        case "minutes":
            words = npgettext("staff", "%(count)s minute", "%(count)s minutes", count)
        case "hours":
            words = npgettext("staff", "%(count)s hour", "%(count)s hours", count)
        case "days":
            words = npgettext("staff", "%(count)s day", "%(count)s days", count)
    return words % {"count": count}


def why_over(context: Context) -> str:
    """
    Return why a timer is not to be done any more, or nothing.

    Asked when something happened to the request, and once more when the timer's time has come: the event that ends it
    may not have been looked at yet. Of several reminders that came due while nobody was at work, the last one goes out.
    """
    run, request = context.run, context.request
    if not run.is_timer:
        return ""
    trigger = Trigger(run.trigger)
    if trigger in _WHILE_OPEN and request.status not in OPEN:
        return f"The request was {request.status} before this was due."
    if trigger not in _WHILE_STANDING:
        return ""
    appointment = context.appointment()
    if appointment is None or appointment.is_cancelled:
        return "The appointment was cancelled before this was due."
    if trigger in AROUND and appointment.starts_at != datetime.fromisoformat(run.event.data["starts_at"]):
        return "The appointment was moved; this is planned anew for its new time."
    if trigger == Trigger.BEFORE and context.now >= appointment.starts_at:
        return "The appointment had begun before this could be done."
    return ""


def is_overtaken(context: Context) -> bool:
    """Whether a later reminder of the same sort is due as well, so that two do not arrive at once after an outage."""
    run = context.run
    if run.trigger not in (Trigger.UNANSWERED, Trigger.BEFORE) or run.action != "send_email" or run.attempts > 1:
        return False
    later = StepRun.objects.filter(
        request=run.request_id,
        event=run.event_id,
        trigger=run.trigger,
        action=run.action,
        settings__template=run.settings.get("template"),
        settings__to=run.settings.get("to"),
        finished_at=None,
        due_at__gt=run.due_at,
        due_at__lte=context.now,
    )
    return later.exists()


def end_timers(runs: Iterable[StepRun], now: datetime) -> None:
    """Write down of those that something has ended that they are skipped, and why; the others go on waiting."""
    for run in runs:
        reason = why_over(Context(run=run, now=now))
        if reason:
            StepRun.objects.filter(pk=run.pk, state=StepRun.State.WAITING, finished_at=None).update(
                state=StepRun.State.SKIPPED, outcome=reason, finished_at=now
            )
