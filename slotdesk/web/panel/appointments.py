"""Booking a time agreed with the client from the ticket, and what its form is told: free times, contacts."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from slotdesk.availability.terms import BadTerms
from slotdesk.domain.booking.choosing import AvailabilityUnknown, SlotNotOffered, SlotTaken
from slotdesk.domain.booking.drafts import NobodyToAsk, NotWithThisType, TooMany
from slotdesk.domain.booking.guests import TooManyGuests
from slotdesk.domain.booking.invitations import TicketClosed, client_of
from slotdesk.domain.booking.manual import Agreed, book_manually, explain_manual_time, list_manual_times
from slotdesk.domain.booking.times import Times
from slotdesk.domain.connections.queries import read_contacts, read_ticket
from slotdesk.domain.messages.words import say_moment
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.ports import errors
from slotdesk.web.agreed_time import TAKEN, UNREAD, Warned, list_day, read_choice, read_date
from slotdesk.web.panel.access import by_panel_token
from slotdesk.web.panel.choices import (
    BadChoice,
    chosen_client,
    chosen_options,
    chosen_phone,
    chosen_resources,
    chosen_type,
)
from slotdesk.web.panel.requests import Notice, answer, edited_ticket, read_ref, say_error
from slotdesk.web.panel.viewer import Viewer
from slotdesk.web.why_not import NoSuchTime


@require_GET
@by_panel_token(Permission.REQUESTS_CREATE)
def list_contacts(request: HttpRequest, viewer: Viewer, kind: str, ticket_id: str) -> HttpResponse:
    """The ticket's company's contacts with `q` in their name or address."""
    text = request.GET.get("q", "").strip()[:100]
    try:
        company = read_ticket(viewer.connection, read_ref(kind, ticket_id)).company
        contacts = read_contacts(viewer.connection, company_id=company.id, search=text) if company else []
    except errors.PortError as error:
        return render(request, "panel/_contacts.html", {"problem": say_error(error)})
    return render(request, "panel/_contacts.html", {"contacts": contacts, "company": company})


@require_GET
@by_panel_token(Permission.APPOINTMENTS_CREATE)
def list_free(request: HttpRequest, viewer: Viewer, kind: str, ticket_id: str) -> HttpResponse:
    """The free times of `date` for the chosen type, people and length."""
    read_ref(kind, ticket_id)
    now, account = timezone.now(), viewer.connection.account
    problem, today = "", now.astimezone(ZoneInfo(viewer.zone)).date()

    def list_between(first: datetime, last: datetime) -> Times:
        return list_manual_times(account=account, agreed=agreed, starts_at=first, ends_at=last, now=now)

    try:
        agreed = Agreed(
            chosen_type(request.GET),
            chosen_resources(request.GET),
            account.zone,
            options=chosen_options(request.GET, zone=viewer.zone),
        )
        day = list_day(
            read_date(request.GET.get("date", ""), today=today),
            zone=viewer.zone,
            country=account.country,
            now=now,
            list_between=list_between,
        )
    except (BadChoice, NotWithThisType, BadTerms) as error:
        problem, day = str(error), None
    except (NobodyToAsk, TooMany):
        problem, day = gettext("One of those chosen cannot be booked just now."), None
    return render(request, "panel/_times.html", {"day": day, "problem": problem})


@require_POST
@by_panel_token(Permission.APPOINTMENTS_CREATE)
def create(request: HttpRequest, viewer: Viewer, kind: str, ticket_id: str) -> HttpResponse:
    ref, now, account = read_ref(kind, ticket_id), timezone.now(), viewer.connection.account

    def refuse(text: str, status: int, warned: Warned | None = None) -> HttpResponse:
        return answer(request, viewer, ref, Notice("is-bad", text, warned=warned), status)

    try:
        ticket = read_ticket(viewer.connection, ref)
        client = chosen_client(request.POST, viewer, ticket) or client_of(ticket)
        phone = chosen_phone(request.POST, country=account.country)
        agreed = Agreed(
            chosen_type(request.POST),
            chosen_resources(request.POST),
            account.zone,
            client=replace(client, phone=phone or client.phone),
            note=request.POST.get("note", "").strip()[:2000],
            options=chosen_options(request.POST, zone=viewer.zone),
        )
        starts_at = read_choice(request.POST, zone=viewer.zone, now=now)
        made = book_manually(
            psa=viewer.connection,
            ticket=ref,
            agreed=agreed,
            starts_at=starts_at,
            key=request.POST.get("key", "")[:64] or secrets.token_urlsafe(16),
            actor=viewer.name,
            now=now,
            overrides_rules="override" in request.POST,
        )
    except TicketClosed:
        return refuse(gettext("This ticket is closed. Reopen it, then book again."), 409)
    except SlotTaken:
        return refuse(str(TAKEN), 409)
    except AvailabilityUnknown:
        return refuse(str(UNREAD), 503)
    except SlotNotOffered:
        when = say_moment(starts_at, zone=viewer.zone, country=account.country)
        explained = explain_manual_time(account=account, agreed=agreed, starts_at=starts_at, now=now)
        return refuse(
            gettext("The rules speak against %(when)s. Nothing has been done yet.") % {"when": when},
            422,
            Warned(when, explained),
        )
    except (BadChoice, NoSuchTime, NotWithThisType, TooManyGuests) as error:
        return refuse(str(error), 422)
    except (NobodyToAsk, TooMany):
        return refuse(gettext("One of those chosen cannot be booked just now. Choose somebody else."), 422)
    except BadTerms as error:
        return refuse(
            gettext("The appointment type’s rules do not add up (%(error)s). Your administrator can correct them.")
            % {"error": error},
            422,
        )
    except errors.PortError as error:
        return refuse(say_error(error), 503)
    when = say_moment(made.starts_at, zone=viewer.zone, country=account.country)
    booked = gettext("Booked: %(when)s.") % {"when": when}
    text = f"{booked} {edited_ticket(request, ticket)}"
    return answer(request, viewer, ref, Notice("is-good", text), 201, is_changed=True)
