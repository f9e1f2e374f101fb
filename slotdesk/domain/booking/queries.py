"""Reading requests and appointments, and asking which times a request could be given."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from slotdesk.domain.booking.models import Appointment, RequestResource, Reservation, SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.people.models import Agent
from slotdesk.domain.round_trip import Statement, run_together
from slotdesk.domain.tenants.models import Membership, Role
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.domain.tenants.scope import all_accounts

OPEN = (SchedulingRequest.Status.NEW, SchedulingRequest.Status.SENT)


class RequestClosed(Exception):
    """The request can no longer be booked; `status` says why."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


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


def may_cancel(role: Role, agent: Agent | None, request: SchedulingRequest) -> bool:
    """Whether somebody with this role, who is this agent if they are one, may call the request off."""
    return may_act_on(role, agent, request, Permission.REQUESTS_CANCEL_OWN)


def may_act_on(role: Role, agent: Agent | None, request: SchedulingRequest, own: Permission) -> bool:
    """The same for any permission that ends in `_own`: with the one for all, or because the request asks for them."""
    if may(role, Permission(own.value.replace("_own", "_all"))):
        return True
    return may(role, own) and agent is not None and _is_theirs(request, agent)


def _is_theirs(request: SchedulingRequest, agent: Agent) -> bool:
    asked = Q(agent=agent) | Q(team__members__agent=agent)
    return request.resources.filter(asked).exists()


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
    """Bring the request's status up to date, and keep others from changing it until the transaction ends."""
    (rows,) = run_together(lock_request_sql(request))
    request.status = rows[0][0] if rows else ""
    return request


def lock_request_sql(request: SchedulingRequest) -> Statement:
    """The same as a statement, which returns the status."""
    return "SELECT status FROM booking_schedulingrequest WHERE id = %s FOR NO KEY UPDATE", [request.pk]


def find_appointment(request: SchedulingRequest) -> Appointment | None:
    """The request's standing appointment, with who takes it."""
    return (
        Appointment.objects.filter(request=request, cancellation=None)
        .prefetch_related(Prefetch("reservations", Reservation.objects.select_related("agent").order_by("id")))
        .order_by("-id")
        .first()
    )


def find_latest_appointment(request: SchedulingRequest) -> Appointment | None:
    """The request's last appointment, standing or cancelled."""
    return (
        Appointment.objects.filter(request=request)
        .select_related("cancellation", "request__account")
        .order_by("-id")
        .first()
    )


def agents_of(appointment: Appointment) -> list[Agent]:
    """Who takes the appointment; of a cancelled one, who had it last."""
    reservations = Reservation.objects.filter(appointment=appointment).select_related("agent").order_by("id")
    # Moving gives back and takes anew, cancelling gives back for good.
    latest = max((item.released_at for item in reservations if item.released_at), default=None)
    standing = [item for item in reservations if item.released_at is None]
    return [item.agent for item in standing or [each for each in reservations if each.released_at == latest]]


def find_appointment_by_key(request: SchedulingRequest, key: str) -> Appointment | None:
    """What an earlier, equal booking made; cancelled ones too."""
    return Appointment.objects.filter(request=request, key=key).first()


def with_booked_time(requests: QuerySet[SchedulingRequest]) -> QuerySet[SchedulingRequest]:
    """Add `booked_for`, the start of the standing appointment or None, to each row."""
    standing = Appointment.objects.filter(request=OuterRef("pk"), cancellation=None).order_by("-id")
    return requests.annotate(booked_for=Subquery(standing.values("starts_at")[:1]))


def is_type_used(appointment_type: AppointmentType) -> bool:
    """Whether a request was ever made with the type."""
    return SchedulingRequest.objects.filter(appointment_type=appointment_type).exists()


def count_open_requests(appointment_type_ids: Collection[int]) -> dict[int, int]:
    """How many requests of each type may still be booked, by the terms that they were made with."""
    counted = (
        SchedulingRequest.objects.filter(appointment_type__in=appointment_type_ids, status__in=OPEN)
        .values_list("appointment_type")
        .annotate(count=Count("pk"))
    )
    return dict(counted)
