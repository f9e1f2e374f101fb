"""Booking and calling off: each operation one transaction, with the network before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, OperationalError, transaction
from psycopg.errors import ExclusionViolation, LockNotAvailable

from slotdesk.availability.assignment import choose_agents
from slotdesk.availability.explain import Explanation, Reason, explain_slot
from slotdesk.domain.booking.models import (
    Appointment,
    Cancellation,
    Reservation,
    SchedulingRequest,
)
from slotdesk.domain.booking.queries import (
    OPEN,
    Asked,
    RequestClosed,
    agents_in,
    build_question,
    find_appointment,
    find_appointment_by_key,
    list_asked,
    list_blocking_calendars,
    lock_request,
)
from slotdesk.domain.booking.standings import load_standings
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.connections.busy_mirror import refresh_busy
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.operations import lock_agents

# How often the next in line of a team may turn out to be busy before the client is asked to choose again.
_MOST_READINGS = 6


@dataclass(frozen=True, slots=True)
class Answers:
    """What the client says while booking. zone: the clock they looked at (IANA)."""

    zone: str
    name: str
    phone: str = ""
    note: str = ""


class SlotTaken(Exception):
    """Somebody else has just taken this time."""


class SlotNotOffered(Exception):
    """This time was never offered, or is not any more; `explanation` says why."""

    def __init__(self, explanation: Explanation) -> None:
        super().__init__("This time is not offered.")
        self.explanation = explanation


class AvailabilityUnknown(Exception):
    """A calendar that must be checked cannot be read, so nobody can say whether the time is free."""


def book_slot(
    *, request: SchedulingRequest, starts_at: datetime, answers: Answers, key: str, now: datetime
) -> Appointment:
    """
    Book the request at this time (UTC) and return the appointment.

    key   chosen by the client's form; the same key again returns the same appointment
    The calendars that are about to be written over are read again first. Of two who want the same time, one gets it
    and the other gets SlotTaken, with nothing left behind. Raises RequestClosed, SlotTaken, SlotNotOffered,
    AvailabilityUnknown.
    """
    earlier = find_appointment_by_key(request, key)
    if earlier is not None:
        return earlier
    if request.status not in OPEN:
        raise RequestClosed(request.status)
    attempt = _Attempt(request, list_asked(request), starts_at, answers, key, now)
    for _ in range(_MOST_READINGS):
        attempt.read_calendars()
        try:
            with transaction.atomic(durable=True):
                return _book(attempt)
        except _NotReadYet as error:
            attempt.to_read = error.agent_ids
        except IntegrityError as error:
            if isinstance(error.__cause__, ExclusionViolation):
                raise SlotTaken from error
            raise
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise SlotTaken from error
            raise
    raise SlotTaken


class _NotReadYet(Exception):
    """The agents to whom the appointment would go have calendars that were not read again yet."""

    def __init__(self, agent_ids: set[int]) -> None:
        super().__init__(agent_ids)
        self.agent_ids = agent_ids


@dataclass(slots=True)
class _Attempt:
    """
    One client's try for one time.

    to_read   agents whose calendars are to be read before the next go: those asked for by name at first, and of a team
              whoever turns out to be next in line, so that a booking never waits for the calendars of a whole team
    read      agents whose calendars were read; unread: calendars that could not be
    """

    request: SchedulingRequest
    asked: Sequence[Asked]
    starts_at: datetime
    answers: Answers
    key: str
    now: datetime
    to_read: set[int] = field(default_factory=set)
    read: set[int] = field(default_factory=set)
    unread: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.to_read = {agent.pk for each in self.asked if each.team is None for agent in each.agents}

    def read_calendars(self) -> None:
        terms = FrozenTerms.model_validate(self.request.terms).for_engine()
        self.unread |= refresh_busy(
            calendars=list_blocking_calendars(self.to_read),
            starts_at=self.starts_at - terms.buffer_before - timedelta(hours=1),
            ends_at=self.starts_at + terms.duration + terms.buffer_after + timedelta(hours=1),
            now=self.now,
        )
        self.read |= self.to_read


def _book(attempt: _Attempt) -> Appointment:
    request, asked, starts_at = attempt.request, attempt.asked, attempt.starts_at
    answers, key, now = attempt.answers, attempt.key, attempt.now
    locked = lock_request(request)
    if locked.status not in OPEN:
        earlier = find_appointment_by_key(locked, key)
        if earlier is None:
            raise RequestClosed(locked.status)
        return earlier  # an equal form that was sent at the same moment came first
    taken = lock_agents(agents_in(asked))
    asked = [replace(each, agents=tuple(taken[agent.pk] for agent in each.agents)) for each in asked]
    terms = FrozenTerms.model_validate(locked.terms).for_engine()
    ends_at = starts_at + terms.duration
    question = build_question(
        locked,
        asked=asked,
        starts_at=starts_at,
        ends_at=ends_at,
        client_zone=answers.zone,
        now=now,
        unread=attempt.unread,
    )
    explanation = explain_slot(question, int(starts_at.timestamp()))
    if not explanation.is_offered:
        raise _refusal(explanation)
    chosen = choose_agents(question.resources, explanation.agent_ids, load_standings(asked, now=now))
    if not_read := {int(agent_id) for agent_id in chosen} - attempt.read:
        raise _NotReadYet(not_read)
    appointment = Appointment.objects.create(
        account=locked.account,
        request=locked,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=answers.zone,
        key=key,
        note=answers.note,
        booked_at=now,
    )
    Reservation.objects.bulk_create(
        Reservation(
            account=locked.account,
            appointment=appointment,
            agent_id=agent_id,
            team=each.team,
            during=(starts_at, ends_at),
            buffer_before=terms.buffer_before,
            buffer_after=terms.buffer_after,
        )
        for each, agent_id in zip(asked, chosen, strict=True)
    )
    locked.status = SchedulingRequest.Status.SCHEDULED
    locked.client_name = answers.name or locked.client_name
    locked.client_phone = answers.phone or locked.client_phone
    locked.save(update_fields=["status", "client_name", "client_phone", "updated_at"])
    record(
        account=locked.account,
        kind="appointment.booked",
        subject=locked.public_id,
        actor=f"{locked.client_name} (client)",
        now=now,
        data={"appointment": appointment.public_id, "starts_at": starts_at.isoformat(), "zone": answers.zone},
    )
    return appointment


def _refusal(explanation: Explanation) -> Exception:
    """What to tell the client: taken when nothing but other engagements stands in the way."""
    reasons = {finding.reason for agent in explanation.agents for finding in agent.findings}
    if Reason.UNKNOWN in reasons:
        return AvailabilityUnknown()
    if not explanation.findings and reasons and reasons <= {Reason.BUSY, Reason.BUFFER, Reason.DAILY_MAXIMUM}:
        return SlotTaken()
    return SlotNotOffered(explanation)


def cancel_appointment(*, request: SchedulingRequest, actor: str, reason: str, now: datetime) -> None:
    """
    Call a booked appointment off and give the agents' time back at once.

    Cancelling twice changes nothing. Raises RequestClosed when there is no appointment to cancel.
    """
    with transaction.atomic(durable=True):
        locked = lock_request(request)
        if locked.status == SchedulingRequest.Status.CANCELLED:
            return
        appointment = find_appointment(locked)
        if appointment is None:
            raise RequestClosed(locked.status)
        Cancellation.objects.create(appointment=appointment, by=actor, reason=reason, cancelled_at=now)
        Reservation.objects.filter(appointment=appointment, released_at=None).update(released_at=now)
        Appointment.objects.filter(pk=appointment.pk).update(sequence=appointment.sequence + 1)
        locked.status = SchedulingRequest.Status.CANCELLED
        locked.save(update_fields=["status", "updated_at"])
        record(
            account=locked.account,
            kind="appointment.cancelled",
            subject=locked.public_id,
            actor=actor,
            now=now,
            data={"appointment": appointment.public_id, "reason": reason},
        )
