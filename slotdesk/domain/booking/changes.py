"""What clients may do with their appointment themselves: one rule, which pages, mails and operations ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import MovedMeanwhile, cancel_appointment, reschedule_appointment
from slotdesk.domain.booking.queries import RequestClosed, find_appointment
from slotdesk.domain.booking.states import Act, is_due
from slotdesk.domain.catalog.terms import FrozenTerms


class Reason(StrEnum):
    """Why clients may not change their appointment."""

    CANCELLED = "cancelled"
    STARTED = "started"
    NOT_BY_CLIENTS = "not by clients"
    TOO_LATE = "too late"


@dataclass(frozen=True, slots=True)
class Allowed:
    """until: the last moment (UTC) at which the client may move or cancel."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """until: when it is too late, the moment (UTC) until which it was possible."""

    reason: Reason
    until: datetime | None = None


class ChangeRefused(Exception):
    """The client may not do this; `refused` says why."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason.value)
        self.refused = refused


def may_client_change(request: SchedulingRequest, appointment: Appointment, now: datetime) -> Allowed | Refused:
    """
    Say whether the client may move or cancel the appointment at this moment, by the terms that it was made with.

    The moment of the notice itself is still in time; the start is not.
    """
    terms = FrozenTerms.model_validate(request.terms)
    if appointment.is_cancelled:
        return Refused(Reason.CANCELLED)
    if now >= appointment.starts_at:
        return Refused(Reason.STARTED)
    if not terms.clients_may_change:
        return Refused(Reason.NOT_BY_CLIENTS)
    until = appointment.starts_at - terms.change_notice
    return Allowed(until) if now <= until else Refused(Reason.TOO_LATE, until)


def cancel_as_client(*, request: SchedulingRequest, reason: str, sequence: int, now: datetime) -> None:
    """
    Call the appointment off for the client. reason: in their words, may be empty.

    sequence   of the appointment as the client saw it; somebody who looks at a time that was moved is not taken at
               their word. Cancelling twice changes nothing. Raises ChangeRefused, MovedMeanwhile, RequestClosed.
    """

    def check(standing: Appointment) -> None:
        _check(request, standing, sequence, now)

    cancel_appointment(request=request, actor=_actor(request), reason=reason, now=now, check=check)


def reschedule_as_client(
    *, request: SchedulingRequest, starts_at: datetime, zone: str, sequence: int, now: datetime
) -> Appointment:
    """
    Move the appointment to another time (UTC) for the client, and return it. zone: the clock they looked at.

    sequence   as in `cancel_as_client`: of two tabs that move it, one wins and the other gets MovedMeanwhile. The same
               form twice moves it once. Raises ChangeRefused, and what `reschedule_appointment` raises.
    """
    standing = find_appointment(request)
    if standing is None:
        is_due(request.status, Act.RESCHEDULE)  # says by name why there is none
        raise RequestClosed(request.status)
    if standing.starts_at == starts_at:
        return standing
    # Once more under the lock there is only the sequence to look at: with it, the start has not changed either.
    _check(request, standing, sequence, now)
    return reschedule_appointment(
        request=request, starts_at=starts_at, zone=zone, actor=_actor(request), now=now, sequence=sequence
    )


def _check(request: SchedulingRequest, standing: Appointment, sequence: int, now: datetime) -> None:
    if standing.sequence != sequence:
        raise MovedMeanwhile
    answer = may_client_change(request, standing, now)
    if isinstance(answer, Refused):
        raise ChangeRefused(answer)


def _actor(request: SchedulingRequest) -> str:
    return f"{request.client_name} (client)"
