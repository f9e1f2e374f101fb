"""Workflows in the words of screens and of the audit log. No secret is ever in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from slotdesk.domain.catalog.workflow import Branch, Condition, Step, Trigger, Workflow
from slotdesk.domain.connections.models import Moment
from slotdesk.domain.messages.kinds import ABOUT, Kind
from slotdesk.domain.workflows.actions import ACTIONS
from slotdesk.domain.workflows.actions.calling import host_of
from slotdesk.domain.workflows.conditions import describe
from slotdesk.domain.workflows.timers import say_count, say_length
from slotdesk.domain.workflows.told import say_settings

TRIGGERS: Mapping[Trigger, Promise] = {
    Trigger.CREATED: pgettext_lazy("staff", "A request is made"),
    Trigger.SENT: pgettext_lazy("staff", "The invitation has been sent"),
    Trigger.UNANSWERED: pgettext_lazy("staff", "Some time after the request, if nobody has booked"),
    Trigger.REQUEST_CANCELLED: pgettext_lazy("staff", "A request is taken back"),
    Trigger.CLOSED: pgettext_lazy("staff", "A request is closed"),
    Trigger.READDRESSED: pgettext_lazy("staff", "The client’s address is corrected"),
    Trigger.GUESTS_ADDED: pgettext_lazy("staff", "Your people name guests"),
    Trigger.BOOKED: pgettext_lazy("staff", "An appointment is booked"),
    Trigger.RESCHEDULED: pgettext_lazy("staff", "An appointment is moved"),
    Trigger.REASSIGNED: pgettext_lazy("staff", "An appointment is handed over"),
    Trigger.CANCELLED: pgettext_lazy("staff", "An appointment is cancelled"),
    Trigger.BEFORE: pgettext_lazy("staff", "Some time before the appointment"),
    Trigger.AFTER: pgettext_lazy("staff", "Some time after the appointment"),
    Trigger.TICKET_CLOSED: pgettext_lazy("staff", "The ticket is closed in the PSA"),
    Trigger.TICKET_STATUS_CHANGED: pgettext_lazy("staff", "The ticket’s status is changed in the PSA"),
}
_TIMED = {
    Trigger.UNANSWERED: pgettext_lazy("staff", "%(length)s after the request, if nobody has booked"),
    Trigger.BEFORE: pgettext_lazy("staff", "%(length)s before the appointment"),
    Trigger.AFTER: pgettext_lazy("staff", "%(length)s after the appointment"),
}
_CHATS = {"teams": "Teams", "slack": "Slack"}
_TO = {
    "client": pgettext_lazy("staff", "%(email)s to the client"),
    "agents": pgettext_lazy("staff", "%(email)s to the technician"),
    "former_agents": pgettext_lazy("staff", "%(email)s to who had it before"),
    "guests": pgettext_lazy("staff", "%(email)s to the guests"),
    "addresses": pgettext_lazy("staff", "%(email)s to fixed addresses"),
}


def say_branch(branch: Branch) -> str:
    """Return what starts it: "3 days after the request, if nobody has booked"."""
    timed = _TIMED.get(branch.trigger)
    if timed is None:
        return str(TRIGGERS[branch.trigger])
    return timed % {"length": say_length(branch.minutes)}


def say_step(action: str, settings: Mapping[str, Any]) -> str:
    """Return what it does in a few words: "Confirmation to the client"."""
    match action:
        case "send_email":
            kind = str(settings.get("template", ""))
            about = ABOUT[Kind(kind)] if kind in set(Kind) else None
            name = str(about.label) if about else pgettext("staff", "E-mail")
            # What goes to guests is called so already.
            return name if about and about.reader == "guest" else _say_to(name, settings)
        case "send_own_email":
            return _say_to(pgettext("staff", "E-mail in your own words"), settings)
        case "set_ticket_status":
            moment = str(settings.get("moment", ""))
            if moment not in Moment.values:
                return pgettext("staff", "Ticket status: by board")
            return pgettext("staff", "Ticket status: %(moment)s") % {"moment": str(Moment(moment).label).lower()}
        case "post_to_chat":
            chat = _CHATS.get(str(settings.get("service", "")))
            return (
                pgettext("staff", "Post to %(chat)s") % {"chat": chat} if chat else pgettext("staff", "Post to a chat")
            )
        case "call_webhook" if host := host_of(str(settings.get("url", ""))):
            return pgettext("staff", "Call the webhook of %(host)s") % {"host": host}
        case "wait":
            return _say_wait(settings.get("amount", ""), str(settings.get("unit", "")))
    return str(ACTIONS[action].label) if action in ACTIONS else action


def _say_to(email: str, settings: Mapping[str, Any]) -> str:
    to = _TO.get(str(settings.get("to", "")))
    return to % {"email": email} if to else email


def _say_wait(amount: Any, unit: str) -> str:
    match unit, amount:
        case ("minutes" | "hours" | "days") as known, int():
            length = say_count(amount, known)
        case _:
            length = f"{amount} {unit}".strip()
    return (pgettext("staff", "Wait %(length)s") % {"length": length}).strip()


def say_lines(workflow: Workflow) -> dict[str, list[str]]:
    """Return the workflow for comparing: branch in words → a line for each step, in order."""
    said: dict[str, list[str]] = {}
    for branch in workflow.branches:
        title = _say_when(say_branch(branch), branch.when)
        said.setdefault(title, []).extend(_line(step) for step in branch.steps)
    return said


def _line(step: Step) -> str:
    words = say_step(step.action, step.settings)
    details = "; ".join(f"{title}: {value}" for title, value in say_settings(step.action, step.settings))
    return _say_when(f"{words} ({details})" if details else words, step.when)


def _say_when(words: str, conditions: Iterable[Condition]) -> str:
    for said in map(describe, conditions):
        condition = f"{said[:1].lower()}{said[1:]}"
        words = pgettext("staff", "%(what)s, if %(condition)s") % {"what": words, "condition": condition}
    return words
