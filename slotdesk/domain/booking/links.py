"""The addresses that a client is given. The request's token is in them, so they go to the client and to staff alone."""

from __future__ import annotations

from django.conf import settings

from slotdesk.domain.booking.models import SchedulingRequest


def request_link(request: SchedulingRequest) -> str:
    """Where the client picks a time."""
    return f"{settings.PUBLIC_URL}/schedule/{request.token}/"


def appointment_link(request: SchedulingRequest) -> str:
    """Where the client sees what was booked."""
    return f"{request_link(request)}appointment/"


def reschedule_link(request: SchedulingRequest) -> str:
    """Where the client moves it, as long as they may."""
    return f"{appointment_link(request)}reschedule/"


def cancellation_link(request: SchedulingRequest) -> str:
    """Where the client calls it off, as long as they may; opening it changes nothing."""
    return f"{appointment_link(request)}cancellation/"
