"""Handing over what is somebody's to somebody else, or to whoever of a team is free, as when a person leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from slotdesk.domain.booking.asked import Asked, is_bookable
from slotdesk.domain.booking.choosing import Attempt, Chosen, reserve, settle
from slotdesk.domain.booking.meeting import changed_meeting_url
from slotdesk.domain.booking.models import Appointment, RequestResource, Reservation, SchedulingRequest
from slotdesk.domain.booking.overriding import at_any_notice
from slotdesk.domain.booking.queries import OPEN, RequestClosed, agents_of, find_appointment, lock_request
from slotdesk.domain.booking.states import Act, is_due
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent, Team


class NotTheirs(Exception):
    """The person does not have the appointment, or is not asked for by name."""


class NobodyElse(Exception):
    """Whoever should take it has it already, or cannot be booked."""


def list_appointments_of(agent: Agent, *, now: datetime) -> QuerySet[SchedulingRequest]:
    """Requests whose standing appointment is ahead and is this person's, in order of time."""
    theirs = Reservation.objects.filter(
        agent=agent, released_at=None, appointment__cancellation=None, appointment__starts_at__gt=now
    )
    requests = SchedulingRequest.objects.filter(appointments__in=theirs.values("appointment"))
    return requests.select_related("account").order_by("appointments__starts_at", "id")


def list_open_requests_of(agent: Agent) -> QuerySet[SchedulingRequest]:
    """Requests that ask for this person by name and are not booked yet, oldest first."""
    asked = SchedulingRequest.objects.filter(resources__agent=agent, status__in=OPEN)
    return asked.select_related("account").order_by("created_at", "id")


def reassign_appointment(
    *, request: SchedulingRequest, leaving: Agent, to: Agent | Team, actor: str, now: datetime
) -> Appointment:
    """
    Give the request's appointment from one person to another, or to whoever of a team is free, at the time it has.

    Working hours, calendars, buffers and the daily maximum of whoever takes it hold; notice and window do not, as the
    client has the time already. Nobody else of the appointment is touched. Until somebody has taken it, it stays where
    it is. Raises NotTheirs, NobodyElse, RequestClosed, SlotTaken, SlotNotOffered, AvailabilityUnknown.
    """
    appointment = find_appointment(request)
    if appointment is None:
        is_due(request.status, Act.REASSIGN_APPOINTMENT)
        raise RequestClosed(request.status)
    holders = {item.agent_id for item in appointment.reservations.all() if item.released_at is None}
    if leaving.pk not in holders:
        raise NotTheirs(leaving.name)
    asked = _asked(to, besides=holders)

    def check(locked: SchedulingRequest) -> None:
        is_due(locked.status, Act.REASSIGN_APPOINTMENT)
        standing = find_appointment(locked)
        if standing is None or standing.pk != appointment.pk or standing.sequence != appointment.sequence:
            raise RequestClosed(locked.status)

    def prepare(chosen: Sequence[Chosen]) -> Callable[[], Appointment]:
        return partial(_write, request, appointment, leaving, to, chosen, actor, now)

    attempt = Attempt(
        at_any_notice(request), [asked], appointment.starts_at, appointment.zone, now, without=appointment
    )
    return settle(attempt, check=check, prepare=prepare)


def reassign_request(
    *, request: SchedulingRequest, leaving: Agent, to: Agent | Team, actor: str, now: datetime
) -> None:
    """
    Have a request that is not booked yet ask for somebody else; the client's link stays the same.

    Raises RequestClosed, NotTheirs, NobodyElse.
    """
    with transaction.atomic(durable=True):
        locked = lock_request(request)
        is_due(locked.status, Act.REASSIGN_REQUEST)
        _asked(to, besides=set(locked.resources.exclude(agent=None).values_list("agent_id", flat=True)))
        if not _replace(locked, leaving, to):
            raise NotTheirs(leaving.name)
        record(
            account=locked.account,
            kind="request.reassigned",
            subject=locked.public_id,
            now=now,
            actor=actor,
            changes={"asked": (leaving.name, str(to))},
        )


def _asked(to: Agent | Team, *, besides: set[int]) -> Asked:
    if isinstance(to, Agent):
        if to.pk in besides or not is_bookable(to):
            raise NobodyElse(to.name)
        return Asked((to,))
    places = to.members.filter(is_paused=False).select_related("agent").order_by("agent_id")
    able = [place for place in places if is_bookable(place.agent) and place.agent_id not in besides]
    if not able or not to.is_active:
        raise NobodyElse(to.internal_name)
    return Asked(tuple(place.agent for place in able), to, tuple(able))


def _write(
    request: SchedulingRequest,
    appointment: Appointment,
    leaving: Agent,
    to: Agent | Team,
    chosen: Sequence[Chosen],
    actor: str,
    now: datetime,
) -> Appointment:
    Reservation.objects.filter(appointment=appointment, agent=leaving, released_at=None).update(released_at=now)
    reserve(appointment, chosen)
    appointment.sequence += 1
    appointment.meeting_url = changed_meeting_url(appointment, agents_of(appointment))
    appointment.save(update_fields=["sequence", "meeting_url"])
    _replace(request, leaving, to)
    taker = Agent.objects.get(pk=chosen[0].agent_id)
    record(
        account=request.account,
        kind="appointment.reassigned",
        subject=request.public_id,
        now=now,
        actor=actor,
        data={
            "appointment": appointment.public_id,
            "starts_at": appointment.starts_at.isoformat(),
            "zone": appointment.zone,
            "former": [leaving.public_id],
        },
        changes={"agent": (leaving.name, taker.name)},
    )
    return appointment


def _replace(request: SchedulingRequest, leaving: Agent, to: Agent | Team) -> bool:
    """Ask for the other one instead, also when the client moves the appointment; whether the person was asked for."""
    asked = RequestResource.objects.filter(request=request, agent=leaving)
    if isinstance(to, Agent):
        return bool(asked.update(agent=to))
    return bool(asked.update(agent=None, team=to))
