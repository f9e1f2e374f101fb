"""Workflows in the words of screens and of the audit log. No secret is ever in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from slotdesk.domain.catalog.workflow import Branch, Condition, Step, Trigger, Workflow
from slotdesk.domain.connections.models import Moment
from slotdesk.domain.messages.kinds import ABOUT, Kind
from slotdesk.domain.workflows.actions import ACTIONS
from slotdesk.domain.workflows.actions.calling import host_of
from slotdesk.domain.workflows.conditions import describe
from slotdesk.domain.workflows.timers import say_length
from slotdesk.domain.workflows.told import say_settings

TRIGGERS: Mapping[Trigger, str] = {
    Trigger.CREATED: "A request is made",
    Trigger.SENT: "The invitation has been sent",
    Trigger.UNANSWERED: "Some time after the request, if nobody has booked",
    Trigger.REQUEST_CANCELLED: "A request is taken back",
    Trigger.CLOSED: "A request is closed",
    Trigger.READDRESSED: "The client’s address is corrected",
    Trigger.GUESTS_ADDED: "Your people name guests",
    Trigger.BOOKED: "An appointment is booked",
    Trigger.RESCHEDULED: "An appointment is moved",
    Trigger.REASSIGNED: "An appointment is handed over",
    Trigger.CANCELLED: "An appointment is cancelled",
    Trigger.BEFORE: "Some time before the appointment",
    Trigger.AFTER: "Some time after the appointment",
    Trigger.TICKET_CLOSED: "The ticket is closed in the PSA",
    Trigger.TICKET_STATUS_CHANGED: "The ticket’s status is changed in the PSA",
}
_TIMED = {
    Trigger.UNANSWERED: "{} after the request, if nobody has booked",
    Trigger.BEFORE: "{} before the appointment",
    Trigger.AFTER: "{} after the appointment",
}
_CHATS = {"teams": "Teams", "slack": "Slack"}
_TO = {
    "client": "to the client",
    "agents": "to the technician",
    "former_agents": "to who had it before",
    "guests": "to the guests",
    "addresses": "to fixed addresses",
}


def say_branch(branch: Branch) -> str:
    """Return what starts it: "3 days after the request, if nobody has booked"."""
    timed = _TIMED.get(branch.trigger)
    if timed is None:
        return TRIGGERS[branch.trigger]
    return timed.format(say_length(branch.minutes))


def say_step(action: str, settings: Mapping[str, Any]) -> str:
    """Return what it does in a few words: "Confirmation to the client"."""
    match action:
        case "send_email":
            kind, to = str(settings.get("template", "")), _TO.get(str(settings.get("to", "")), "")
            name = ABOUT[Kind(kind)].label if kind in set(Kind) else "E-mail"
            # What goes to guests is called so already.
            return name if to and name.startswith("Guests") else f"{name} {to}".strip()
        case "send_own_email":
            return f"E-mail in your own words {_TO.get(str(settings.get('to', '')), '')}".strip()
        case "set_ticket_status":
            moment = str(settings.get("moment", ""))
            known = Moment(moment).label.lower() if moment in Moment.values else "by board"
            return f"Ticket status: {known}"
        case "post_to_chat":
            return f"Post to {_CHATS.get(str(settings.get('service', '')), 'a chat')}"
        case "call_webhook" if host := host_of(str(settings.get("url", ""))):
            return f"Call the webhook of {host}"
        case "wait":
            amount, unit = settings.get("amount", ""), str(settings.get("unit", ""))
            return f"Wait {amount} {unit.removesuffix('s') if amount == 1 else unit}".strip()
    return ACTIONS[action].label if action in ACTIONS else action


def say_lines(workflow: Workflow) -> dict[str, list[str]]:
    """Return the workflow for comparing: branch in words → a line for each step, in order."""
    said: dict[str, list[str]] = {}
    for branch in workflow.branches:
        title = say_branch(branch)
        said.setdefault(f"{title}{_say_when(branch.when)}", []).extend(_line(step) for step in branch.steps)
    return said


def _line(step: Step) -> str:
    told = say_settings(step.action, step.settings)
    details = "; ".join(f"{title}: {value}" for title, value in told)
    when = _say_when(step.when)
    return f"{say_step(step.action, step.settings)}{f' ({details})' if details else ''}{when}"


def _say_when(conditions: Iterable[Condition]) -> str:
    said = (describe(condition) for condition in conditions)
    return "".join(f", if {words[:1].lower()}{words[1:]}" for words in said)
