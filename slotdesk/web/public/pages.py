"""What the templates are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from slotdesk.domain.booking.asked import list_agents_of
from slotdesk.domain.booking.changes import Allowed, may_client_change
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import agents_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.people.models import Agent
from slotdesk.web.public.clock import Clock, territory_of
from slotdesk.web.public.forms import AnswersForm, kept_values, sent
from slotdesk.web.public.times import list_week, say_period, say_start
from slotdesk.web.public.zones import all_options, is_zone, likely_options

# After which time we ask somebody to try again whose page needed a calendar that cannot be read.
_RETRY_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Banner:
    """What happened, in a few words, and what it means for the client."""

    title: str
    text: str


UNREADABLE = Banner("That link was not complete", "Perhaps it was cut off. Please pick a time below.")
BOOKED_BEFORE = Banner("You already have a time", "This link was used before, so nothing new was booked.")


def lost_time(label: str, *, was_taken: bool) -> Banner:
    """Tell which time cannot be had. was_taken: somebody else got it in this very moment."""
    title = f"{label} has just been taken" if was_taken else f"{label} is no longer free"
    return Banner(title, "Nothing was booked. Here are the times that are free now.")


def clock_of(request: HttpRequest, asked: SchedulingRequest, *, zone: str | None) -> Clock:
    """The client's clock; where they chose no zone, the account's."""
    account = asked.account
    fallback = account.zone if is_zone(account.zone) else "UTC"
    return Clock(
        zone=zone or fallback,
        territory=territory_of(request.headers.get("Accept-Language", ""), country=account.country),
    )


def times_context(
    request: HttpRequest,
    asked: SchedulingRequest,
    *,
    clock: Clock,
    first: date | None,
    now: datetime,
    moving: Appointment | None = None,
) -> dict[str, Any]:
    """moving: the appointment that is to have another time; without one, the first is to be booked."""
    kept = kept_values(request)
    today = now.date()
    page, fragment, pick = _MOVING if moving else _BOOKING
    return summary_context(asked, agents_of(moving) if moving else list_agents_of(asked)) | {
        "week": list_week(asked, clock=clock, first=first, now=now, moving=moving),
        "page_url": reverse(page, args=[asked.token]),
        "fragment_url": reverse(fragment, args=[asked.token]),
        "pick_url": reverse(pick, args=[asked.token]),
        "clock": clock,
        "zone_label": clock.zone_label(now),
        "zone_is_guess": not sent(request).get("zone"),
        "zone_options": likely_options(clock.zone, asked.account.country, today),
        "more_zone_options": all_options(today),
        "from_date": first,
        "kept": kept,
        "method": "post" if kept else "get",
    }


# The pages of times, the part of them that changes, and where a picked time leads.
_BOOKING = ("public:choose_time", "public:times", "public:details")
_MOVING = ("public:reschedule", "public:reschedule_times", "public:reschedule")


def choose_page(
    request: HttpRequest, context: dict[str, Any], *, status: int, template: str = "public/choose.html"
) -> HttpResponse:
    """The page of times; where a calendar cannot be read and nothing can be shown, the client is asked to come back."""
    week = context["week"]
    if week.is_unknown and not week.count:
        return ask_to_come_back(request, template, context)
    return render(request, template, context, status=status)


def ask_to_come_back(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page that needs a calendar which cannot be read at this moment."""
    response = render(request, template, context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(int(_RETRY_AFTER.total_seconds()))
    return response


def details_context(
    asked: SchedulingRequest, form: AnswersForm, starts_at: datetime, *, clock: Clock
) -> dict[str, Any]:
    local = clock.local(int(starts_at.timestamp()))
    return (
        summary_context(asked, list_agents_of(asked))
        | when_context(starts_at, starts_at + _duration(asked), clock)
        | {
            "form": form,
            "start": int(starts_at.timestamp()),
            "clock": clock,
            "day": local.date(),
        }
    )


def try_again(
    request: HttpRequest, asked: SchedulingRequest, form: AnswersForm, starts_at: datetime, *, clock: Clock
) -> HttpResponse:
    """The calendar cannot be read at this moment: everything the client gave us is kept in the page, to send again."""
    context = details_context(asked, form, starts_at, clock=clock) | {"kept": kept_values(request)}
    return ask_to_come_back(request, "public/try_again.html", context)


def appointment_context(request: HttpRequest, asked: SchedulingRequest, appointment: Appointment) -> dict[str, Any]:
    clock, now = clock_of(request, asked, zone=appointment.zone), timezone.now()
    change = may_client_change(asked, appointment, now)
    return (
        summary_context(asked, agents_of(appointment))
        | when_context(appointment.starts_at, appointment.ends_at, clock)
        | {
            "appointment": appointment,
            "guests": [guest.email for guest in asked.guests.order_by("id")],
            "clock": clock,
            "is_cancelled": appointment.is_cancelled,
            "is_over": appointment.ends_at <= now,
            "may_change": isinstance(change, Allowed),
            "changes_until": say_start(int(change.until.timestamp()), clock) if change.until else "",
        }
    )


def closed_context(asked: SchedulingRequest) -> dict[str, Any]:
    return summary_context(asked, list_agents_of(asked)) | {
        "is_cancelled": asked.status == SchedulingRequest.Status.CANCELLED,
    }


def when_context(starts_at: datetime, ends_at: datetime, clock: Clock) -> dict[str, Any]:
    return {
        "when_day": clock.full_day(clock.date_of(starts_at)),
        "when_period": say_period(starts_at, ends_at, clock),
        "when_zone": clock.zone_label(starts_at),
    }


def summary_context(asked: SchedulingRequest, agents: list[Agent]) -> dict[str, Any]:
    """What every page says of the appointment."""
    names = [agent.name for agent in agents]
    people = " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    return {
        "asked": asked,
        "account": asked.account,
        "agents": [{"name": agent.name, "initials": _initials(agent.name)} for agent in agents],
        "people": people or asked.account.name,
        "minutes": asked.terms["duration_minutes"],
        "place": _PLACES.get(asked.place, ""),
    }


_PLACES = {
    AppointmentType.Place.PHONE.value: "Phone call",
    AppointmentType.Place.REMOTE.value: "Remote session",
    AppointmentType.Place.ONSITE.value: "In person",
}


def _duration(asked: SchedulingRequest) -> timedelta:
    return timedelta(minutes=asked.terms["duration_minutes"])


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])).upper()
