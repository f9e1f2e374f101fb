"""What staff change about a request: its client and guests, its end, its time, and who takes it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from slotdesk.domain.booking.choosing import AvailabilityUnknown, SlotNotOffered, SlotTaken
from slotdesk.domain.booking.client import change_client
from slotdesk.domain.booking.clock_changes import confirm_time
from slotdesk.domain.booking.drafts import Client, is_for
from slotdesk.domain.booking.explaining import explain_time
from slotdesk.domain.booking.guests import NotAnAddress, TooManyGuests, add_guests, read_addresses, remove_guest
from slotdesk.domain.booking.handover import NobodyElse, NotTheirs, reassign_appointment, reassign_request
from slotdesk.domain.booking.invitations import close_request
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import MovedMeanwhile, reschedule_appointment
from slotdesk.domain.booking.queries import OPEN, RequestClosed, access_request, agents_of, find_appointment, may_act_on
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.messages.words import say_moment
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.queries import list_schedulable_agents, list_schedulable_teams
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import staff
from slotdesk.web.agreed_time import TAKEN, UNREAD, Day, Warned, list_day, read_choice, read_date
from slotdesk.web.staff.pages import actor_of, clock_of, render_page
from slotdesk.web.staff.request_forms import ClientForm
from slotdesk.web.why_not import NoSuchTime

_CHANGED = gettext_lazy("It changed while you were looking: see below how it stands, then decide again.")


def access(request: HttpRequest, public_id: str, own: Permission | None = None) -> SchedulingRequest:
    """
    The request, where the member may see it; with `own`, where they may also do that to it.

    Raises Http404, PermissionDenied.
    """
    member = request.member  # type: ignore[attr-defined]
    try:
        found = access_request(member, public_id)
    except SchedulingRequest.DoesNotExist:
        raise Http404 from None
    if own is not None and not may_act_on(member.role, Agent.objects.filter(membership=member).first(), found, own):
        raise PermissionDenied
    return found


@require_http_methods(["GET", "POST"])
@staff(Permission.REQUESTS_CREATE)
def edit_client(request: HttpRequest, public_id: str) -> HttpResponse:
    found, now = access(request, public_id), timezone.now()
    if found.status not in OPEN:
        messages.error(request, _CHANGED)
        return redirect("staff:request", public_id)
    form = ClientForm(request.POST or None, request_=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_client(request=found, client=Client(**form.cleaned_data), actor=actor_of(request), now=now)
        except NotAnAddress as error:
            form.add_error("email", str(error))
        except RequestClosed:
            messages.error(request, _CHANGED)
            return redirect("staff:request", public_id)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("staff:request", public_id)
    status = 422 if form.errors else 200
    return render_page(request, "staff/requests/client.html", {"req": found, "form": form}, now=now, status=status)


@require_POST
@staff(Permission.REQUESTS_CREATE)
def invite_guests(request: HttpRequest, public_id: str) -> HttpResponse:
    found = access(request, public_id)
    try:
        emails = read_addresses(request.POST.get("guests", ""))
        added = add_guests(request=found, emails=emails, actor=actor_of(request), now=timezone.now())
    except (NotAnAddress, TooManyGuests) as error:
        messages.error(request, gettext("Nobody was added. %(error)s") % {"error": error})
    except RequestClosed:
        messages.error(request, _CHANGED)
    else:
        if added:
            messages.success(
                request, gettext("Added: %(names)s.") % {"names": ", ".join(guest.email for guest in added)}
            )
        else:
            messages.info(request, gettext("Nobody new: all of them are told already."))
    return redirect("staff:request", public_id)


@require_POST
@staff(Permission.REQUESTS_CREATE)
def take_guest_off(request: HttpRequest, public_id: str, guest_id: int) -> HttpResponse:
    found = access(request, public_id)
    try:
        remove_guest(request=found, guest_id=guest_id, actor=actor_of(request), now=timezone.now())
    except RequestClosed:
        messages.error(request, _CHANGED)
    return redirect("staff:request", public_id)


@require_POST
@staff(Permission.REQUESTS_CANCEL_OWN)
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    found = access(request, public_id, Permission.REQUESTS_CANCEL_OWN)
    try:
        close_request(request=found, actor=actor_of(request), now=timezone.now())
    except RequestClosed:
        messages.error(request, _CHANGED)
    else:
        messages.success(request, gettext("Closed. The client’s link says so and books nothing any more."))
    return redirect("staff:request", public_id)


@require_http_methods(["GET", "POST"])
@staff(Permission.CALENDARS_EDIT_OWN)
def reschedule(request: HttpRequest, public_id: str) -> HttpResponse:
    """The free times of a day, or any other; one that the rules speak against is warned of first."""
    found, now = access(request, public_id, Permission.CALENDARS_EDIT_OWN), timezone.now()
    appointment = find_appointment(found)
    if appointment is None:
        messages.error(request, _CHANGED)
        return redirect("staff:request", public_id)
    problem, warned, status = "", None, 200
    if request.method == "POST":
        zone, status = clock_of(request.member, now=now).zone, 422  # type: ignore[attr-defined]
        try:
            starts_at = read_choice(request.POST, zone=zone, now=now)
            reschedule_appointment(
                request=found,
                starts_at=starts_at,
                zone=appointment.zone,
                actor=actor_of(request),
                now=now,
                sequence=_sequence(request),
                overrides_rules="override" in request.POST,
            )
        except NoSuchTime as error:
            problem = str(error)
        except SlotTaken:
            problem, status = str(TAKEN), 409
        except AvailabilityUnknown:
            problem, status = str(UNREAD), 503
        except SlotNotOffered:
            warned = _warn(found, appointment, starts_at, zone, now)
        except (MovedMeanwhile, RequestClosed):
            messages.error(request, _CHANGED)
            return redirect("staff:request", public_id)
        else:
            messages.success(
                request, gettext("Moved. The ticket, the calendars and everybody concerned are being told.")
            )
            return redirect("staff:request", public_id)
    context = {
        "req": found,
        "appointment": appointment,
        "day": _day(request, found, appointment, now),
        "entered": request.POST,
        "problem": problem,
        "warned": warned,
    }
    return render_page(request, "staff/requests/reschedule.html", context, now=now, status=status)


@require_POST
@staff(Permission.CALENDARS_EDIT_OWN)
def confirm_clock(request: HttpRequest, public_id: str) -> HttpResponse:
    """The time that the client's clock shows by its new rules is agreed with them."""
    found = access(request, public_id, Permission.CALENDARS_EDIT_OWN)
    try:
        reads = request.POST.get("reads", "")
        confirm_time(request=found, reads=reads, actor=actor_of(request), now=timezone.now())
    except (MovedMeanwhile, RequestClosed):
        messages.error(request, _CHANGED)
    else:
        messages.success(request, gettext("Confirmed: the appointment stays as it is. Nobody was written to."))
    return redirect("staff:request", public_id)


