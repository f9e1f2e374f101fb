"""Entering an appointment that was agreed by phone, mail or chat: the ticket first, then the rest."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from slotdesk.availability.terms import BadTerms
from slotdesk.domain.booking.choosing import AvailabilityUnknown, SlotNotOffered, SlotTaken
from slotdesk.domain.booking.drafts import NobodyToAsk, NotWithThisType, TooMany
from slotdesk.domain.booking.guests import NotAnAddress, TooManyGuests
from slotdesk.domain.booking.invitations import TicketClosed, client_of
from slotdesk.domain.booking.manual import Agreed, book_manually, explain_manual_time, list_manual_times
from slotdesk.domain.booking.times import Times
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.queries import find_psa
from slotdesk.domain.messages.words import say_moment
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.ports import errors
from slotdesk.ports.psa import Ticket
from slotdesk.web.access import staff
from slotdesk.web.agreed_time import TAKEN, UNREAD, Warned, list_day, read_choice, read_date
from slotdesk.web.staff.appointment_form import AppointmentForm
from slotdesk.web.staff.pages import actor_of, clock_of, render_page
from slotdesk.web.staff.ticket_search import SILENT_PSA, NotThisTicket, chosen_ticket, search_context
from slotdesk.web.why_not import NoSuchTime


@require_http_methods(["GET", "POST"])
@staff(Permission.APPOINTMENTS_CREATE)
def create(request: HttpRequest) -> HttpResponse:
    """
    Without `ticket` in the address the search for one, with it (`service_ticket:4711`) the form.

    The free times are drawn anew by a GET that names type, people, length and date, and nothing about the client.
    """
    psa = find_psa()
    try:
        ticket = chosen_ticket(request, psa)
    except NotThisTicket as error:
        return _search(request, psa, problem=str(error))
    if psa is None or ticket is None:
        return _search(request, psa)
    if request.method == "POST" and "show" not in request.POST:
        return _book(request, psa, ticket)
    return _form_page(request, ticket, _form(request, ticket))


def _search(request: HttpRequest, psa: Connection | None, *, problem: str = "") -> HttpResponse:
    context = search_context(request, psa, problem=problem)
    return render_page(request, "staff/appointments/ticket.html", context, now=timezone.now())


def _book(request: HttpRequest, psa: Connection, ticket: Ticket) -> HttpResponse:
    now, form = timezone.now(), _form(request, ticket)
    clock = clock_of(request.member, now=now)  # type: ignore[attr-defined]
    agreed = form.agreed(zone=psa.account.zone, contact=client_of(ticket)) if form.is_valid() else None
    if agreed is None:
        return _form_page(request, ticket, form, status=422)
    problem, warned, status = "", None, 422
    try:
        starts_at = read_choice(request.POST, zone=clock.zone, now=now)
        made = book_manually(
            psa=psa,
            ticket=ticket.ref,
            agreed=agreed,
            starts_at=starts_at,
            key=request.POST.get("key", "")[:64] or secrets.token_urlsafe(16),
            actor=actor_of(request),
            now=now,
            overrides_rules="override" in request.POST,
        )
    except NoSuchTime as error:
        problem = str(error)
    except SlotTaken:
        problem, status = str(TAKEN), 409
    except AvailabilityUnknown:
        problem, status = str(UNREAD), 503
    except SlotNotOffered:
        explained = explain_manual_time(account=psa.account, agreed=agreed, starts_at=starts_at, now=now)
        warned = Warned(say_moment(starts_at, zone=clock.zone, country=psa.account.country), explained)
    except (TooManyGuests, NotAnAddress) as error:
        form.add_error("guests", str(error))
    except (NotWithThisType, BadTerms) as error:
        form.add_error("type", str(error))
    except (NobodyToAsk, TooMany):
        form.add_error(None, gettext("One of those chosen cannot be booked. Choose somebody else."))
    except TicketClosed:
        problem = gettext("The ticket has been closed meanwhile.")
    except errors.PortError:
        problem, status = str(SILENT_PSA), 503
    else:
        messages.success(request, gettext("Booked. The ticket, the calendars and everybody concerned are being told."))
        return redirect("staff:request", made.request.public_id)
    return _form_page(request, ticket, form, problem=problem, warned=warned, status=status)


def _form(request: HttpRequest, ticket: Ticket) -> AppointmentForm:
    member = request.member  # type: ignore[attr-defined]
    contact = client_of(ticket)
    if request.method == "POST":
        return AppointmentForm(request.POST, account=member.account, initial={})
    own = Agent.objects.filter(membership=member, is_active=True, is_schedulable=True).first()
    initial: dict[str, Any] = {
        "type": request.GET.get("type"),
        "minutes": request.GET.get("minutes"),
        "resource": request.GET.getlist("resource") or ([own.public_id] if own else []),
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
    }
    return AppointmentForm(None, account=member.account, initial=initial)


def _form_page(
    request: HttpRequest,
    ticket: Ticket,
    form: AppointmentForm,
    *,
    problem: str = "",
    warned: Warned | None = None,
    status: int = 200,
) -> HttpResponse:
    now, member = timezone.now(), request.member  # type: ignore[attr-defined]
    clock, account = clock_of(member, now=now), member.account
    sent = request.POST if request.method == "POST" else request.GET
    agreed = form.agreed(zone=account.zone, contact=client_of(ticket))

    def list_between(first: datetime, last: datetime) -> Times:
        if agreed is None:
            return Times([], is_unknown=False)
        return _list_times(agreed, first, last, account=account, now=now)

    context = {
        "ticket": ticket,
        "form": form,
        "needs_people": not form.whom.resources(),
        "key": request.POST.get("key") or secrets.token_urlsafe(16),
        "day": list_day(
            read_date(sent.get("date", ""), today=clock.today),
            zone=clock.zone,
            country=account.country,
            now=now,
            list_between=list_between,
        ),
        "entered": request.POST,
        "problem": problem,
        "warned": warned,
    }
    return render_page(request, "staff/appointments/new.html", context, now=now, status=status)


def _list_times(agreed: Agreed, first: datetime, last: datetime, *, account: Account, now: datetime) -> Times:
    try:
        return list_manual_times(account=account, agreed=agreed, starts_at=first, ends_at=last, now=now)
    except (NobodyToAsk, NotWithThisType, TooMany, BadTerms):
        return Times([], is_unknown=False)  # said by name when the form is sent
