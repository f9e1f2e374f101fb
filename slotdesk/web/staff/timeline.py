"""A request's history as its page tells it: each event, and what followed from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.workflow import Condition
from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.models import Email
from slotdesk.domain.workflows.conditions import describe
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.told import say_settings
from slotdesk.domain.workflows.words import say_step
from slotdesk.web.staff.audit_names import say_kind
from slotdesk.web.staff.step_icons import icon_of

# What an event is called and its picture; one that is not listed is called by its kind.
_EVENTS = {
    "request.created": (gettext_lazy("Request created"), "plus"),
    "request.attributes_changed": (gettext_lazy("Custom attributes filled in"), "tag"),
    "request.sent": (gettext_lazy("Invitation sent"), "mail"),
    "request.step_skipped": (gettext_lazy("A step was skipped"), "skip"),
    "request.step_retried": (gettext_lazy("A step was tried again"), "refresh"),
    "request.contact_attached": (gettext_lazy("Contact found in the PSA"), "users"),
    "request.ticket_attached": (gettext_lazy("Ticket created"), "tag"),
    "ticket.status_changed": (gettext_lazy("Ticket status changed"), "tag"),
    "ticket.closed": (gettext_lazy("Ticket closed"), "tag"),
    "request.cancelled": (gettext_lazy("Request cancelled"), "calendar-off"),
    "request.closed": (gettext_lazy("Request closed"), "calendar-off"),
    "request.readdressed": (gettext_lazy("Sent to another address"), "mail"),
    "request.client_changed": (gettext_lazy("Client corrected"), "user"),
    "request.opening_asked": (gettext_lazy("The client wants to be told when a time opens"), "bell"),
    "request.opening_told": (gettext_lazy("The client was told that a time opened"), "mail"),
    "request.opening_stopped": (gettext_lazy("The client wants to be told no more"), "bell"),
    "request.guests_added": (gettext_lazy("Guests added"), "users"),
    "request.guest_removed": (gettext_lazy("Guest removed"), "users"),
    "appointment.rescheduled": (gettext_lazy("Appointment moved"), "calendar-check"),
    "appointment.booked": (gettext_lazy("Appointment booked"), "calendar-check"),
    "appointment.clock_changed": (gettext_lazy("The client’s clock will show another time than agreed"), "clock"),
    "appointment.time_confirmed": (gettext_lazy("Time on the client’s clock confirmed"), "check"),
    "appointment.reassigned": (gettext_lazy("Appointment handed over"), "users"),
    "request.reassigned": (gettext_lazy("Somebody else is asked"), "users"),
    "appointment.cancelled": (gettext_lazy("Appointment cancelled"), "calendar-off"),
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step run. tone: is-good, is-waiting, is-bad or is-off."""

    run: StepRun
    title: str
    icon: str
    tone: str
    email_id: int | None

    @property
    def is_retrying(self) -> bool:
        return self.run.state == StepRun.State.WAITING and self.run.attempts > 0

    @property
    def is_planned(self) -> bool:
        return self.run.state == StepRun.State.WAITING and self.run.attempts == 0

    @property
    def may_be_retried(self) -> bool:
        return self.run.state == StepRun.State.FAILED or self.is_retrying

    @property
    def may_be_skipped(self) -> bool:
        return self.run.state in (StepRun.State.FAILED, StepRun.State.WAITING)

    @property
    def inputs(self) -> list[tuple[str, str]]:
        """What it was told, as settings of the workflow; secrets are left out."""
        return say_settings(self.run.action, self.run.settings)

    @property
    def conditions(self) -> list[str]:
        """What must hold when it is about to run."""
        return [describe(Condition.model_validate(condition)) for condition in self.run.when]


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event and its step runs, in their order."""

    event: Event
    title: str
    icon: str
    detail: str
    steps: list[StepLine]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Newest first. is_moving: something is under way, so the page looks again soon."""

    lines: list[EventLine]
    is_moving: bool

    @property
    def lacking(self) -> list[StepLine]:
        """Skipped because something is not set up that should be."""
        return [step for line in self.lines for step in line.steps if "lacks" in step.run.result]

    @property
    def failed(self) -> list[StepLine]:
        return [step for line in self.lines for step in line.steps if step.run.state == StepRun.State.FAILED]


def build_timeline(request: SchedulingRequest) -> Timeline:
    """Return what happened to the request and what is still to happen."""
    events = list(Event.objects.filter(subject=request.public_id).order_by("-created_at", "-id"))
    runs: dict[int, list[StepRun]] = defaultdict(list)
    for run in StepRun.objects.filter(request=request).order_by("id"):
        runs[run.event_id].append(run)
    emails = dict(Email.objects.filter(subject_id=request.public_id).values_list("key", "pk"))
    lines = [_event_line(event, runs[event.pk], emails) for event in events]
    return Timeline(lines, is_moving=_is_moving(events, (run for group in runs.values() for run in group)))


def _event_line(event: Event, runs: Iterable[StepRun], emails: dict[str, int]) -> EventLine:
    title, icon = _EVENTS.get(event.kind, (say_kind(event.kind), "info"))
    return EventLine(event, str(title), icon, _detail(event.data), [_step_line(run, emails) for run in runs])


def _detail(data: dict[str, Any]) -> str:
    """What the person said, if they said something."""
    return str(data.get("reason", ""))


def _step_line(run: StepRun, emails: dict[str, int]) -> StepLine:
    return StepLine(
        run=run,
        title=say_step(run.action, run.settings),
        icon=icon_of(run.action),
        tone=_tone(run),
        email_id=emails.get(f"step:{run.pk}"),
    )


def _tone(run: StepRun) -> str:
    match run.state:
        case StepRun.State.DONE:
            return "is-good"
        case StepRun.State.FAILED:
            return "is-bad"
        case StepRun.State.SKIPPED:
            return "is-off"
    return "is-waiting" if run.attempts else "is-new"


def _is_moving(events: Iterable[Event], runs: Iterable[StepRun]) -> bool:
    """Timers wait for days; everything else that is open will change within minutes."""
    return any(event.advanced_at is None for event in events) or any(
        run.finished_at is None and not (run.is_timer and run.attempts == 0 and run.state == StepRun.State.WAITING)
        for run in runs
    )
