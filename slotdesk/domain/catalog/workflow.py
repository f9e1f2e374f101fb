"""
A workflow as plain data: what starts a branch, and the steps that follow.

It is stored with an appointment type, copied into each request made from it, and run from there, so an edit changes
later requests only. Which actions exist and what their settings mean is said in workflows/actions.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Trigger(StrEnum):
    """What starts a branch. `unanswered` is a length of time after the invitation without a booking."""

    CREATED = "request.created"
    UNANSWERED = "request.unanswered"
    BOOKED = "appointment.booked"
    RESCHEDULED = "appointment.rescheduled"
    REASSIGNED = "appointment.reassigned"
    CANCELLED = "appointment.cancelled"
    REQUEST_CANCELLED = "request.cancelled"


class Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Step(Document):
    """
    One thing to do.

    key     unique in the workflow and stable, so that a step run can be found again
    when    conditions, all of which must hold: {"invited": true} = only where the client was sent an invitation
    """

    key: str = Field(pattern=r"^[a-z0-9_.-]{1,60}$")
    action: str
    settings: dict[str, Any] = {}
    when: dict[str, Any] = {}


class Branch(Document):
    """Steps that follow a trigger, in order. `after_minutes` is for triggers that are a length of time."""

    trigger: Trigger
    after_minutes: int = Field(default=0, ge=0)
    when: dict[str, Any] = {}
    steps: tuple[Step, ...]


class Workflow(Document):
    version: int = 1
    branches: tuple[Branch, ...]

    def branches_for(self, trigger: Trigger) -> list[Branch]:
        return [branch for branch in self.branches if branch.trigger == trigger]
