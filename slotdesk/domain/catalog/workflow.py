"""
A workflow as plain data: what starts a branch, on which conditions, and the steps that follow.

It is stored with an appointment type in Workflow Mode or compiled from its settings, copied into each request made from
it, and run from there, so an edit changes later requests only. Which actions exist and what their settings mean is said
in workflows/actions; which fields a condition may ask about, in workflows/conditions.py.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

VERSION = 2
# A year: beyond it a request that nobody answers is not worth a timer, and a length in minutes stays readable.
MOST_MINUTES = 366 * 24 * 60


class Trigger(StrEnum):
    """What starts a branch: an event of that name, or a length of time (TIMED)."""

    CREATED = "request.created"
    SENT = "request.sent"
    UNANSWERED = "request.unanswered"
    REQUEST_CANCELLED = "request.cancelled"
    CLOSED = "request.closed"
    GUESTS_ADDED = "request.guests_added"
    READDRESSED = "request.readdressed"
    BOOKED = "appointment.booked"
    RESCHEDULED = "appointment.rescheduled"
    REASSIGNED = "appointment.reassigned"
    CANCELLED = "appointment.cancelled"
    BEFORE = "appointment.before"
    AFTER = "appointment.after"
    TICKET_CLOSED = "ticket.closed"
    TICKET_STATUS_CHANGED = "ticket.status_changed"


# Started by a length of time: after the request was made without a booking, before the start, after the end.
TIMED = frozenset({Trigger.UNANSWERED, Trigger.BEFORE, Trigger.AFTER})
# Timers that hang on the appointment's time: they move with it and end with it.
AROUND = frozenset({Trigger.BEFORE, Trigger.AFTER})


class Operator(StrEnum):
    """How a condition compares. Of several values that a field has, one that fits is enough; for IS_NOT, none may."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    ONE_OF = "one_of"
    IS_EMPTY = "is_empty"
    IS_FILLED = "is_filled"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(Document):
    """
    What must hold: {"field": "ticket.priority", "operator": "one_of", "values": ["High", "Critical"]}.

    values   text, compared without regard to case; numbers in figures; none for IS_EMPTY and IS_FILLED
    """

    field: str = Field(pattern=r"^[a-z_]+(\.[A-Za-z0-9_-]{1,60})?$")
    operator: Operator = Operator.IS
    values: tuple[str, ...] = ()


class Step(Document):
    """
    One thing to do.

    key     unique in the workflow and stable, so that a step run can be found again
    when    conditions, all of which must hold when the step is about to run
    """

    key: str = Field(pattern=r"^[a-z0-9_.-]{1,60}$")
    action: str
    settings: dict[str, Any] = {}
    when: tuple[Condition, ...] = ()


class Branch(Document):
    """
    Steps that follow a trigger, in order.

    minutes   for the triggers that are a length of time: after the request, before the start, after the end
    when      conditions of every step
    """

    trigger: Trigger
    minutes: int = Field(default=0, ge=0, le=MOST_MINUTES)
    when: tuple[Condition, ...] = ()
    steps: tuple[Step, ...]


class Workflow(Document):
    version: int = VERSION
    branches: tuple[Branch, ...]

    @model_validator(mode="before")
    @classmethod
    def _upgrade(cls, stored: Any) -> Any:
        """Requests keep the workflow that they were made with, so what version 1 wrote stays readable."""
        return _from_version_1(stored) if isinstance(stored, dict) and stored.get("version") == 1 else stored

    def branches_for(self, trigger: Trigger) -> list[Branch]:
        return [branch for branch in self.branches if branch.trigger == trigger]


# Where the client was sent an invitation, and not where only a link was made.
INVITED = Condition(field="request.invited", values=("yes",))
# Where a time was booked by a link that needs no ticket.
BY_SHAREABLE = Condition(field="request.origin", values=("shareable",))


def _from_version_1(stored: dict[str, Any]) -> dict[str, Any]:
    """Version 1 knew one condition, {"invited": true}, and one length of time, `after_minutes`."""

    def conditions(when: dict[str, Any]) -> list[dict[str, Any]]:
        return [INVITED.model_dump(mode="json")] if when.get("invited") else []

    return {
        "version": VERSION,
        "branches": [
            {
                "trigger": branch["trigger"],
                "minutes": branch.get("after_minutes", 0),
                "when": conditions(branch.get("when", {})),
                "steps": [step | {"when": conditions(step.get("when", {}))} for step in branch["steps"]],
            }
            for branch in stored["branches"]
        ],
    }
