"""Taking a client out of requests and everything that hangs on them, leaving what statistics need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from slotdesk.domain.attributes.models import AttributeValue
from slotdesk.domain.booking.clocks import read_clock
from slotdesk.domain.booking.models import Appointment, Cancellation, Guest, SchedulingRequest, request_token
from slotdesk.domain.booking.queries import OPEN
from slotdesk.domain.connections.models import ExternalLink
from slotdesk.domain.events.door import Purpose, open_door
from slotdesk.domain.events.models import Event
from slotdesk.domain.events.operations import record
from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.messages.models import Email
from slotdesk.domain.privacy.classified import CLIENT_DATA
from slotdesk.domain.workflows.models import StepRun

REMOVED = "Removed with the client’s data."
_BY_CLIENT = "(client)"
# What an event of a request may keep: public ids, times, and the names of our own people.
_FACTS = frozenset({"origin", "resources", "appointment", "starts_at", "from", "by"})
_FIELDS = next(kept.fields for kept in CLIENT_DATA if kept.table == "booking.SchedulingRequest")


def anything_of_client() -> Q:
    """Requests that still hold something about a client."""
    found = Q(Exists(AttributeValue.objects.filter(request=OuterRef("pk"))))
    for field in _FIELDS:
        found |= ~Q(**{field: _empty(field)})
    return found


def _empty(field: str) -> Any:
    return getattr(SchedulingRequest(), field)


def forget_client(requests: Iterable[SchedulingRequest], *, actor: str, by: str, now: datetime) -> None:
    """
    Empty these locked requests of their clients, with their appointments, e-mails, step runs and events.

    by   retention | erasure. Open requests are closed and their links die. The caller has made sure that none of their
    step runs is at work, and that no appointment lies ahead.
    """
    for request in requests:
        for field in _FIELDS:
            setattr(request, field, _empty(field))
        if request.status in OPEN:
            request.status = SchedulingRequest.Status.CLOSED
        request.token = request_token()
        request.save()
        _forget_appointments(request)
        Guest.objects.filter(request=request).delete()
        cancellations = Cancellation.objects.filter(appointment__request=request)
        cancellations.update(reason="")
        cancellations.filter(by__endswith=_BY_CLIENT).update(by=_BY_CLIENT)
        AttributeValue.objects.filter(request=request).delete()
        Email.objects.filter(subject_id=request.public_id).delete()
        OpeningAlert.objects.filter(request=request).delete()
        ExternalLink.objects.filter(subject=request.public_id).delete()
        _forget_steps(request, now)
        _forget_events(request)
        record(
            account=request.account,
            kind="request.client_removed",
            subject=request.public_id,
            now=now,
            actor=actor,
            data={"by": by},
        )


def _forget_appointments(request: SchedulingRequest) -> None:
    zone = request.account.zone
    for appointment in Appointment.objects.filter(request=request):
        appointment.note, appointment.answers, appointment.zone = "", [], zone
        # With the instant beside it, what they read would tell their zone.
        appointment.wall_start = read_clock(appointment.starts_at, zone)
        appointment.save(update_fields=["note", "answers", "zone", "wall_start"])


def _forget_steps(request: SchedulingRequest, now: datetime) -> None:
    runs = StepRun.objects.filter(request=request)
    runs.filter(finished_at=None).update(state=StepRun.State.SKIPPED, finished_at=now)
    runs.exclude(outcome="").update(outcome=REMOVED)
    runs.update(result={})


def _forget_events(request: SchedulingRequest) -> None:
    with open_door(Purpose.ERASURE):
        for event in Event.objects.filter(subject=request.public_id):
            facts: dict[str, Any] = {name: value for name, value in event.data.items() if name in _FACTS}
            is_client = event.actor.endswith(_BY_CLIENT)
            Event.objects.filter(pk=event.pk).update(
                actor=_BY_CLIENT if is_client else F("actor"),
                address=None if is_client else F("address"),
                data=facts,
                changes={},
            )
