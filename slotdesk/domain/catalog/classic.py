"""Classic settings, compiled to the workflow that reproduces them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.workflow import Branch, Step, Trigger, Workflow

# Invitations, and what chases an unanswered one, are for clients whom we wrote to ourselves.
_INVITED = {"invited": True}
_MOST_REMINDERS = 2


def compile_workflow(appointment_type: AppointmentType) -> Workflow:
    """
    Return the workflow of a type in classic mode.

    Statuses are named by their moment and looked up per board when the step runs, so one workflow serves every board.
    """
    mail = not appointment_type.is_silent
    branches = [
        _branch(
            Trigger.CREATED, _note(), _status("created"), _mail("invitation", "client", _INVITED) if mail else None
        ),
        _branch(
            Trigger.BOOKED,
            _entry(),
            _note(),
            _status("scheduled"),
            _mail("confirmation", "client") if mail else None,
            _mail("booked_notice", "agents"),
        ),
        _branch(
            Trigger.RESCHEDULED,
            _entry(),
            _note(),
            _mail("rescheduled", "client") if mail else None,
            _mail("rescheduled_notice", "agents"),
        ),
        _branch(
            Trigger.REASSIGNED,
            _entry(),
            _note(),
            _mail("reassigned", "client") if mail else None,
            _mail("reassigned_notice", "agents"),
            _mail("handed_over_notice", "former_agents"),
        ),
        _branch(
            Trigger.CANCELLED,
            _entry(),
            _note(),
            _status("cancelled"),
            _mail("cancellation", "client") if mail else None,
            _mail("cancelled_notice", "agents"),
        ),
        _branch(Trigger.REQUEST_CANCELLED, _note(), _status("cancelled")),
    ]
    if mail:
        delays = sorted(reminder["after_minutes"] for reminder in appointment_type.reminders)
        for number, minutes in enumerate(delays[:_MOST_REMINDERS], start=1):
            branches.append(
                Branch(
                    trigger=Trigger.UNANSWERED,
                    after_minutes=minutes,
                    when=_INVITED,
                    steps=(_keyed(f"reminder_{number}", _mail("reminder", "client")),),
                )
            )
    if appointment_type.no_response_amount:
        branches.append(
            Branch(
                trigger=Trigger.UNANSWERED,
                after_minutes=appointment_type.no_response_deadline // timedelta(minutes=1),
                when=_INVITED,
                steps=(_keyed("no_response.status", _status("no_response")),),
            )
        )
    return Workflow(branches=tuple(branches))


def _branch(trigger: Trigger, *steps: Step | None) -> Branch:
    prefix = trigger.value.replace("request.", "").replace("appointment.", "appointment_")
    kept = [step for step in steps if step is not None]
    return Branch(trigger=trigger, steps=tuple(_keyed(f"{prefix}.{step.key}", step) for step in kept))


def _keyed(key: str, step: Step) -> Step:
    return step.model_copy(update={"key": key})


def _note() -> Step:
    return Step(key="note", action="add_note")


def _entry() -> Step:
    return Step(key="entry", action="write_entry")


def _status(moment: str) -> Step:
    return Step(key="status", action="set_ticket_status", settings={"moment": moment})


def _mail(template: str, to: str, when: dict[str, Any] | None = None) -> Step:
    return Step(key=f"mail_{to}", action="send_email", settings={"template": template, "to": to}, when=when or {})
