"""Inviting and booking: everything transactional, each operation one transaction, network before it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, OperationalError, transaction
from psycopg.errors import ExclusionViolation, LockNotAvailable

from slotdesk.availability.assignment import choose_agents
from slotdesk.availability.explain import Explanation, Reason, explain_slot
from slotdesk.domain.booking.models import (
    Appointment,
    Cancellation,
    RequestResource,
    Reservation,
    SchedulingRequest,
)
from slotdesk.domain.booking.queries import (
    OPEN,
    RequestClosed,
    build_question,
    find_appointment,
    find_appointment_by_key,
    list_agents_of,
    list_blocking_calendars,
)
from slotdesk.domain.catalog.classic import compile_workflow
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.terms import FrozenTerms, freeze_terms
from slotdesk.domain.connections.busy_mirror import refresh_busy
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.queries import read_ticket
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.operations import lock_agents
from slotdesk.domain.tenants.models import Account
from slotdesk.ports.psa import Ticket, TicketRef


@dataclass(frozen=True, slots=True)
class Client:
    """The person who is to book."""

    name: str
    email: str
    phone: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the client says while booking. zone: the clock they looked at (IANA)."""

    zone: str
    name: str
    phone: str = ""
    note: str = ""


class NobodyToAsk(Exception):
    """None of the people asked for can be booked."""


class NoAddress(Exception):
    """The client cannot be written to: there is no e-mail address."""


class TicketClosed(Exception):
    """The ticket is closed; reopen it before asking the client to schedule."""


class SlotTaken(Exception):
    """Somebody else has just taken this time."""


class SlotNotOffered(Exception):
    """This time was never offered, or is not any more; `explanation` says why."""

    def __init__(self, explanation: Explanation) -> None:
        super().__init__("This time is not offered.")
        self.explanation = explanation


class AvailabilityUnknown(Exception):
    """A calendar that must be checked cannot be read, so nobody can say whether the time is free."""


def invite_from_ticket(
    *,
    psa: Connection,
    ticket: TicketRef,
    appointment_type: AppointmentType,
    agents: Sequence[Agent],
    origin: SchedulingRequest.Origin,
    actor: str,
    now: datetime,
    client: Client | None = None,
    duration: timedelta | None = None,
) -> SchedulingRequest:
    """
    Ask the ticket's contact, or the client given instead, to book a time with these agents.

    The ticket is read with the account's own keys first; what a page says about it is not believed. With origin PANEL
    the client is sent an invitation. Raises TicketClosed, NobodyToAsk, NoAddress, BadTerms, ports.errors.PortError.
    """
    read = read_ticket(psa, ticket)
    if read.is_closed:
        raise TicketClosed(read.number)
    asked = client or _client_of(read)
    if not asked.email and origin == SchedulingRequest.Origin.PANEL:
        raise NoAddress(read.number)
    return create_request(
        account=psa.account,
        psa=psa,
        ticket=read,
        appointment_type=appointment_type,
        agents=agents,
        origin=origin,
        client=asked,
        actor=actor,
        now=now,
        duration=duration,
    )


def _client_of(ticket: Ticket) -> Client:
    contact = ticket.contact
    company = ticket.company.name if ticket.company else ""
    if contact is None:
        return Client(name="", email="", company=company)
    return Client(name=contact.name, email=contact.email, phone=contact.phone, company=company)


def create_request(
    *,
    account: Account,
    psa: Connection | None,
    ticket: Ticket | None,
    appointment_type: AppointmentType,
    agents: Sequence[Agent],
    origin: SchedulingRequest.Origin,
    client: Client,
    actor: str,
    now: datetime,
    duration: timedelta | None = None,
) -> SchedulingRequest:
    """Write down a request with its terms and workflow as they are now. Raises NobodyToAsk, BadTerms."""
    if not agents or not all(agent.is_active and agent.is_schedulable for agent in agents):
        raise NobodyToAsk
    with transaction.atomic(durable=True):
        request = SchedulingRequest.objects.create(
            account=account,
            appointment_type=appointment_type,
            origin=origin,
            internal_name=appointment_type.internal_name,
            external_name=appointment_type.client_name,
            description=appointment_type.description,
            place=appointment_type.place,
            phone_rule=appointment_type.phone_rule,
            is_silent=appointment_type.is_silent,
            terms=freeze_terms(appointment_type, duration=duration),
            workflow=compile_workflow(appointment_type).model_dump(mode="json"),
            client_name=client.name,
            client_email=client.email,
            client_phone=client.phone,
            company_name=client.company,
            connection=psa,
            created_by=actor,
            created_at=now,
            **(_ticket_fields(ticket) if ticket else {}),
        )
        RequestResource.objects.bulk_create(
            RequestResource(request=request, position=position, agent=agent) for position, agent in enumerate(agents)
        )
        record(
            account=account,
            kind="request.created",
            subject=request.public_id,
            actor=actor,
            now=now,
            data={"origin": origin.value, "agents": [agent.name for agent in agents]},
        )
    return request


