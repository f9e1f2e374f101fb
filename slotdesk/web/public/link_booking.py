"""Booking by a public link, and what is said to whoever cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from slotdesk.domain.booking import choosing
from slotdesk.domain.booking.guests import TooManyGuests
from slotdesk.domain.booking.invitations import TicketClosed
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.links.booking import ContactRefused, NoSuchTicket, NotOffered, TooManyOpen
from slotdesk.domain.tenants.models import Account
from slotdesk.ports.errors import PortError
from slotdesk.web.public import pages, steps
from slotdesk.web.public.clock import Clock
from slotdesk.web.public.forms import AnswersForm
from slotdesk.web.public.link_limits import RETRY_AFTER
from slotdesk.web.public.visit import Visit


def answer_booking(
    request: HttpRequest,
    visit: Visit,
    form: AnswersForm,
    starts_at: datetime,
    clock: Clock,
    book: Callable[[], Appointment],
) -> HttpResponse:
    """Book, and lead to the appointment's page or wherever the type says; or the page that says why not."""
    try:
        booked = book()
    except choosing.SlotTaken:
        return steps.not_free(request, visit, starts_at, status=HTTPStatus.CONFLICT, was_taken=True)
    except choosing.SlotNotOffered:
        return steps.not_free(request, visit, starts_at, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except (choosing.AvailabilityUnknown, PortError):
        return pages.try_again(request, visit, form, starts_at, clock=clock)
    except TooManyGuests as error:
        form.add_error("guests", f"Please name {error.most} guests at most.")
        return steps.ask_again(request, visit, form, starts_at, clock=clock)
    except ContactRefused:
        return refused(request, visit)
    except TooManyOpen:
        return too_many(request, visit.account)
    except TicketClosed:
        return ticket_over(request, visit.account)
    except (NoSuchTicket, NotOffered):
        return render(request, "public/unknown_link.html", {"account": visit.account}, status=HTTPStatus.NOT_FOUND)
    return HttpResponseRedirect(_onward(booked.request), status=HTTPStatus.SEE_OTHER)


def refused(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Only known clients may book this, and the visitor, who has proved the address, is none."""
    context = {"account": visit.account, "asked": visit.asked}
    return render(request, "public/refused.html", context, status=HTTPStatus.FORBIDDEN)


def too_many(request: HttpRequest, account: Account) -> HttpResponse:
    """It says the same whatever was too much, so that nobody learns what is known of an address."""
    response = render(request, "public/too_many.html", {"account": account}, status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def ticket_over(request: HttpRequest, account: Account) -> HttpResponse:
    """The ticket was closed meanwhile."""
    return render(request, "public/ticket_over.html", {"account": account}, status=HTTPStatus.GONE)


def _onward(booked: SchedulingRequest) -> str:
    elsewhere = FrozenTerms.model_validate(booked.terms).redirect_url
    return elsewhere or reverse("public:appointment", args=[booked.token])
