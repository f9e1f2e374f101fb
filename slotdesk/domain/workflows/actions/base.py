"""What actions are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import agents_of
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.people.models import Agent
from slotdesk.domain.workflows.models import StepRun
from slotdesk.ports.psa import TicketRef


@dataclass(frozen=True, slots=True)
class Done:
    """It was done; `text` says what, for staff."""

    text: str
    result: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skipped:
    """It does not apply; `text` says why."""

    text: str


@dataclass(frozen=True, slots=True)
class Will:
    """
    It applies; nothing has been changed yet.

    text   what it would do, for staff who try a workflow out
    do     does it
    """

    text: str
    do: Callable[[], Done | Skipped]


class NoSettings(BaseModel):
    """The settings of an action that has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Context:
    """A step run with what it is about, read when the step runs. A dry run's is not stored: its `run.pk` is None."""

    run: StepRun
    now: datetime

    @property
    def request(self) -> SchedulingRequest:
        return self.run.request

    @property
    def settings(self) -> dict[str, Any]:
        return dict(self.run.settings)

    @property
    def psa(self) -> Connection | None:
        return self.request.connection

    @property
    def ticket(self) -> TicketRef | None:
        if not self.request.ticket_id:
            return None
        return TicketRef(kind=self.request.ticket_kind, id=self.request.ticket_id)

    def appointment(self) -> Appointment | None:
        """The appointment that the step's event tells of."""
        public_id = self.run.event.data.get("appointment")
        if not public_id:
            return None
        return (
            Appointment.objects.select_related("cancellation", "request__account").filter(public_id=public_id).first()
        )

    def agents(self) -> list[Agent]:
        """Who takes the appointment, or before there is one, who was asked for by name."""
        appointment = self.appointment()
        if appointment is None:
            resources = self.request.resources.select_related("agent").order_by("position")
            return [item.agent for item in resources if item.agent is not None]
        return agents_of(appointment)

    def people(self, *, for_client: bool = False) -> str:
        """Who takes the appointment, or before there is one, the people and teams that were asked."""
        if self.appointment() is not None:
            return ", ".join(agent.name for agent in self.agents())
        resources = self.request.resources.select_related("agent", "team").order_by("position")
        return ", ".join(item.client_name if for_client else item.name for item in resources)


@dataclass(frozen=True, slots=True)
class Action:
    """
    label      for screens
    channel    runs of one request and channel keep their order
    settings   what a step of it may be told, and how it is checked
    prepare    reads, and changes nothing: says why it does not apply, or what it would do and how
    """

    label: str
    channel: str
    settings: type[BaseModel]
    prepare: Callable[[Context], Will | Skipped]

    def run(self, context: Context) -> Done | Skipped:
        """Do it. Raises ports.errors."""
        prepared = self.prepare(context)
        return prepared if isinstance(prepared, Skipped) else prepared.do()
