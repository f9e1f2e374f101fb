"""What the templates are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

from babel.lists import format_list
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy

from slotdesk.domain.booking.answers import spoken_answers
from slotdesk.domain.booking.calendar_links import calendar_links_of
from slotdesk.domain.booking.changes import Allowed, may_client_change
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import agents_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account
from slotdesk.lib.habits import locale_of
from slotdesk.web.public.clock import Clock, territory_of
from slotdesk.web.public.forms import AnswersForm, kept_values, sent
from slotdesk.web.public.months import list_month
from slotdesk.web.public.opening_offer import offer_of
from slotdesk.web.public.outcomes import ASK
from slotdesk.web.public.times import say_period, say_start
from slotdesk.web.public.visit import Visit
from slotdesk.web.public.zones import all_options, is_zone, likely_options

# After which time we ask somebody to try again whose page needed a calendar that cannot be read.
_RETRY_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Banner:
    """What happened, in a few words, and what it means for the client."""

    title: str | Promise
    text: str | Promise


UNREADABLE = Banner(
    gettext_lazy("That link was not complete"), gettext_lazy("Perhaps it was cut off. Please pick a time below.")
)
BOOKED_BEFORE = Banner(
    gettext_lazy("You already have a time"), gettext_lazy("This link was used before, so nothing new was booked.")
)


def lost_time(label: str, *, was_taken: bool) -> Banner:
    """Tell which time cannot be had. was_taken: somebody else got it in this very moment."""
    title = gettext("%(time)s has just been taken") if was_taken else gettext("%(time)s is no longer free")
    text = gettext("Nothing was booked. Here are the times that are free now.")
    return Banner(title % {"time": label}, text)


def clock_of(request: HttpRequest, account: Account, *, zone: str | None) -> Clock:
    """The client's clock; where they chose no zone, the account's."""
    fallback = account.zone if is_zone(account.zone) else "UTC"
    return Clock(
        zone=zone or fallback,
        territory=territory_of(request.headers.get("Accept-Language", ""), country=account.country),
        language=get_language() or "en",
        is_guess=zone is None,
    )


def times_context(
    request: HttpRequest, visit: Visit, *, clock: Clock, first: date | None, now: datetime
) -> dict[str, Any]:
    kept = kept_values(request)
    today = now.date()
    month = list_month(visit, clock=clock, first=first, now=now)
    return visit_context(visit) | {
        "month": month,
        "opening": offer_of(visit, month, clock=clock, now=now),
        "clock": clock,
        "zone_label": clock.zone_label(now),
        "zone_is_guess": not sent(request).get("zone"),
        "zone_options": likely_options(clock.zone, visit.account.country, today, clock.language),
        "more_zone_options": all_options(today, clock.language),
        "from_date": first,
        "kept": kept,
        "method": "post" if kept else "get",
    }


def choose_page(
    request: HttpRequest, context: dict[str, Any], *, status: int, template: str = "public/choose.html"
) -> HttpResponse:
    """The page of times; where a calendar cannot be read and nothing can be shown, the client is asked to come back."""
    month = context["month"]
    if month.is_unknown and not month.count:
        return ask_to_come_back(request, template, context)
    return render(request, template, context, status=status)


def ask_to_come_back(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page that needs a calendar which cannot be read at this moment."""
    response = render(request, template, context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(int(_RETRY_AFTER.total_seconds()))
    return response


def details_context(visit: Visit, form: AnswersForm, starts_at: datetime, *, clock: Clock) -> dict[str, Any]:
    local = clock.local(int(starts_at.timestamp()))
    return (
        visit_context(visit)
        | when_context(starts_at, starts_at + visit.duration, clock)
        | {
            "form": form,
            "start": int(starts_at.timestamp()),
            "clock": clock,
            "day": local.date(),
        }
    )


def try_again(
    request: HttpRequest, visit: Visit, form: AnswersForm, starts_at: datetime, *, clock: Clock
) -> HttpResponse:
    """The calendar cannot be read at this moment: everything the client gave us is kept in the page, to send again."""
    context = details_context(visit, form, starts_at, clock=clock) | {"kept": kept_values(request)}
    return ask_to_come_back(request, "public/try_again.html", context)


def appointment_context(request: HttpRequest, asked: SchedulingRequest, appointment: Appointment) -> dict[str, Any]:
    clock, now = clock_of(request, asked.account, zone=appointment.zone), timezone.now()
    change = may_client_change(asked, appointment, now)
    return (
        summary_context(asked, agents_of(appointment))
        | when_context(appointment.starts_at, appointment.ends_at, clock)
        | {
            "appointment": appointment,
            "answers": spoken_answers(appointment),
            "guests": [guest.email for guest in asked.guests.order_by("id")],
            "clock": clock,
            "is_cancelled": appointment.is_cancelled,
            "is_over": appointment.ends_at <= now,
            "calendar_links": calendar_links_of(appointment),
            "may_change": isinstance(change, Allowed),
            "changes_until": say_start(int(change.until.timestamp()), clock) if change.until else "",
        }
    )


def when_context(starts_at: datetime, ends_at: datetime, clock: Clock) -> dict[str, Any]:
    return {
        "when_day": clock.full_day(clock.date_of(starts_at)),
        "when_period": say_period(starts_at, ends_at, clock),
        "when_zone": clock.zone_label(starts_at),
    }


def visit_context(visit: Visit) -> dict[str, Any]:
    """What the pages of a link that can be booked, or moved by, have in common."""
    return summary_context(visit.asked, visit.people()) | {
        "addresses": visit.addresses,
        "carried": visit.carried,
        # Where the request is a draft, no e-mail has brought anybody here.
        "ask": ASK if visit.asked.pk is None else None,
    }


def summary_context(asked: SchedulingRequest, whom: Sequence[Agent | Team]) -> dict[str, Any]:
    """What every page says of the appointment. whom: who takes it; teams, before it is known who of them does."""
    names = [each.client_name if isinstance(each, Team) else each.name for each in whom]
    people = format_list(names, locale=locale_of(get_language() or "en"))
    return {
        "asked": asked,
        "account": asked.account,
        "agents": [{"name": name, "initials": initials_of(name)} for name in names],
        "people": people or asked.account.name,
        "minutes": asked.terms["duration_minutes"],
        "place": PLACES.get(asked.place, ""),
    }


PLACES = {
    AppointmentType.Place.PHONE.value: gettext_lazy("Phone call"),
    AppointmentType.Place.REMOTE.value: gettext_lazy("Remote session"),
    AppointmentType.Place.ONSITE.value: gettext_lazy("In person"),
}


def initials_of(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])).upper()
