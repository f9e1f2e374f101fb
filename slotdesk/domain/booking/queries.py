"""Reading requests and appointments, and asking which times a request could be given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery

from slotdesk.availability.question import Question, Resource
from slotdesk.availability.slots import list_slots
from slotdesk.availability.values import Slot
from slotdesk.domain.booking.inputs import load_agents
from slotdesk.domain.booking.models import Appointment, RequestResource, Reservation, SchedulingRequest
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.connections.busy_mirror import HORIZON
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Membership
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.domain.tenants.scope import all_accounts

OPEN = (SchedulingRequest.Status.NEW, SchedulingRequest.Status.SENT)


class RequestClosed(Exception):
    """The request can no longer be booked; `status` says why."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Times:
    """
    What a request can be offered in a period.

    slots       earliest first
    is_unknown  a calendar that must be checked cannot be read, so that more times may exist than are shown
    """

    slots: list[Slot]
    is_unknown: bool


def find_request_by_token(token: str) -> SchedulingRequest | None:
    """Return the request of a client's link, before any account is active."""
    with all_accounts():  # the token is what tells the account
        return (
            SchedulingRequest.objects.select_related("account", "appointment_type", "connection")
            .filter(token=token)
            .first()
        )


def access_request(member: Membership, public_id: str) -> SchedulingRequest:
    """
    Return a request that the member may see: any with view_all, otherwise those that ask for themselves.

    Raises SchedulingRequest.DoesNotExist, also for what is there but not theirs to see.
    """
    return list_requests(member).get(public_id=public_id)


def list_requests(member: Membership) -> QuerySet[SchedulingRequest]:
    """The requests that the member may see, newest first."""
    requests = SchedulingRequest.objects.select_related("appointment_type").prefetch_related(
        Prefetch("resources", RequestResource.objects.select_related("agent").order_by("position"))
    )
    if not may(member.role, Permission.REQUESTS_VIEW_ALL):
        if not may(member.role, Permission.REQUESTS_VIEW_OWN):
            return requests.none()
        requests = requests.filter(resources__agent__membership=member).distinct()
    return requests.order_by("-created_at", "-id")


def list_requests_of_ticket(*, connection_id: int, ticket_kind: str, ticket_id: str) -> QuerySet[SchedulingRequest]:
    """A ticket's requests, newest first."""
    return (
        SchedulingRequest.objects.filter(connection=connection_id, ticket_kind=ticket_kind, ticket_id=ticket_id)
        .prefetch_related(Prefetch("resources", RequestResource.objects.select_related("agent").order_by("position")))
        .order_by("-created_at", "-id")
    )


def find_appointment(request: SchedulingRequest) -> Appointment | None:
    """The request's standing appointment, with who takes it."""
    return (
        Appointment.objects.filter(request=request, cancellation=None)
        .prefetch_related(Prefetch("reservations", Reservation.objects.select_related("agent").order_by("id")))
        .order_by("-id")
        .first()
    )


def find_appointment_by_key(request: SchedulingRequest, key: str) -> Appointment | None:
    """What an earlier, equal booking made; cancelled ones too."""
    return Appointment.objects.filter(request=request, key=key).first()


def list_agents_of(request: SchedulingRequest) -> list[Agent]:
    """The agents whom the request asks for, in order; those who cannot be booked any more are left out."""
    resources = RequestResource.objects.filter(request=request).select_related("agent").order_by("position")
    return [item.agent for item in resources if item.agent.is_active and item.agent.is_schedulable]


def list_blocking_calendars(agents: Collection[Agent]) -> QuerySet[Calendar]:
    """The calendars that take these agents' time."""
    return Calendar.objects.filter(agent__in=agents, is_blocking=True).select_related("connection__account")


def build_question(
    request: SchedulingRequest,
    *,
    agents: Sequence[Agent],
    starts_at: datetime,
    ends_at: datetime,
    client_zone: str,
    now: datetime,
    unread: Collection[int] = (),
    without: Appointment | None = None,
) -> Question:
    """Return what to ask the engine for these agents' free times in the period. client_zone: IANA."""
    terms = FrozenTerms.model_validate(request.terms).for_engine()
    # A start at the edge of the period needs its end and its buffers looked at as well.
    reach = terms.duration + terms.buffer_before + terms.buffer_after
    loaded = load_agents(
        agents,
        starts_at=starts_at - reach,
        ends_at=ends_at + reach,
        appointment_type_id=request.appointment_type_id,
        now=now,
        unread=unread,
        without=without,
    )
    return Question(
        now=int(now.timestamp()),
        window_start=int(starts_at.timestamp()),
        window_end=int(ends_at.timestamp()),
        client_zone=client_zone,
        terms=terms,
        limits=None,
        resources=tuple(Resource(agents=(loaded[agent.pk],)) for agent in agents),
    )


def list_times(
    request: SchedulingRequest, *, starts_at: datetime, ends_at: datetime, client_zone: str, now: datetime
) -> Times:
    """Return the times that the request can be offered in the period (UTC); the page groups them by day."""
    ends_at = min(ends_at, now + HORIZON - timedelta(days=2))
    if ends_at <= starts_at:
        return Times([], is_unknown=False)
    agents = list_agents_of(request)
    if not agents:
        return Times([], is_unknown=False)
    question = build_question(
        request, agents=agents, starts_at=starts_at, ends_at=ends_at, client_zone=client_zone, now=now
    )
    unknown = any(not agent.is_readable for resource in question.resources for agent in resource.agents)
    return Times(list_slots(question), is_unknown=unknown)


def with_booked_time(requests: QuerySet[SchedulingRequest]) -> QuerySet[SchedulingRequest]:
    """Add `booked_for`, the start of the standing appointment or None, to each row."""
    standing = Appointment.objects.filter(request=OuterRef("pk"), cancellation=None).order_by("-id")
    return requests.annotate(booked_for=Subquery(standing.values("starts_at")[:1]))


def count_open_requests(appointment_type_ids: Collection[int]) -> dict[int, int]:
    """How many requests of each type may still be booked, by the terms that they were made with."""
    counted = (
        SchedulingRequest.objects.filter(appointment_type__in=appointment_type_ids, status__in=OPEN)
        .values_list("appointment_type")
        .annotate(count=Count("pk"))
    )
    return dict(counted)
