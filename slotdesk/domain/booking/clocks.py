"""What clients read on their clocks, kept beside the instants, so that a zone's new rules are noticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from slotdesk.availability.wall_clock import get_zone
from slotdesk.domain.booking.models import Appointment


@dataclass(frozen=True, slots=True)
class ClockChange:
    """
    A standing appointment whose start is read otherwise than when its time was agreed.

    agreed, reads   as in Appointment.wall_start: what the client read, and what their clock will show
    """

    zone: str
    agreed: str
    reads: str


def read_clock(moment: datetime, zone: str) -> str:
    """
    Return what the zone's clock shows at the moment, such as "2027-05-03T11:00", by the rules of this process.

    PostgreSQL has rules of its own, which may be of another year: it is never asked.
    """
    return f"{moment.astimezone(get_zone(zone)):%Y-%m-%dT%H:%M}"


def find_clock_change(appointment: Appointment, *, now: datetime) -> ClockChange | None:
    """Return how the appointment's start is read otherwise than agreed; None where it is not, or is over."""
    reads = read_clock(appointment.starts_at, appointment.zone)
    if reads == appointment.wall_start or appointment.starts_at <= now:
        return None
    return ClockChange(appointment.zone, appointment.wall_start, reads)
