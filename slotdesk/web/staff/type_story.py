"""What a type's workflow does, told in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from slotdesk.domain.catalog.classic import workflow_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.workflow import Branch, Trigger
from slotdesk.domain.workflows.timers import say_length
from slotdesk.domain.workflows.words import say_step

_WHEN = {
    Trigger.CREATED: gettext_lazy("When a client is asked"),
    Trigger.SENT: gettext_lazy("When the invitation has been sent"),
    Trigger.UNANSWERED: gettext_lazy("%(length)s after the invitation, while nothing is booked"),
    Trigger.REQUEST_CANCELLED: gettext_lazy("When a request is taken back before it is booked"),
    Trigger.CLOSED: gettext_lazy("When a request is closed without a booking"),
    Trigger.READDRESSED: gettext_lazy("When the client’s address is corrected"),
    Trigger.GUESTS_ADDED: gettext_lazy("When staff name guests"),
    Trigger.BOOKED: gettext_lazy("When a client books"),
    Trigger.RESCHEDULED: gettext_lazy("When the appointment is moved"),
    Trigger.REASSIGNED: gettext_lazy("When somebody else takes the appointment"),
    Trigger.CANCELLED: gettext_lazy("When the appointment is cancelled"),
    Trigger.BEFORE: gettext_lazy("%(length)s before the appointment"),
    Trigger.AFTER: gettext_lazy("%(length)s after the appointment"),
    Trigger.TICKET_CLOSED: gettext_lazy("When the ticket is closed"),
    Trigger.TICKET_STATUS_CHANGED: gettext_lazy("When the ticket’s status changes"),
}


@dataclass(frozen=True, slots=True)
class Chapter:
    """When something happens, and what."""

    when: str
    steps: list[str]


def tell_workflow(appointment_type: AppointmentType) -> list[Chapter]:
    """Return what happens with requests made from the type as it is stored."""
    branches = workflow_of(appointment_type).branches
    return [
        Chapter(_say_when(branch), [say_step(step.action, step.settings) for step in branch.steps])
        for branch in branches
    ]


def _say_when(branch: Branch) -> str:
    return _WHEN[branch.trigger] % {"length": say_length(branch.minutes)}
