"""Writing a booking down, while everybody else who wants these agents waits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slotdesk.availability.terms import Terms
from slotdesk.domain.booking.choosing import Chosen
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.round_trip import Message, Statement, compose, send

# By hand, and in one go: the appointment, the agents' time, and what the request has become.
_WRITE = """
    WITH appointment AS (
        INSERT INTO booking_appointment (public_id, account_id, request_id, starts_at, ends_at, zone, wall_start,
                                         key, note, answers, meeting_url, sequence, booked_at)
        VALUES (%(public_id)s, %(account)s, %(request)s, %(starts_at)s, %(ends_at)s, %(zone)s,
                %(wall_start)s, %(key)s, %(note)s, %(answers)s, %(meeting_url)s, %(sequence)s, %(now)s)
        RETURNING id
    ), reservation AS (
        INSERT INTO booking_reservation (account_id, appointment_id, agent_id, team_id, during, buffer_before,
                                         buffer_after)
        SELECT %(account)s, appointment.id, agent_id, team_id, tstzrange(%(starts_at)s, %(ends_at)s),
               %(buffer_before)s, %(buffer_after)s
          FROM appointment, unnest(%(agents)s::bigint[], %(teams)s::bigint[]) AS chosen (agent_id, team_id)
    ), request AS (
        UPDATE booking_schedulingrequest
           SET status = %(status)s, client_name = %(client_name)s, client_phone = %(client_phone)s,
               language = %(language)s, updated_at = %(now)s
         WHERE id = %(request)s
    )
    SELECT id FROM appointment
"""


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What the request says of its client once it is booked; language: "" = nobody knows."""

    name: str
    phone: str
    language: str


@dataclass(frozen=True, slots=True)
class Booking:
    """A new appointment that is ready to be stored: the message to the database is made."""

    appointment: Appointment
    client: ClientFacts
    message: Message

    def store(self) -> None:
        """
        Store the appointment, take the agents for its time, make the request scheduled and record the event.

        The database refuses an agent whose time is taken.
        """
        written, _ = send(self.message)
        ((self.appointment.pk,),) = written
        self.appointment._state.adding = False  # noqa: SLF001 — documented for everybody's use
        request = self.appointment.request
        request.status = SchedulingRequest.Status.SCHEDULED
        request.client_name, request.client_phone = self.client.name, self.client.phone
        request.language = self.client.language


def compose_booking(
    appointment: Appointment, chosen: Sequence[Chosen], client: ClientFacts, terms: Terms, *, event: Statement
) -> Booking:
    """
    Return what stores a new appointment of a stored request, with these agents and its own type's buffers.

    client   as the request has them from then on; event: from events.operations.record_sql
    """
    values: dict[str, Any] = {
        "public_id": appointment.public_id,
        "account": appointment.account.pk,
        "request": appointment.request.pk,
        "starts_at": appointment.starts_at,
        "ends_at": appointment.ends_at,
        "zone": appointment.zone,
        "wall_start": appointment.wall_start,
        "key": appointment.key,
        "note": appointment.note,
        "answers": json.dumps(appointment.answers),
        "meeting_url": appointment.meeting_url,
        "sequence": appointment.sequence,
        "now": appointment.booked_at,
        "buffer_before": terms.buffer_before,
        "buffer_after": terms.buffer_after,
        "agents": [each.agent_id for each in chosen],
        "teams": [each.team.pk if each.team else None for each in chosen],
        "status": SchedulingRequest.Status.SCHEDULED,
        "client_name": client.name,
        "client_phone": client.phone,
        "language": client.language,
    }
    return Booking(appointment, client, compose((_WRITE, values), event))
