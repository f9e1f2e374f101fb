"""What actions are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext
from pydantic import BaseModel, ConfigDict, ValidationError

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import agents_of, find_appointment, find_latest_appointment
from slotdesk.domain.catalog.workflow import Trigger
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.setting_words import title_of
from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.templates import Message
from slotdesk.domain.people.models import Agent
from slotdesk.domain.workflows.models import StepRun
from slotdesk.ports.errors import Rejected
from slotdesk.ports.psa import TicketRef

# Who did it, where nobody did: as staff read it in the history.
SYSTEM = "Slotdesk"
# The channel of what is done without asking anybody: what comes after it in a branch waits for it, in every channel.
HERE = "slotdesk"
# Said of a step that needs the person, where the client has still to pick a time.
PUT_OFF = "It is done once the client has picked a time: only then it is known who takes it."


@dataclass(frozen=True, slots=True)
class Done:
    """It was done; `text` says what, for staff."""

    text: str
    result: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skipped:
    """
    It does not apply; `text` says why.

    result   {"lacks": …} where something is not set up that should be: the request then asks for attention
    """

    text: str
    result: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Will:
    """
    It applies; nothing has been changed yet.

    text   what it would do, for staff who try a workflow out
    do     does it
    mail   the e-mail that it would send, so that it can be looked at first
    """

    text: str
    do: Callable[[], Done | Skipped]
    mail: Message | None = None


class NoSettings(BaseModel):
    """The settings of an action that has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Context:
    """
    A step run with what it is about, read when the step runs.

    is_trial   a dry run: nothing of the run is stored (`run.pk` is None), and an appointment that was cancelled later
               is taken as it stood
    """

    run: StepRun
    now: datetime
    is_trial: bool = False

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
        """The appointment that the step's event tells of; for what happened to the ticket, the one that stands."""
        public_id = self.run.event.data.get("appointment")
        if not public_id:
            return self.standing() if self.run.event.kind.startswith("ticket.") else None
        found = (
            Appointment.objects.select_related("cancellation", "request__account").filter(public_id=public_id).first()
        )
        if found is not None and self.is_trial and self.run.event.kind != Trigger.CANCELLED:
            Appointment.cancellation.related.set_cached_value(found, None)
        return found

    def standing(self) -> Appointment | None:
        """The appointment that the request has now; in a dry run the last one that it had."""
        if not self.is_trial:
            return find_appointment(self.request)
        found = find_latest_appointment(self.request)
        if found is not None:
            Appointment.cancellation.related.set_cached_value(found, None)
        return found

    def agents(self) -> list[Agent]:
        """Who takes the appointment, or before there is one, who was asked for by name."""
        appointment = self.appointment()
        if appointment is None:
            resources = self.request.resources.select_related("agent").order_by("position")
            return [item.agent for item in resources if item.agent is not None]
        return agents_of(appointment)

    def find_caused(self, kind: str) -> Event | None:
        """The event of this kind that was recorded for the request, by nobody of the staff, since this run began."""
        since = Event.objects.filter(subject=self.request.public_id, created_at__gte=self.run.started_at or self.now)
        return since.filter(kind=kind, actor__in=("", SYSTEM)).first()

    def people(self, *, for_client: bool = False) -> str:
        """Who takes the appointment, or before there is one, the people and teams that were asked."""
        if self.appointment() is not None:
            return ", ".join(agent.name for agent in self.agents())
        resources = self.request.resources.select_related("agent", "team").order_by("position")
        return ", ".join(item.client_name if for_client else item.name for item in resources)


@dataclass(frozen=True, slots=True)
class Action:
    """
    label          for screens
    channel        runs of one request and channel keep their order; HERE goes before all that follow it in a branch
    settings       what a step of it may be told, and how it is checked; the editor's form is made from it
    prepare        reads, and changes nothing: says why it does not apply, or what it would do and how
    needs_person   before somebody is chosen it can say nothing: it is put off until the client has picked a time
    target         whom of many a step asks, by its settings: each is a channel of its own, so that one which is down
                   holds up nobody else's
    find_again     what an earlier attempt did that did not live to say so, where doing it again would not find it.
                   Asked first: what is done is done, whatever speaks against it now
    """

    label: Promise
    channel: str
    settings: type[BaseModel]
    prepare: Callable[[Context], Will | Skipped]
    needs_person: bool = False
    target: Callable[[Mapping[str, Any]], str] = lambda _settings: ""
    find_again: Callable[[Context], Done | None] = lambda _context: None

    def run(self, context: Context) -> Done | Skipped:
        """Do it. Raises ports.errors."""
        # What was fine when the step was saved need not be for the version that runs it.
        for _name, text in self.faults(context.settings):
            raise Rejected(f"The step’s settings cannot be used: {text}")
        prepared = self.prepare(context)
        return prepared if isinstance(prepared, Skipped) else prepared.do()

    def channel_of(self, settings: Mapping[str, Any]) -> str:
        target = self.target(settings)
        return f"{self.channel}:{hashlib.sha256(target.encode()).hexdigest()[:8]}" if target else self.channel

    def faults(self, settings: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return what is wrong with a step's settings: which one, "" = all together, and what to tell staff."""
        try:
            self.settings.model_validate(settings)
        except ValidationError as error:
            return [self._say(each["loc"], each["type"], each["msg"]) for each in error.errors()]
        return []

    def _say(self, place: tuple[int | str, ...], kind: str, message: str) -> tuple[str, str]:
        name = str(place[0]) if place else ""
        field = self.settings.model_fields.get(name)
        title = title_of(name, field) if field else name.replace("_", " ")
        text = (
            pgettext("staff", "must be filled in.")
            if kind in ("missing", "string_too_short")
            else message.removeprefix("Value error, ")
        )
        if not title:
            return name, text
        return name, pgettext("staff", "%(setting)s: %(problem)s") % {"setting": title, "problem": text}
