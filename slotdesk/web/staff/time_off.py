"""Leave of one person: what is ahead, entering and changing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from slotdesk.domain.people.hours import clock_text
from slotdesk.domain.people.models import Agent, TimeOff
from slotdesk.domain.people.time_off import (
    BadTimeOff,
    TimeOffIsMirrored,
    list_time_off,
    remove_time_off,
    save_time_off,
)
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.person_access import access_agent, access_agent_to_edit, is_own, person_context
from slotdesk.web.staff.time_off_form import TimeOffForm, initial_of


@dataclass(frozen=True, slots=True)
class Leave:
    """One row of the list. name: empty where it is nobody's business; can_edit: by whoever looks."""

    time_off: TimeOff
    days: str
    times: str
    name: str
    can_edit: bool
    can_remove: bool


@require_http_methods(["GET", "POST"])
@staff(Permission.CALENDARS_VIEW_OWN)
def edit_all(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is ahead; posting enters another."""
    agent, now = access_agent(request, public_id), timezone.now()
    form = TimeOffForm(request.POST or None)
    if request.method == "POST":
        access_agent_to_edit(request, public_id)
        if form.is_valid() and _save(request, form, TimeOff(agent=agent), now):
            return redirect("staff:user-time-off", public_id)
    return _page(request, agent, form, None, now=now)


@require_http_methods(["GET", "POST"])
@staff(Permission.CALENDARS_EDIT_OWN)
def edit(request: HttpRequest, public_id: str, time_off_id: int) -> HttpResponse:
    agent, now = access_agent_to_edit(request, public_id), timezone.now()
    time_off = _access(agent, time_off_id)
    if not _may_read(request, time_off) or time_off.source:
        raise PermissionDenied
    form = TimeOffForm(request.POST or None, initial=initial_of(time_off))
    if request.method == "POST" and form.is_valid() and _save(request, form, time_off, now):
        return redirect("staff:user-time-off", public_id)
    return _page(request, agent, form, time_off, now=now)


@require_POST
@staff(Permission.CALENDARS_EDIT_OWN)
def remove(request: HttpRequest, public_id: str, time_off_id: int) -> HttpResponse:
    agent = access_agent_to_edit(request, public_id)
    try:
        remove_time_off(time_off=_access(agent, time_off_id), actor=actor_of(request), now=timezone.now())
    except TimeOffIsMirrored:
        raise PermissionDenied from None
    messages.success(request, gettext("The time off is called off."))
    return redirect("staff:user-time-off", public_id)


def _save(request: HttpRequest, form: TimeOffForm, time_off: TimeOff, now: datetime) -> bool:
    try:
        save_time_off(time_off=form.fill(time_off), actor=actor_of(request), now=now)
    except BadTimeOff as error:
        form.add_error(error.field, str(error))
        return False
    messages.success(request, gettext("The time off is saved. Appointments that stand are not touched."))
    return True


def _page(
    request: HttpRequest, agent: Agent, form: TimeOffForm, edited: TimeOff | None, *, now: datetime
) -> HttpResponse:
    today = now.astimezone(ZoneInfo(agent.zone or agent.account.zone)).date()
    context = person_context(request, agent, tab="time-off")
    context |= {
        "form": form,
        "edited": edited,
        "leaves": [_leave(request, each, can_edit=context["can_edit"]) for each in list_time_off(agent, since=today)],
    }
    return render_page(request, "staff/people/time_off.html", context, now=now, status=422 if form.errors else 200)


def _leave(request: HttpRequest, time_off: TimeOff, *, can_edit: bool) -> Leave:
    first, last = f"{time_off.starts_on:%a %d %b %Y}", f"{time_off.ends_on:%a %d %b %Y}"
    if time_off.start is None and time_off.end is None:
        times = gettext("All day")
    else:
        times = f"{clock_text(time_off.start or 0)}–{clock_text(24 * 60 if time_off.end is None else time_off.end)}"
    is_ours = can_edit and not time_off.source
    may_read = _may_read(request, time_off)
    return Leave(
        time_off=time_off,
        days=first if first == last else gettext("%(first)s to %(last)s") % {"first": first, "last": last},
        times=times,
        name=time_off.name if may_read else "",
        can_edit=is_ours and may_read,
        can_remove=is_ours,
    )


def _may_read(request: HttpRequest, time_off: TimeOff) -> bool:
    """Private leave is read, and so edited, by the person alone."""
    return not time_off.is_private or is_own(request.member, time_off.agent)  # type: ignore[attr-defined]


def _access(agent: Agent, time_off_id: int) -> TimeOff:
    time_off = TimeOff.objects.select_related("agent__account").filter(agent=agent, pk=time_off_id).first()
    if time_off is None:
        raise Http404
    return time_off
