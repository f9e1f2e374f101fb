"""Writing a booking down, while everybody else who wants these agents waits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from slotdesk.availability.terms import Terms
from slotdesk.domain.booking.choosing import Chosen
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.round_trip import Statement, run_together

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


def insert_booking(
    appointment: Appointment, chosen: Sequence[Chosen], request: SchedulingRequest, terms: Terms, *, event: Statement
) -> None:
    """
    Store a new appointment, take the agents for its time with its own type's buffers, make the request scheduled
    with the client's name, number and language as they are on it, and record the event (events.operations.record_sql).
    The database refuses an agent whose time is taken.
    """
    request.status = SchedulingRequest.Status.SCHEDULED
    values: dict[str, Any] = {
        "public_id": appointment.public_id,
        "account": request.account_id,
        "request": request.pk,
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
        "status": request.status,
        "client_name": request.client_name,
        "client_phone": request.client_phone,
        "language": request.language,
    }
    written, _ = run_together((_WRITE, values), event)
    ((appointment.pk,),) = written
    appointment._state.adding = False  # noqa: SLF001 — documented for everybody's use
