"""A request before it is written down: whom it asks, by which rules, and what is different for this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import pgettext

from slotdesk.availability.terms import Limits
from slotdesk.domain.booking.asked import is_bookable
from slotdesk.domain.booking.guests import put_guests
from slotdesk.domain.booking.models import RequestResource, SchedulingRequest
from slotdesk.domain.catalog.classic import workflow_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.terms import freeze_terms
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account
from slotdesk.ports.psa import Ticket

MOST_RESOURCES = 4


@dataclass(frozen=True, slots=True)
class Client:
    """The person who is to book. contact_id: theirs in the PSA, empty for somebody whom the PSA need not know."""

    name: str
    email: str
    phone: str = ""
    company: str = ""
    contact_id: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """
    What is different for one request.

    duration    None = the type's
    limits      dates and times of day at which it may start: a first date takes the place of the type's notice, a last
                one that of its window
    guests      e-mail addresses of others who are to be told
    is_silent   the client and the guests are sent no e-mail, as with a silent type
    language    to write to the client in until they choose one, "" = the account's
    """

    duration: timedelta | None = None
    limits: Limits | None = None
    guests: Sequence[str] = ()
    is_silent: bool = False
    language: str = ""


AS_THE_TYPE_SAYS = Options()


class NobodyToAsk(Exception):
    """None of the people asked for can be booked."""


class TooMany(Exception):
    """More resources were named than one appointment may have."""


class NotWithThisType(Exception):
    """The type is for other people and teams; `name` says who is not among them."""

    def __init__(self, name: str) -> None:
        super().__init__(
            pgettext("staff", "%(name)s is not among those whom this appointment type may ask.") % {"name": name}
        )
        self.name = name


def draft_request(
    *,
    account: Account,
    psa: Connection | None,
    ticket: Ticket | None,
    appointment_type: AppointmentType,
    resources: Sequence[Agent | Team],
    origin: SchedulingRequest.Origin,
    client: Client,
    actor: str,
    now: datetime,
    options: Options = AS_THE_TYPE_SAYS,
) -> SchedulingRequest:
    """
    Return a request, not stored, with the type's terms and workflow as they are now.

    Raises NobodyToAsk, TooMany, NotWithThisType, BadTerms.
    """
    if len(resources) > MOST_RESOURCES:
        raise TooMany(MOST_RESOURCES)
    if not resources or not all(_can_be_asked(resource) for resource in resources):
        raise NobodyToAsk
    for resource in resources:
        if not is_for(appointment_type, resource):
            raise NotWithThisType(str(resource))
    return SchedulingRequest(
        account=account,
        appointment_type=appointment_type,
        origin=origin,
        internal_name=appointment_type.internal_name,
        external_name=appointment_type.client_name,
        description=appointment_type.description,
        place=appointment_type.place,
        phone_rule=appointment_type.phone_rule,
        is_silent=appointment_type.is_silent or options.is_silent,
        terms=_terms(appointment_type, options),
        workflow=workflow_of(appointment_type).model_dump(mode="json"),
        client_name=client.name,
        client_email=client.email,
        client_phone=client.phone,
        company_name=client.company,
        language=options.language,
        contact_id=client.contact_id,
        connection=psa,
        created_by=actor,
        created_at=now,
        **(_limit_fields(options.limits) if options.limits else {}),
        **(_ticket_fields(ticket) if ticket else {}),
    )


def save_request(
    request: SchedulingRequest, resources: Sequence[Agent | Team], *, guests: Sequence[str], actor: str, now: datetime
) -> None:
    """
    Write a drafted request down with whom it asks and its guests, in the caller's transaction.

    Raises TooManyGuests, NotAnAddress.
    """
    request.save(force_insert=True)
    RequestResource.objects.bulk_create(
        RequestResource(
            request=request,
            position=position,
            agent=resource if isinstance(resource, Agent) else None,
            team=resource if isinstance(resource, Team) else None,
        )
        for position, resource in enumerate(resources)
    )
    put_guests(request, guests, added_by=actor, now=now)
    record(
        account=request.account,
        kind="request.created",
        subject=request.public_id,
        actor=actor,
        now=now,
        data={"origin": str(request.origin), "resources": [str(resource) for resource in resources]},
    )


def is_for(appointment_type: AppointmentType, resource: Agent | Team) -> bool:
    """Whether the type may ask this person or team: those that it names, or everybody where it names none."""
    named = list(appointment_type.resources.all())
    if not named:
        return True
    if isinstance(resource, Agent):
        return any(each.agent_id == resource.pk for each in named)
    return any(each.team_id == resource.pk for each in named)


def _can_be_asked(resource: Agent | Team) -> bool:
    return is_bookable(resource) if isinstance(resource, Agent) else resource.is_active


def _terms(appointment_type: AppointmentType, options: Options) -> dict[str, Any]:
    terms = freeze_terms(appointment_type, duration=options.duration)
    if options.limits is not None and options.limits.earliest_date is not None:
        terms["notice_amount"] = 0
    if options.limits is not None and options.limits.latest_date is not None:
        terms["window_amount"] = 0
    return terms


def _limit_fields(limits: Limits) -> dict[str, Any]:
    return {
        "limits_zone": limits.zone,
        "earliest_date": limits.earliest_date,
        "latest_date": limits.latest_date,
        "earliest_time": limits.earliest_time,
        "latest_time": limits.latest_time,
    }


def _ticket_fields(ticket: Ticket) -> dict[str, str]:
    return {
        "ticket_kind": ticket.ref.kind,
        "ticket_id": ticket.ref.id,
        "ticket_number": ticket.number,
        "ticket_summary": ticket.summary[:255],
        "ticket_url": ticket.url,
        "company_id": ticket.company.id if ticket.company else "",
    }
