"""
From the times to the form: what every link that can be booked shows, whoever made it and whatever it leads to.

A POST to the times or the form changes nothing: it carries along what the client has typed already.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from slotdesk.web import framing
from slotdesk.web.public import pages
from slotdesk.web.public.clock import Clock
from slotdesk.web.public.countries import country_of_visitor, known_number
from slotdesk.web.public.forms import (
    AnswersForm,
    BadAddress,
    kept_values,
    new_key,
    read_first_date,
    read_start,
    read_zone,
    sent,
)
from slotdesk.web.public.times import is_offered, say_start
from slotdesk.web.public.visit import Visit


def show_times(
    request: HttpRequest, visit: Visit, *, banner: pages.Banner | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    """The page of times."""
    values = sent(request)
    try:
        clock, first = pages.clock_of(request, visit.account, zone=read_zone(values)), read_first_date(values)
    except BadAddress:
        clock, first = pages.clock_of(request, visit.account, zone=None), None
        banner = banner or pages.UNREADABLE
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = pages.times_context(request, visit, clock=clock, first=first, now=timezone.now())
    return pages.choose_page(request, context | {"banner": banner}, status=status)


def show_part(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The part of that page that changes with the month and the zone, for its script."""
    values = sent(request)
    try:
        clock, first = pages.clock_of(request, visit.account, zone=read_zone(values)), read_first_date(values)
    except BadAddress:
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return render(
        request,
        "public/times.html",
        pages.times_context(request, visit, clock=clock, first=first, now=timezone.now()),
    )


def show_form(request: HttpRequest, visit: Visit, *, about: dict[str, str]) -> HttpResponse:
    """The picked time, and what we ask before booking it. about: what is known of the client, by the form's fields."""
    try:
        clock, starts_at = read_pick(request, visit)
    except BadAddress:
        return unreadable(request, visit)
    if not is_offered(visit, starts_at, clock=clock, now=timezone.now()):
        return not_free(request, visit, starts_at, status=HTTPStatus.CONFLICT)
    framing.tell(request, "slot-chosen", **visit.facts_of(starts_at, zone=clock.zone))
    kept, home = kept_values(request), visit.account.country
    country = country_of_visitor(
        zone=clock.named_zone, accept_language=request.headers.get("Accept-Language", ""), otherwise=home
    )
    known = {name: known_number(text, country=home) if name == "phone" else text for name, text in about.items()}
    initial = known | kept | {"key": kept.get("key") or new_key()}
    form = visit.form_class(initial=initial, request=visit.asked, country=country)
    return render(request, "public/details.html", pages.details_context(visit, form, starts_at, clock=clock))


def read_pick(request: HttpRequest, visit: Visit) -> tuple[Clock, datetime]:
    """The client's clock, and the time that they picked (UTC). Raises BadAddress."""
    values = sent(request)
    return pages.clock_of(request, visit.account, zone=read_zone(values)), read_start(values)


def ask_again(
    request: HttpRequest, visit: Visit, form: AnswersForm, starts_at: datetime, *, clock: Clock
) -> HttpResponse:
    """The form with what is wrong in it, and everything that was typed."""
    context = pages.details_context(visit, form, starts_at, clock=clock)
    return render(request, "public/details.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def unreadable(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The times, where the address does not say which one was picked."""
    return show_times(request, visit, banner=pages.UNREADABLE, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def not_free(
    request: HttpRequest, visit: Visit, starts_at: datetime, *, status: int, was_taken: bool = False
) -> HttpResponse:
    """Fresh times, and which one is lost; what the client has typed stays."""
    clock = pages.clock_of(request, visit.account, zone=read_zone(sent(request)))
    lost = say_start(int(starts_at.timestamp()), clock)
    fresh = replace(visit, is_lately=False)
    return show_times(request, fresh, banner=pages.lost_time(lost, was_taken=was_taken), status=status)
