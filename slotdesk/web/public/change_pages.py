"""What the templates of moving and cancelling are given."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.booking.changes import Reason, Refused
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.web.public import pages
from slotdesk.web.public.clock import Clock
from slotdesk.web.public.forms import ReasonForm
from slotdesk.web.public.pages import Banner
from slotdesk.web.public.times import say_start
from slotdesk.web.public.visit import visit_to_move

SAME_TIME = Banner(
    gettext_lazy("That is the time you have"),
    gettext_lazy("Nothing has changed. Pick another one to move your appointment."),
)
_STALE = Banner(
    gettext_lazy("The appointment has changed meanwhile"),
    gettext_lazy("So nothing was done. This is how it stands now."),
)
_UNREAD = Banner(
    gettext_lazy("We cannot check the calendar right now"),
    gettext_lazy("Your appointment stays as it was. Please try again in a few minutes."),
)


def lost_time(label: str, *, was_taken: bool) -> Banner:
    """Tell which time cannot be had. was_taken: somebody else got it in this very moment."""
    title = gettext("%(time)s has just been taken") if was_taken else gettext("%(time)s is not free")
    text = gettext("Your appointment stays as it was. Here are the times that are free now.")
    return Banner(title % {"time": label}, text)


def times_context(
    request: HttpRequest, asked: SchedulingRequest, appointment: Appointment, *, clock: Clock, first: date | None
) -> dict[str, Any]:
    return (
        pages.times_context(request, visit_to_move(asked, appointment), clock=clock, first=first, now=timezone.now())
        | pages.when_context(appointment.starts_at, appointment.ends_at, clock)
        | {"zone_is_guess": False}  # they booked on it
    )


def times_page(
    request: HttpRequest,
    asked: SchedulingRequest,
    appointment: Appointment,
    *,
    clock: Clock,
    first: date | None = None,
    banner: Banner | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The times to which the appointment can be moved, and the one that it has."""
    context = times_context(request, asked, appointment, clock=clock, first=first) | {"banner": banner}
    return pages.choose_page(request, context, status=status, template="public/reschedule.html")


def move_page(
    request: HttpRequest, asked: SchedulingRequest, appointment: Appointment, starts_at: datetime, *, clock: Clock
) -> HttpResponse:
    """Whether to move the appointment there."""
    return render(request, "public/move.html", _move_context(request, asked, appointment, starts_at, clock))


def move_again_page(
    request: HttpRequest, asked: SchedulingRequest, appointment: Appointment, starts_at: datetime, *, clock: Clock
) -> HttpResponse:
    """The same question, because the calendar cannot be read at this moment."""
    context = _move_context(request, asked, appointment, starts_at, clock) | {"banner": _UNREAD, "is_unknown": True}
    return pages.ask_to_come_back(request, "public/move.html", context)


def _move_context(
    request: HttpRequest, asked: SchedulingRequest, appointment: Appointment, starts_at: datetime, clock: Clock
) -> dict[str, Any]:
    duration = appointment.ends_at - appointment.starts_at
    start = int(starts_at.timestamp())
    return (
        pages.appointment_context(request, asked, appointment)
        | pages.when_context(starts_at, starts_at + duration, clock)
        | {
            "present": pages.when_context(appointment.starts_at, appointment.ends_at, clock),
            "starts_at": starts_at,
            "start": start,
            "day": clock.local(start).date(),
            "clock": clock,
        }
    )


def cancel_page(
    request: HttpRequest,
    asked: SchedulingRequest,
    appointment: Appointment,
    form: ReasonForm,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Whether to cancel."""
    context = pages.appointment_context(request, asked, appointment) | {"form": form}
    return render(request, "public/cancel.html", context, status=status)


def refused_page(
    request: HttpRequest, asked: SchedulingRequest, appointment: Appointment, refused: Refused
) -> HttpResponse:
    """The appointment as it stands, and why it cannot be changed here."""
    context = pages.appointment_context(request, asked, appointment)
    context["banner"] = Banner(gettext("Nothing was changed"), _say(refused, context["clock"]))
    return render(request, "public/appointment.html", context, status=HTTPStatus.FORBIDDEN)


def stale_page(request: HttpRequest, asked: SchedulingRequest, appointment: Appointment) -> HttpResponse:
    """The appointment as it stands, because the client's page was about an earlier state of it."""
    appointment.refresh_from_db()
    context = pages.appointment_context(request, asked, appointment) | {"banner": _STALE}
    return render(request, "public/appointment.html", context, status=HTTPStatus.CONFLICT)


def _say(refused: Refused, clock: Clock) -> str:
    match refused.reason:
        case Reason.CANCELLED:
            return gettext("The appointment was cancelled already.")
        case Reason.STARTED:
            return gettext("The appointment has begun.")
        case Reason.TOO_LATE if refused.until is not None:
            until = say_start(int(refused.until.timestamp()), clock)
            return gettext("It could be changed here until %(time)s.") % {"time": until}
    return gettext("This appointment cannot be changed here.")
