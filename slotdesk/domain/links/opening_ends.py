"""When somebody need not be told any more that a time has opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Max
from django.db.models.functions import Lower

from slotdesk.domain.booking.drafts import is_for
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import OPEN
from slotdesk.domain.booking.times import is_past
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.links.booking import BY_LINK
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.links.signed import State, state_of
from slotdesk.domain.people.models import Agent, Team

Ending = OpeningAlert.Ending


def why_over(
    alert: OpeningAlert, *, link: Link | None, booked: Mapping[str, datetime], now: datetime
) -> OpeningAlert.Ending | None:
    """
    Why nobody need be told any more; None while they wait.

    link     what `find_link_of` says, for those of a public link; booked: what `last_bookings` says
    """
    if alert.waits_until <= now or (alert.before is not None and alert.before <= now):
        return Ending.EXPIRED
    if alert.request is not None:
        return _over_by_request(alert, alert.request, now)
    if link is None or (alert.signed_link is not None and state_of(alert.signed_link, now=now) != State.OPEN):
        return Ending.OFF
    last = booked.get(alert.email)
    return Ending.BOOKED if last is not None and last >= alert.asked_at else None


def find_link_of(alert: OpeningAlert) -> Link | None:
    """
    The public link that the alert is about, by whatever its parts are called now; None where it is not offered any
    more. Of people who cannot be booked for a while it still is.
    """
    kinds = AppointmentType.objects.select_related("account").filter(is_archived=False).exclude(slug="")
    appointment_type = kinds.filter(pk=alert.appointment_type_id).first()
    if appointment_type is None:
        return None
    if not alert.ticket_number and appointment_type.shareable == AppointmentType.Shareable.OFF:
        return None
    there: list[Agent | Team] = [
        *Agent.objects.filter(public_id__in=alert.resources, is_active=True),
        *Team.objects.filter(public_id__in=alert.resources, is_active=True),
    ]
    found = {each.public_id: each for each in there if is_for(appointment_type, each)}
    if set(alert.resources) - set(found):
        return None
    return Link(alert.account, tuple(found[public_id] for public_id in alert.resources), appointment_type)


def last_bookings(alerts: Sequence[OpeningAlert]) -> dict[str, datetime]:
    """When each of these addresses, in lower case, last booked the type of these alerts by a public link."""
    booked = Appointment.objects.annotate(email=Lower("request__client_email")).filter(
        email__in=[each.email for each in alerts],
        request__appointment_type__in={each.appointment_type_id for each in alerts},
        request__origin__in=BY_LINK,
        booked_at__gte=min(each.asked_at for each in alerts),
    )
    return dict(booked.values_list("email").annotate(Max("booked_at")).order_by("email"))


def _over_by_request(alert: OpeningAlert, request: SchedulingRequest, now: datetime) -> OpeningAlert.Ending | None:
    if request.status == SchedulingRequest.Status.SCHEDULED:
        return Ending.BOOKED
    if request.status not in OPEN or (request.client_email and request.client_email.lower() != alert.email):
        return Ending.CLOSED
    return Ending.EXPIRED if is_past(request, now=now) else None
