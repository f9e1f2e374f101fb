"""A request's appointment as the client sees it, standing or cancelled."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse

from slotdesk.domain.booking.models import Appointment, Reservation, SchedulingRequest
from slotdesk.domain.messages.invitation import Person, build_invitation
from slotdesk.domain.people.models import Agent


def find_latest(request: SchedulingRequest) -> Appointment | None:
    """Return the request's last appointment, cancelled or not, with who takes it."""
    return (
        Appointment.objects.filter(request=request)
        .select_related("cancellation")
        .prefetch_related(Prefetch("reservations", Reservation.objects.select_related("agent").order_by("id")))
        .order_by("-id")
        .first()
    )


def agents_of(appointment: Appointment) -> list[Agent]:
    return list(dict.fromkeys(reservation.agent for reservation in appointment.reservations.all()))


def is_cancelled(appointment: Appointment) -> bool:
    return hasattr(appointment, "cancellation")


def build_invite(request: SchedulingRequest, appointment: Appointment, *, now: datetime) -> bytes:
    """
    Return the calendar file to download.

    It has the same uid as the one in the mails, so whoever opens both has one entry.
    """
    agents, account = agents_of(appointment), request.account
    url = settings.PUBLIC_URL + reverse("public:appointment", args=[request.token])
    organizer = Person(agents[0].name, agents[0].email) if agents else Person(account.name, account.support_email)
    return build_invitation(
        uid=f"{appointment.public_id}@slotdesk",
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        title=f"{request.external_name} with {', '.join(agent.name for agent in agents)} ({account.name})",
        description=url,
        place="",
        url=url,
        organizer=organizer,
        attendees=[Person(request.client_name, request.client_email)] if request.client_email else [],
        is_cancelled=is_cancelled(appointment),
        now=now,
    )
