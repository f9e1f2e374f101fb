"""What a type's workflow does, told in words."""

from __future__ import annotations

from dataclasses import dataclass

from slotdesk.domain.catalog.classic import workflow_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.workflow import Branch, Trigger
from slotdesk.domain.workflows.timers import say_length
from slotdesk.domain.workflows.words import say_step

_WHEN = {
    Trigger.CREATED: "When a client is asked",
    Trigger.SENT: "When the invitation has been sent",
    Trigger.UNANSWERED: "{length} after the invitation, while nothing is booked",
    Trigger.REQUEST_CANCELLED: "When a request is taken back before it is booked",
    Trigger.CLOSED: "When a request is closed without a booking",
    Trigger.READDRESSED: "When the client’s address is corrected",
    Trigger.GUESTS_ADDED: "When staff name guests",
    Trigger.BOOKED: "When a client books",
    Trigger.RESCHEDULED: "When the appointment is moved",
    Trigger.REASSIGNED: "When somebody else takes the appointment",
    Trigger.CANCELLED: "When the appointment is cancelled",
    Trigger.BEFORE: "{length} before the appointment",
    Trigger.AFTER: "{length} after the appointment",
    Trigger.TICKET_CLOSED: "When the ticket is closed",
    Trigger.TICKET_STATUS_CHANGED: "When the ticket’s status changes",
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
    return _WHEN[branch.trigger].format(length=say_length(branch.minutes))
