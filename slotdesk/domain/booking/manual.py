"""A time agreed by phone, mail or chat, entered by staff: request and appointment in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slotdesk.domain.booking.asked import asked_of
from slotdesk.domain.booking.at_once import AtOnce, book_at_once, find_booked_at_once
from slotdesk.domain.booking.drafts import AS_THE_TYPE_SAYS, Client, Options, draft_request
from slotdesk.domain.booking.explaining import TimeExplained, explain_time_of
from slotdesk.domain.booking.invitations import TicketClosed, client_of
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answers
from slotdesk.domain.booking.times import Times, list_times_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.queries import read_ticket
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account
from slotdesk.ports.psa import Ticket, TicketRef


@dataclass(frozen=True, slots=True)
class Agreed:
    """
    What was agreed on with the client.

    client    None = the ticket's contact
    zone      the clock that the client's e-mails are written on (IANA)
    note      for everybody who reads the appointment
    """

    appointment_type: AppointmentType
    resources: Sequence[Agent | Team]
    zone: str
    client: Client | None = None
    note: str = ""
    options: Options = AS_THE_TYPE_SAYS


def book_manually(
    *,
    psa: Connection,
    ticket: TicketRef,
    agreed: Agreed,
    starts_at: datetime,
    key: str,
    actor: str,
    now: datetime,
    overrides_rules: bool = False,
) -> Appointment:
    """
    Write down a request with its appointment at this time (UTC), both or neither, and return the appointment.

    key               made by the form; the same form again, also at the same moment, returns the same appointment
    overrides_rules   see Attempt; without it the time must be one that a client would be offered
    What follows is what follows from a client's booking, without an invitation before it. Raises TicketClosed,
    PortError, SlotTaken, SlotNotOffered, AvailabilityUnknown, and what `create_request` raises.
    """
    earlier = find_booked_at_once(psa.account, SchedulingRequest.Origin.MANUAL, key)
    if earlier is not None:
        return earlier
    read = read_ticket(psa, ticket)
    if read.is_closed:
        raise TicketClosed(read.number)
    request = _draft(psa.account, psa, read, agreed, actor, now)
    return book_at_once(
        AtOnce(
            request=request,
            resources=agreed.resources,
            starts_at=starts_at,
            answers=Answers(agreed.zone, request.client_name, phone=request.client_phone, note=agreed.note),
            key=key,
            now=now,
            ticket=read,
            guests=agreed.options.guests,
            actor=actor,
            overrides_rules=overrides_rules,
        )
    )


def list_manual_times(
    *, account: Account, agreed: Agreed, starts_at: datetime, ends_at: datetime, now: datetime
) -> Times:
    """
    Return the times that could be booked without setting a rule aside, in the period (UTC), for a form to propose.

    Raises NobodyToAsk, TooMany, NotWithThisType, BadTerms.
    """
    return list_times_of(
        _draft(account, None, None, agreed, "", now),
        asked_of(agreed.resources),
        starts_at=starts_at,
        ends_at=ends_at,
        client_zone=agreed.zone,
        now=now,
    )


def explain_manual_time(*, account: Account, agreed: Agreed, starts_at: datetime, now: datetime) -> TimeExplained:
    """Say which rules speak against this time (UTC), person by person. Raises what `list_manual_times` raises."""
    draft = _draft(account, None, None, agreed, "", now)
    return explain_time_of(draft, asked_of(agreed.resources), starts_at=starts_at, client_zone=agreed.zone, now=now)


def _draft(
    account: Account, psa: Connection | None, ticket: Ticket | None, agreed: Agreed, actor: str, now: datetime
) -> SchedulingRequest:
    contact = client_of(ticket) if ticket else Client("", "")
    return draft_request(
        account=account,
        psa=psa,
        ticket=ticket,
        appointment_type=agreed.appointment_type,
        resources=agreed.resources,
        origin=SchedulingRequest.Origin.MANUAL,
        client=agreed.client or contact,
        actor=actor,
        now=now,
        options=agreed.options,
    )
