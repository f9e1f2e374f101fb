"""Booking, moving and calling off: each operation one transaction, with the network before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from slotdesk.domain.booking.asked import list_asked, who_may_take_moved
from slotdesk.domain.booking.choosing import Attempt, Chosen, reserve, settle
from slotdesk.domain.booking.clocks import read_clock
from slotdesk.domain.booking.guests import put_guests
from slotdesk.domain.booking.meeting import changed_meeting_url, meeting_url_of
from slotdesk.domain.booking.models import Appointment, Cancellation, Reservation, SchedulingRequest
from slotdesk.domain.booking.queries import (
    OPEN,
    RequestClosed,
    agents_of,
    find_appointment,
    find_appointment_by_key,
    lock_request,
)
from slotdesk.domain.booking.states import Act, is_due
from slotdesk.domain.booking.writing import Booking, ClientFacts, compose_booking
from slotdesk.domain.events.operations import record, record_sql


@dataclass(frozen=True, slots=True)
class Answer:
    """To one of the type's questions; key and label as the request froze them."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Answers:
    """
    What the client says while booking.

    zone     the clock they looked at (IANA)
    guests   e-mail addresses of others who are to be told
    language they read the page in, "" = nobody knows
    """

    zone: str
    name: str
    phone: str = ""
    note: str = ""
    answers: tuple[Answer, ...] = ()
    guests: tuple[str, ...] = ()
    language: str = ""


def book_slot(
    *, request: SchedulingRequest, starts_at: datetime, answers: Answers, key: str, now: datetime
) -> Appointment:
    """
    Book the request at this time (UTC) and return the appointment.

    key   chosen by the client's form; the same key again returns the same appointment
    The calendars that are about to be written over are read again first. Of two who want the same time, one gets it
    and the other gets SlotTaken, with nothing left behind. The client's guests join those whom staff have named.
    Raises RequestClosed, SlotTaken, SlotNotOffered, AvailabilityUnknown, TooManyGuests, NotAnAddress.
    """

    def check(request: SchedulingRequest) -> Appointment | None:
        if request.status in OPEN:
            return None
        # An equal form may have been sent at the same moment.
        made = find_appointment_by_key(request, key)
        if made is None:
            is_due(request.status, Act.BOOK)
        return made

    def prepare(chosen: Sequence[Chosen]) -> Callable[[], Appointment]:
        booking = prepare_booking(request, chosen, attempt, answers, key)

        def write() -> Appointment:
            booking.store()
            put_guests(request, answers.guests, added_by=f"{request.client_name} (client)", now=now)
            return booking.appointment

        return write

    earlier = check(request)
    if earlier is not None:
        return earlier

    attempt = Attempt(request, list_asked(request), starts_at, answers.zone, now)
    return settle(attempt, check=check, prepare=prepare)


def prepare_booking(
    request: SchedulingRequest,
    chosen: Sequence[Chosen],
    attempt: Attempt,
    answers: Answers,
    key: str,
    *,
    actor: str = "",
) -> Booking:
    """Return the booking of a stored request, to be stored inside `settle`. actor: who enters it, "" = the client."""
    client = ClientFacts(
        name=answers.name or request.client_name,
        phone=answers.phone or request.client_phone,
        language=answers.language or request.language,
    )
    appointment = Appointment(
        account=request.account,
        request=request,
        starts_at=attempt.starts_at,
        ends_at=attempt.ends_at,
        zone=answers.zone,
        wall_start=read_clock(attempt.starts_at, answers.zone),
        key=key,
        note=answers.note,
        answers=[asdict(answer) for answer in answers.answers],
        meeting_url=meeting_url_of(request, attempt.agents(chosen)),
        booked_at=attempt.now,
    )
    event = record_sql(
        account=request.account,
        kind="appointment.booked",
        subject=request.public_id,
        actor=actor or f"{client.name} (client)",
        now=attempt.now,
        data={
            "appointment": appointment.public_id,
            "starts_at": appointment.starts_at.isoformat(),
            "zone": answers.zone,
        },
    )
    return compose_booking(appointment, chosen, client, attempt.terms, event=event)


