"""Request and appointment in one step: entered by staff, or booked by a link that makes its request itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import connection

from slotdesk.domain.booking.asked import asked_of
from slotdesk.domain.booking.choosing import Attempt, Chosen, settle
from slotdesk.domain.booking.drafts import save_request
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, prepare_booking
from slotdesk.domain.booking.ticket_changes import watch_ticket
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account
from slotdesk.ports.psa import Ticket

Origin = SchedulingRequest.Origin


@dataclass(frozen=True, slots=True)
class AtOnce:
    """
    What is to be written down.

    request   as drafted, stored nowhere; ticket: its ticket as just read from request.connection
    key       made by the form; the same form again, also at the same moment, returns the same appointment
    actor     who of us enters it; empty = the client books
    overrides_rules   see choosing.Attempt
    check     raises what speaks against a booking, inside the transaction
    """

    request: SchedulingRequest
    resources: Sequence[Agent | Team]
    starts_at: datetime
    answers: Answers
    key: str
    now: datetime
    ticket: Ticket | None = None
    guests: Sequence[str] = ()
    actor: str = ""
    overrides_rules: bool = False
    check: Callable[[], None] | None = None


def book_at_once(wanted: AtOnce) -> Appointment:
    """
    Write the request down with its appointment at this time (UTC), both or neither, and return the appointment.

    Raises SlotTaken, SlotNotOffered, AvailabilityUnknown, TooManyGuests, NotAnAddress.
    """
    request, now = wanted.request, wanted.now

    def check(_request: SchedulingRequest) -> Appointment | None:
        with connection.cursor() as cursor:
            # An equal form waits here until the first one's appointment can be found.
            name = f"{request.origin}:{request.account.pk}:{wanted.key}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        made = find_booked_at_once(request.account, Origin(request.origin), wanted.key)
        if made is None and wanted.check is not None:
            wanted.check()
        return made

    def write(chosen: Sequence[Chosen]) -> Appointment:
        if request.connection is not None and wanted.ticket is not None:
            watch_ticket(connection=request.connection, ticket=wanted.ticket, now=now)
        save_request(request, wanted.resources, guests=wanted.guests, actor=wanted.actor or _client(request), now=now)
        booking = prepare_booking(request, chosen, attempt, wanted.answers, wanted.key, actor=wanted.actor)
        booking.store()
        return booking.appointment

    def prepare(chosen: Sequence[Chosen]) -> Callable[[], Appointment]:
        return partial(write, chosen)

    attempt = Attempt(
        request,
        asked_of(wanted.resources),
        wanted.starts_at,
        wanted.answers.zone,
        now,
        overrides_rules=wanted.overrides_rules,
    )
    return settle(attempt, check=check, prepare=prepare)


def find_booked_at_once(account: Account, origin: Origin, key: str) -> Appointment | None:
    """What an earlier, equal form has made."""
    made = Appointment.objects.filter(account=account, key=key, request__origin=origin)
    return made.select_related("request").first()


def _client(request: SchedulingRequest) -> str:
    return f"{request.client_name} (client)"