def _ticket_fields(ticket: Ticket) -> dict[str, str]:
    return {
        "ticket_kind": ticket.ref.kind,
        "ticket_id": ticket.ref.id,
        "ticket_number": ticket.number,
        "ticket_summary": ticket.summary[:255],
        "ticket_url": ticket.url,
        "company_id": ticket.company.id if ticket.company else "",
        "contact_id": ticket.contact.id if ticket.contact else "",
    }


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
    agents = list_agents_of(request)
    unread = _refresh(request, agents, starts_at, now)
    try:
        with transaction.atomic(durable=True):
            return _book(request, agents, starts_at, answers, key, now, unread)
    except IntegrityError as error:
        if isinstance(error.__cause__, ExclusionViolation):
            raise SlotTaken from error
        raise
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise SlotTaken from error
        raise


def _refresh(request: SchedulingRequest, agents: Sequence[Agent], starts_at: datetime, now: datetime) -> set[int]:
    reach = FrozenTerms.model_validate(request.terms).for_engine()
    return refresh_busy(
        calendars=list_blocking_calendars(agents),
        starts_at=starts_at - reach.buffer_before - timedelta(hours=1),
        ends_at=starts_at + reach.duration + reach.buffer_after + timedelta(hours=1),
        now=now,
    )


def _book(
    request: SchedulingRequest,
    agents: Sequence[Agent],
    starts_at: datetime,
    answers: Answers,
    key: str,
    now: datetime,
    unread: Collection[int],
) -> Appointment:
    locked = _lock_request(request)
    if locked.status not in OPEN:
        earlier = find_appointment_by_key(locked, key)
        if earlier is None:
            raise RequestClosed(locked.status)
        return earlier  # an equal form that was sent at the same moment came first
    taken = lock_agents(agents)
    terms = FrozenTerms.model_validate(locked.terms).for_engine()
    ends_at = starts_at + terms.duration
    question = build_question(
        locked,
        agents=[taken[agent.pk] for agent in agents],
        starts_at=starts_at,
        ends_at=ends_at,
        client_zone=answers.zone,
        now=now,
        unread=unread,
    )
    explanation = explain_slot(question, int(starts_at.timestamp()))
    if not explanation.is_offered:
        raise _refusal(explanation)
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
            during=(starts_at, ends_at),
            buffer_before=terms.buffer_before,
            buffer_after=terms.buffer_after,
        )
        for agent_id in choose_agents(question.resources, explanation.agent_ids, standings={})
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


def _lock_request(request: SchedulingRequest) -> SchedulingRequest:
    return (
        SchedulingRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account")
        .get(pk=request.pk)
    )


def cancel_request(*, request: SchedulingRequest, actor: str, now: datetime) -> None:
    """
    Take an unbooked request back: its link books nothing any more and the client is not written to.

    Cancelling what is cancelled changes nothing. Raises RequestClosed for a booked or closed one.
    """
    with transaction.atomic(durable=True):
        locked = _lock_request(request)
        if locked.status == SchedulingRequest.Status.CANCELLED:
            return
        if locked.status not in OPEN:
            raise RequestClosed(locked.status)
        locked.status = SchedulingRequest.Status.CANCELLED
        locked.save(update_fields=["status", "updated_at"])
        record(account=locked.account, kind="request.cancelled", subject=locked.public_id, actor=actor, now=now)


def cancel_appointment(*, request: SchedulingRequest, actor: str, reason: str, now: datetime) -> None:
    """
    Call a booked appointment off and give the agents' time back at once.

    Cancelling twice changes nothing. Raises RequestClosed when there is no appointment to cancel.
    """
    with transaction.atomic(durable=True):
        locked = _lock_request(request)
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


@transaction.atomic(durable=True)
def mark_sent(*, request_pk: int) -> None:
    """The client has been written to: a new request is a sent one; any other status stays."""
    SchedulingRequest.objects.filter(pk=request_pk, status=SchedulingRequest.Status.NEW).update(
        status=SchedulingRequest.Status.SENT
    )