def reschedule_appointment(
    *,
    request: SchedulingRequest,
    starts_at: datetime,
    zone: str,
    actor: str,
    now: datetime,
    sequence: int | None = None,
    overrides_rules: bool = False,
) -> Appointment:
    """
    Move the request's appointment to another time (UTC) and return it.

    Its own time counts as free. Who has it keeps it where they are free; whether others may take it is said by the
    terms. Until the new time is taken the old one stands, and both change in one transaction. Moving to the time that
    it has changes nothing.

    sequence   of the appointment as whoever moves it saw it; None = as it is now. With another one, somebody else has
               moved it meanwhile.
    overrides_rules   see Attempt: for staff who have agreed on the time with the client
    Raises RequestClosed when there is none to move, MovedMeanwhile, SlotTaken, SlotNotOffered, AvailabilityUnknown.
    """
    appointment = find_appointment(request)
    if appointment is None:
        is_due(request.status, Act.RESCHEDULE)
        raise RequestClosed(request.status)
    if appointment.starts_at == starts_at:
        return appointment
    if sequence is not None and appointment.sequence != sequence:
        raise MovedMeanwhile
    holders = {agent.pk for agent in agents_of(appointment)}

    def check(locked: SchedulingRequest) -> None:
        is_due(locked.status, Act.RESCHEDULE)
        standing = find_appointment(locked)
        if standing is None or standing.pk != appointment.pk:
            raise RequestClosed(locked.status)
        if standing.sequence != appointment.sequence:
            raise MovedMeanwhile

    def prepare(chosen: Sequence[Chosen]) -> Callable[[], Appointment]:
        return partial(_write_move, request, chosen, attempt, appointment, actor)

    asked = who_may_take_moved(request, list_asked(request), holders)
    attempt = Attempt(
        request, asked, starts_at, zone, now, without=appointment, keep=holders, overrides_rules=overrides_rules
    )
    return settle(attempt, check=check, prepare=prepare)


class MovedMeanwhile(Exception):
    """Somebody else moved the appointment at the same moment; look at it again before moving it."""


def _write_move(
    request: SchedulingRequest, chosen: Sequence[Chosen], attempt: Attempt, appointment: Appointment, actor: str
) -> Appointment:
    before = appointment.starts_at
    Reservation.objects.filter(appointment=appointment, released_at=None).update(released_at=attempt.now)
    appointment.starts_at, appointment.ends_at = attempt.starts_at, attempt.ends_at
    appointment.zone, appointment.wall_start = attempt.zone, read_clock(attempt.starts_at, attempt.zone)
    appointment.clock_changed_at = None
    appointment.sequence += 1
    appointment.meeting_url = changed_meeting_url(appointment, attempt.agents(chosen))
    reserve(appointment, chosen)
    appointment.save(
        update_fields=["starts_at", "ends_at", "zone", "wall_start", "clock_changed_at", "sequence", "meeting_url"]
    )
    record(
        account=request.account,
        kind="appointment.rescheduled",
        subject=request.public_id,
        actor=actor,
        now=attempt.now,
        data={
            "appointment": appointment.public_id,
            "from": before.isoformat(),
            "starts_at": appointment.starts_at.isoformat(),
            "zone": attempt.zone,
        },
    )
    return appointment


def cancel_appointment(
    *,
    request: SchedulingRequest,
    actor: str,
    reason: str,
    now: datetime,
    check: Callable[[Appointment], None] | None = None,
) -> None:
    """
    Call a booked appointment off and give the agents' time back at once.

    check   gets the standing appointment, locked, and raises what speaks against it
    Cancelling twice changes nothing. Raises RequestClosed when there is no appointment to cancel.
    """
    with transaction.atomic(durable=True):
        locked = lock_request(request)
        if not is_due(locked.status, Act.CANCEL_APPOINTMENT):
            return
        appointment = find_appointment(locked)
        if appointment is None:
            raise RequestClosed(locked.status)
        if check is not None:
            check(appointment)
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
