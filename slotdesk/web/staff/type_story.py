"""What a type's workflow does, told in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slotdesk.domain.catalog.classic import workflow_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.workflow import Branch, Step, Trigger
from slotdesk.domain.connections.models import Moment
from slotdesk.domain.messages.kinds import ABOUT, Kind
from slotdesk.domain.workflows.actions import ACTIONS

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
_TO = {"client": "to the client", "agents": "to who takes it", "former_agents": "to who had it"}


@dataclass(frozen=True, slots=True)
class Chapter:
    """When something happens, and what."""

    when: str
    steps: list[str]


def tell_workflow(appointment_type: AppointmentType) -> list[Chapter]:
    """Return what happens with requests made from the type as it is stored."""
    branches = workflow_of(appointment_type).branches
    return [Chapter(_say_when(branch), list(_say_steps(branch))) for branch in branches]


def _say_when(branch: Branch) -> str:
    return _WHEN[branch.trigger].format(length=_say_length(branch.minutes))


def _say_length(minutes: int) -> str:
    for name, length in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if minutes % length == 0:
            amount = minutes // length
            return f"{amount} {name}{'' if amount == 1 else 's'}"
    return ""


def _say_steps(branch: Branch) -> Iterator[str]:
    for step in branch.steps:
        label = ACTIONS[step.action].label if step.action in ACTIONS else step.action
        detail = _detail(step)
        yield f"{label}: {detail}" if detail else label


def _detail(step: Step) -> str:
    settings = step.settings
    if step.action == "send_email" and settings.get("template") in list(Kind):
        return f"{ABOUT[Kind(settings['template'])].label.lower()}, {_TO.get(settings.get('to', ''), 'to others')}"
    if step.action == "set_ticket_status" and settings.get("moment") in Moment.values:
        return Moment(settings["moment"]).label.lower()
    return ""
