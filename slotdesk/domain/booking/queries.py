"""Reading requests and appointments, and asking which times a request could be given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from slotdesk.availability.question import Question, Resource, Rule
from slotdesk.availability.slots import list_slots
from slotdesk.availability.terms import Limits
from slotdesk.availability.values import Slot
from slotdesk.domain.booking.inputs import load_agents
from slotdesk.domain.booking.models import Appointment, RequestResource, Reservation, SchedulingRequest
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.connections.busy_mirror import HORIZON
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.people.models import Agent, Team, TeamMember
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


@dataclass(frozen=True, slots=True)
class Asked:
    """
    One resource of a request.

    agents   who could take it: the agent asked for by name, or the team's members; empty when nobody can any more
    places   the members' places in the team, in the order of the agents
    """

    agents: tuple[Agent, ...]
    team: Team | None = None
    places: tuple[TeamMember, ...] = ()


def is_bookable(agent: Agent) -> bool:
    """Whether anybody may be offered this agent's time; without a zone nobody knows when their day begins."""
    return agent.is_active and agent.is_schedulable and bool(agent.zone)


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
    requests = SchedulingRequest.objects.select_related("appointment_type").prefetch_related(_resources())
    if not may(member.role, Permission.REQUESTS_VIEW_ALL):
        if not may(member.role, Permission.REQUESTS_VIEW_OWN):
            return requests.none()
        theirs = Q(resources__agent__membership=member) | Q(resources__team__members__agent__membership=member)
        requests = requests.filter(theirs).distinct()
    return requests.order_by("-created_at", "-id")


def _resources() -> Prefetch[Any]:
    return Prefetch("resources", RequestResource.objects.select_related("agent", "team").order_by("position"))


def list_requests_of_ticket(*, connection_id: int, ticket_kind: str, ticket_id: str) -> QuerySet[SchedulingRequest]:
    """A ticket's requests, newest first."""
    return (
        SchedulingRequest.objects.filter(connection=connection_id, ticket_kind=ticket_kind, ticket_id=ticket_id)
        .prefetch_related(_resources())
        .order_by("-created_at", "-id")
    )


def lock_request(request: SchedulingRequest) -> SchedulingRequest:
    """Return the request as it is now, and keep others from changing it until the transaction ends."""
    return (
        SchedulingRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account")
        .get(pk=request.pk)
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


def list_asked(request: SchedulingRequest) -> list[Asked]:
    """The request's resources, in order, with those who can be booked now."""
    resources = list(
        RequestResource.objects.filter(request=request).select_related("agent", "team").order_by("position")
    )
    team_ids = [item.team_id for item in resources if item.team_id]
    members: dict[int, list[TeamMember]] = defaultdict(list)
    if team_ids:
        places = TeamMember.objects.filter(team__in=team_ids, team__is_active=True).select_related("agent")
        for place in places.order_by("agent_id"):
            members[place.team_id].append(place)
    asked = []
    for item in resources:
        if item.agent is not None:
            asked.append(Asked((item.agent,) if is_bookable(item.agent) else ()))
        elif item.team is not None:
            places_ = [place for place in members[item.team.pk] if not place.is_paused and is_bookable(place.agent)]
            asked.append(Asked(tuple(place.agent for place in places_), item.team, tuple(places_)))
    return asked


def list_agents_of(request: SchedulingRequest) -> list[Agent]:
    """Everybody who could take the request's appointment, nobody twice."""
    return agents_in(list_asked(request))


def agents_in(asked: Iterable[Asked]) -> list[Agent]:
    return list({agent.pk: agent for each in asked for agent in each.agents}.values())


def list_blocking_calendars(agent_ids: Collection[int]) -> QuerySet[Calendar]:
    """The calendars that take these agents' time."""
    return Calendar.objects.filter(agent__in=agent_ids, is_blocking=True).select_related("connection__account")


def build_question(
    request: SchedulingRequest,
    *,
    asked: Sequence[Asked],
    starts_at: datetime,
    ends_at: datetime,
    client_zone: str,
    now: datetime,
    unread: Collection[int] = (),
    without: Appointment | None = None,
    with_details: bool = False,
) -> Question:
    """Return what to ask the engine for these resources' free times in the period. client_zone: IANA."""
    terms = FrozenTerms.model_validate(request.terms).for_engine()
    # A start at the edge of the period needs its end and its buffers looked at as well.
    reach = terms.duration + terms.buffer_before + terms.buffer_after
    loaded = load_agents(
        agents_in(asked),
        starts_at=starts_at - reach,
        ends_at=ends_at + reach,
        appointment_type_id=request.appointment_type_id,
        now=now,
        unread=unread,
        without=without,
        with_details=with_details,
    )
    return Question(
        now=int(now.timestamp()),
        window_start=int(starts_at.timestamp()),
        window_end=int(ends_at.timestamp()),
        client_zone=client_zone,
        terms=terms,
        limits=_limits(request),
        resources=tuple(
            Resource(
                agents=tuple(loaded[agent.pk] for agent in each.agents),
                # An agent who cannot be booked any more leaves a place that nobody fills, like an empty team.
                is_team=each.team is not None or not each.agents,
                rule=Rule(each.team.rule) if each.team else Rule.MAXIMUM_AVAILABILITY,
            )
            for each in asked
        ),
    )


def _limits(request: SchedulingRequest) -> Limits | None:
    bounds = (request.earliest_date, request.latest_date, request.earliest_time, request.latest_time)
    if not any(bound is not None for bound in bounds):
        return None
    return Limits(request.limits_zone or request.account.zone, *bounds)


def list_times(
    request: SchedulingRequest, *, starts_at: datetime, ends_at: datetime, client_zone: str, now: datetime
) -> Times:
    """Return the times that the request can be offered in the period (UTC); the page groups them by day."""
    ends_at = min(ends_at, now + HORIZON - timedelta(days=2))
    if ends_at <= starts_at:
        return Times([], is_unknown=False)
    asked = list_asked(request)
    if not agents_in(asked):
        return Times([], is_unknown=False)
    question = build_question(
        request, asked=asked, starts_at=starts_at, ends_at=ends_at, client_zone=client_zone, now=now
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
