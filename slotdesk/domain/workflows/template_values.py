"""What an account's templates may use, and what one request of it would fill in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from slotdesk.domain.attributes.models import Attribute
from slotdesk.domain.attributes.queries import Subject, list_archived, list_attributes
from slotdesk.domain.attributes.values import Kind as AttributeKind
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import find_latest_appointment
from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.kinds import ABOUT, Kind
from slotdesk.domain.messages.variables import VARIABLES, Variable
from slotdesk.domain.workflows.actions.base import Context
from slotdesk.domain.workflows.actions.send_email import values_for_reader
from slotdesk.domain.workflows.models import StepRun


def list_variables() -> tuple[Variable, ...]:
    """Those of every account, and the active account's own attributes of requests, archived ones at the end."""
    attributes = [*list_attributes(Subject.REQUEST), *list_archived().filter(subject=Subject.REQUEST)]
    return VARIABLES + tuple(map(_variable_of, attributes))


def values_of_request(request: SchedulingRequest, *, kind: Kind, now: datetime) -> dict[str, Any]:
    """What an e-mail of this kind about the request would be given, were it sent now."""
    appointment = find_latest_appointment(request)
    event = Event(data={"appointment": appointment.public_id} if appointment else {})
    to = {"client": "client", "guest": "guests"}.get(ABOUT[kind].reader, "agents")
    run = StepRun(request=request, event=event, settings={"template": kind.value, "to": to})
    return values_for_reader(Context(run, now))


def _variable_of(attribute: Attribute) -> Variable:
    example: str | bool = attribute.choices[0] if attribute.choices else attribute.name
    if attribute.kind == AttributeKind.CHECKBOX:
        example = True
    return Variable(f"request.attributes.{attribute.key}", attribute.help_text or attribute.name, example)