@require_http_methods(["GET", "POST"])
@staff(Permission.CALENDARS_EDIT_OWN)
def reassign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who gives it, and to whom: a booked appointment at the time it has, or an open request."""
    found, now = access(request, public_id, Permission.CALENDARS_EDIT_OWN), timezone.now()
    appointment = find_appointment(found)
    givers = agents_of(appointment) if appointment else [each.agent for each in found.resources.all() if each.agent]
    if not givers or found.status not in (*OPEN, SchedulingRequest.Status.SCHEDULED):
        messages.error(request, _CHANGED)
        return redirect("staff:request", public_id)
    everybody: list[Agent | Team] = [*list_schedulable_agents(), *list_schedulable_teams()]
    takers = [each for each in everybody if each not in givers and is_for(found.appointment_type, each)]
    problem, status = "", 200
    if request.method == "POST":
        leaving = next((each for each in givers if each.public_id == request.POST.get("from")), None)
        to = next((each for each in takers if each.public_id == request.POST.get("to")), None)
        if leaving is None or to is None:
            problem, status = gettext("Choose to whom it goes."), 422
        else:
            operation = reassign_appointment if appointment else reassign_request
            try:
                operation(request=found, leaving=leaving, to=to, actor=actor_of(request), now=now)
            except (SlotTaken, SlotNotOffered):
                problem, status = (
                    gettext("%(to)s is not free at this time. Choose somebody else, or move the appointment first.")
                    % {"to": to},
                    409,
                )
            except AvailabilityUnknown:
                problem, status = (
                    gettext("A calendar of %(to)s cannot be read at this moment. Try again in a few minutes.")
                    % {"to": to},
                    503,
                )
            except NobodyElse:
                problem, status = (
                    gettext("%(to)s has it already, or cannot be booked. Choose somebody else.") % {"to": to},
                    422,
                )
            except (NotTheirs, RequestClosed):
                messages.error(request, _CHANGED)
                return redirect("staff:request", public_id)
            else:
                messages.success(
                    request, gettext("Handed over to %(to)s. Everybody concerned is being told.") % {"to": to}
                )
                return redirect("staff:request", public_id)
    context = {
        "req": found,
        "appointment": appointment,
        "givers": givers,
        "takers": takers,
        "entered": request.POST,
        "problem": problem,
    }
    return render_page(request, "staff/requests/reassign.html", context, now=now, status=status)


def _sequence(request: HttpRequest) -> int:
    text = request.POST.get("sequence", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1


def _day(request: HttpRequest, found: SchedulingRequest, appointment: Appointment, now: datetime) -> Day:
    clock = clock_of(request.member, now=now)  # type: ignore[attr-defined]
    sent = request.POST if request.method == "POST" else request.GET
    return list_day(
        read_date(sent.get("date", "") or f"{appointment.starts_at:%Y-%m-%d}", today=clock.today),
        zone=clock.zone,
        country=found.account.country,
        now=now,
        list_between=lambda first, last: list_times(
            found, starts_at=first, ends_at=last, client_zone=appointment.zone, now=now, without=appointment
        ),
    )


def _warn(found: SchedulingRequest, appointment: Appointment, starts_at: datetime, zone: str, now: datetime) -> Warned:
    explained = explain_time(found, starts_at=starts_at, client_zone=appointment.zone, now=now, without=appointment)
    return Warned(say_moment(starts_at, zone=zone, country=found.account.country), explained)
