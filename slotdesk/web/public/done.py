"""
What comes after a client has booked, moved or cancelled: the appointment's page, and what else has to be told.

A type may send clients on to a page of its own after a booking by link. No form may lead to another website, says the
content security policy of our pages, not even by a redirect of ours; so a page of ours goes on there by itself. In a
frame it is the website around it that is told, and goes on.
"""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.links.booking import BY_LINK
from slotdesk.web.framing import frame_of, tell

# What it says is done once: the same page in another language is without it.
MARK = "done"


class Done(StrEnum):
    """What the client did, as websites are told."""

    BOOKED = "booked"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"


def lead_on(request: HttpRequest, asked: SchedulingRequest, done: Done) -> HttpResponse:
    """From the form that did it to the appointment's page."""
    address = reverse("public:appointment", args=[asked.token])
    if frame_of(request) is not None or (done is Done.BOOKED and _elsewhere(asked)):
        address = f"{address}?{MARK}={done}"
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)


def go_on(request: HttpRequest, asked: SchedulingRequest, appointment: Appointment) -> HttpResponse | None:
    """The page that goes on to where the type says, once after a booking; None where the appointment is to be shown."""
    mark = request.GET.get(MARK)
    if mark not in list(Done):
        return None
    elsewhere = _elsewhere(asked) if mark == Done.BOOKED else ""
    tell(request, mark, **facts_of(asked, appointment), **({"redirect_url": elsewhere} if elsewhere else {}))
    if not elsewhere or frame_of(request) is not None:
        return None
    return render(request, "public/onward.html", {"account": asked.account, "asked": asked, "elsewhere": elsewhere})


def facts_of(asked: SchedulingRequest, appointment: Appointment) -> dict[str, str]:
    """What websites are told of an appointment: nothing that says who the client is or opens their pages."""
    return {
        "id": appointment.public_id,
        "type": asked.external_name,
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
        "zone": appointment.zone,
    }


def _elsewhere(asked: SchedulingRequest) -> str:
    return FrozenTerms.model_validate(asked.terms).redirect_url if asked.origin in BY_LINK else ""
