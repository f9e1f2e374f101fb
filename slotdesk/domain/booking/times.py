"""Asking the engine: which times a request could be given."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from slotdesk.availability import values
from slotdesk.availability.limits import are_past
from slotdesk.availability.question import Question, Resource, Rule
from slotdesk.availability.slots import list_slots
from slotdesk.availability.terms import Limits, Terms
from slotdesk.availability.values import Slot
from slotdesk.domain.booking.asked import Asked, agents_in, list_asked, who_may_take_moved
from slotdesk.domain.booking.inputs import add_appointments, load_agents, load_agents_lately
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import agents_of
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.connections.busy_mirror import HORIZON
from slotdesk.domain.connections.models import Calendar

# Buffers, and hours of neighbouring dates, reach over the edges of what is asked.
_MARGIN = timedelta(days=1)
# Whatever a type's window says: beyond it no calendar is read.
LOOKS_AHEAD = HORIZON - timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Times:
    """
    What a request can be offered in a period.

    slots       earliest first
    is_unknown  a calendar that must be checked cannot be read, so that more times may exist than are shown
    """

    slots: Sequence[Slot]
    is_unknown: bool


def list_times(
    request: SchedulingRequest,
    *,
    starts_at: datetime,
    ends_at: datetime,
    client_zone: str,
    now: datetime,
    without: Appointment | None = None,
) -> Times:
    """
    Return the times that the request can be offered in the period (UTC); the page groups them by day.

    without   the appointment that is to be moved: its own time and buffers count as free, and whoever may take it then
              is said by the terms
    """
    asked = list_asked(request)
    if without is not None:
        asked = who_may_take_moved(request, asked, {agent.pk for agent in agents_of(without)})
    return list_times_of(
        request, asked, starts_at=starts_at, ends_at=ends_at, client_zone=client_zone, now=now, without=without
    )


def list_times_of(
    request: SchedulingRequest,
    asked: Sequence[Asked],
    *,
    starts_at: datetime,
    ends_at: datetime,
    client_zone: str,
    now: datetime,
    without: Appointment | None = None,
    is_lately: bool = False,
) -> Times:
    """
    The same for resources that were read already; the request need not be written down.

    is_lately   calendars and hours may be some seconds old, see inputs.py; our own appointments never are
    """
    ends_at = min(ends_at, now + LOOKS_AHEAD)
    if ends_at <= starts_at or not agents_in(asked):
        return Times([], is_unknown=False)
    terms = FrozenTerms.model_validate(request.terms).for_engine()
    period = reach_of(terms, starts_at, ends_at)
    load = load_agents_lately if is_lately else load_agents
    agents = load(agents_in(asked), *period, now=now)
    question = build_question(
        request,
        asked=asked,
        starts_at=starts_at,
        ends_at=ends_at,
        client_zone=client_zone,
        now=now,
        agents=add_appointments(agents, *period, appointment_type_id=request.appointment_type_id, without=without),
    )
    unknown = any(not agent.is_readable for resource in question.resources for agent in resource.agents)
    return Times(list_slots(question), is_unknown=unknown)


def reach_of(terms: Terms, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """The period that must be looked at to answer for this one: a start at its edge has an end, and buffers."""
    reach = terms.duration + terms.buffer_before + terms.buffer_after + _MARGIN
    return starts_at - reach, ends_at + reach


def build_question(
    request: SchedulingRequest,
    *,
    asked: Sequence[Asked],
    starts_at: datetime,
    ends_at: datetime,
    client_zone: str,
    now: datetime,
    agents: Mapping[int, values.Agent],
) -> Question:
    """
    Return what to ask the engine for these resources' free times in the period. client_zone: IANA.

    agents   with everything that takes their time in the period's reach, see inputs.py
    """
    return Question(
        now=int(now.timestamp()),
        window_start=int(starts_at.timestamp()),
        window_end=int(ends_at.timestamp()),
        client_zone=client_zone,
        terms=FrozenTerms.model_validate(request.terms).for_engine(),
        limits=_limits(request),
        resources=tuple(
            Resource(
                agents=tuple(agents[agent.pk] for agent in each.agents),
                # An agent who cannot be booked any more leaves a place that nobody fills, like an empty team.
                is_team=each.team is not None or not each.agents,
                rule=Rule(each.team.rule) if each.team else Rule.MAXIMUM_AVAILABILITY,
            )
            for each in asked
        ),
    )


def is_past(request: SchedulingRequest, *, now: datetime) -> bool:
    """Whether the last day on which the request could be given a time is over, by its own limits."""
    limits = _limits(request)
    return limits is not None and are_past(limits, int(now.timestamp()))


def _limits(request: SchedulingRequest) -> Limits | None:
    bounds = (request.earliest_date, request.latest_date, request.earliest_time, request.latest_time)
    if not any(bound is not None for bound in bounds):
        return None
    return Limits(request.limits_zone or request.account.zone, *bounds)


def list_blocking_calendars(agent_ids: Collection[int]) -> QuerySet[Calendar]:
    """The calendars that take these agents' time."""
    return Calendar.objects.filter(agent__in=agent_ids, is_blocking=True).select_related("connection__account")
