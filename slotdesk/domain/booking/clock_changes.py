"""When a zone's rules change after a booking: the instant stays, staff are told, and they say what holds."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from slotdesk.domain.booking.clocks import find_clock_change, read_clock
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import MovedMeanwhile
from slotdesk.domain.booking.queries import RequestClosed, find_appointment, lock_request
from slotdesk.domain.booking.states import Act, is_due
from slotdesk.domain.events.operations import record
from slotdesk.domain.tenants.models import Account


def mark_clock_changes(*, account: Account, now: datetime) -> None:
    """
    Mark the active account's appointments to come that are read otherwise than agreed, and record each once.

    Nothing is moved. Where the rules were changed back the mark goes, without a word: the client's time is right again.
    """
    coming = Appointment.objects.filter(account=account, cancellation=None, starts_at__gt=now)
    rows = coming.select_related("request__account").order_by("id")
    for appointment in [each for each in rows.iterator(chunk_size=500) if _is_to_be_marked(each, now) is not None]:
        with transaction.atomic(durable=True):
            _mark(lock_request(appointment.request), now)


def _is_to_be_marked(appointment: Appointment, now: datetime) -> bool | None:
    """None where the mark is right as it is."""
    is_changed = find_clock_change(appointment, now=now) is not None
    return None if is_changed is (appointment.clock_changed_at is not None) else is_changed


def _mark(request: SchedulingRequest, now: datetime) -> None:
    # It may have been moved or called off since it was looked at.
    appointment = find_appointment(request)
    if appointment is None or (is_changed := _is_to_be_marked(appointment, now)) is None:
        return
    appointment.clock_changed_at = now if is_changed else None
    appointment.save(update_fields=["clock_changed_at"])
    if is_changed:
        record(
            account=request.account,
            kind="appointment.clock_changed",
            subject=request.public_id,
            now=now,
            data=_facts(appointment) | {"agreed": appointment.wall_start, "reads": _reading_of(appointment)},
        )


def confirm_time(*, request: SchedulingRequest, reads: str, actor: str, now: datetime) -> None:
    """
    Say that the appointment is at the time that the client's clock shows by the new rules; its instant stays.

    reads   that time, as whoever says so saw it. With another one, it was moved or the rules changed meanwhile.
    Confirming twice changes nothing. Raises RequestClosed, MovedMeanwhile.
    """
    with transaction.atomic(durable=True):
        locked = lock_request(request)
        is_due(locked.status, Act.CONFIRM_TIME)
        appointment = find_appointment(locked)
        if appointment is None:
            raise RequestClosed(locked.status)
        if _reading_of(appointment) != reads:
            raise MovedMeanwhile
        if appointment.wall_start == reads:
            return
        before, appointment.wall_start, appointment.clock_changed_at = appointment.wall_start, reads, None
        appointment.save(update_fields=["wall_start", "clock_changed_at"])
        record(
            account=locked.account,
            kind="appointment.time_confirmed",
            subject=locked.public_id,
            actor=actor,
            now=now,
            data=_facts(appointment),
            changes={"wall_start": (before, reads)},
        )


def _reading_of(appointment: Appointment) -> str:
    return read_clock(appointment.starts_at, appointment.zone)


def _facts(appointment: Appointment) -> dict[str, str]:
    return {
        "appointment": appointment.public_id,
        "starts_at": appointment.starts_at.isoformat(),
        "zone": appointment.zone,
    }
