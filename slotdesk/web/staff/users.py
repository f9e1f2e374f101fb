"""Users: who can be booked, when they work, and how their calendar fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from slotdesk.domain.connections.busy_mirror import TRUSTED_FOR
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.connections.queries import find_psa, list_primary_calendars
from slotdesk.domain.people.editing import SlugTaken, save_agent, set_schedulable
from slotdesk.domain.people.hours import read_hours, write_hours
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.queries import get_agent, list_agents
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.web.access import staff
from slotdesk.web.staff.hours_form import HoursFormSet, HoursRow, hours_entered, hours_initial, summarize_hours
from slotdesk.web.staff.pages import actor_of, render_page


@dataclass(frozen=True, slots=True)
class Person:
    """An agent as the list shows them. is_stale: the calendar was not read lately, so no times are offered."""

    agent: Agent
    hours: list[str]
    calendar: Calendar | None
    is_stale: bool


class AgentForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Agent
        fields = ("is_schedulable", "slug", "hours_from")
        labels: ClassVar[dict[str, str]] = {
            "is_schedulable": "Clients can book this person",
            "slug": "Address part",
            "hours_from": "Working hours",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "slug": "Letters, digits and hyphens; for this person’s own booking page."
        }
        widgets: ClassVar[dict[str, Any]] = {"hours_from": forms.RadioSelect}


@require_GET
@staff(Permission.USERS_VIEW)
def list_all(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    calendars = {calendar.agent_id: calendar for calendar in list_primary_calendars()}
    people = [_person(agent, calendars.get(agent.pk), now) for agent in list_agents()]
    context = {"people": people, "has_psa": find_psa() is not None}
    return render_page(request, "staff/users/list.html", context, now=now)


@require_http_methods(["GET", "POST"])
@staff(Permission.USERS_VIEW)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    agent, now = _access(public_id), timezone.now()
    can_edit = may(request.member.role, Permission.USERS_EDIT)  # type: ignore[attr-defined]
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    form = AgentForm(request.POST or None, instance=agent)
    rows = HoursFormSet(request.POST or None, prefix="hours", initial=hours_initial(read_hours(agent.hours)))
    if request.method == "POST" and form.is_valid() and (_keeps_psa_hours(form) or rows.is_valid()):
        if not _keeps_psa_hours(form):
            form.instance.hours = write_hours(hours_entered(rows))
        try:
            save_agent(agent=form.instance, actor=actor_of(request), now=now)
        except SlugTaken:
            form.add_error("slug", "Somebody else has this address part.")
        else:
            messages.success(request, f"{agent.name} is saved.")
            return redirect("staff:user", public_id)
    if not can_edit:
        for field in form.fields.values():
            field.disabled = True
    calendar = list_primary_calendars().filter(agent=agent).first()
    context = {
        "agent": agent,
        "form": form,
        "rows": rows,
        "empty_row": HoursRow(prefix="hours-__prefix__", auto_id="id_%s"),
        "person": _person(_access(public_id), calendar, now),
        "can_edit": can_edit,
    }
    has_errors = form.errors or (rows.is_bound and not _keeps_psa_hours(form) and not rows.is_valid())
    return render_page(request, "staff/users/edit.html", context, now=now, status=422 if has_errors else 200)


@require_POST
@staff(Permission.USERS_EDIT)
def switch_schedulable(request: HttpRequest, public_id: str) -> HttpResponse:
    agent, now = _access(public_id), timezone.now()
    is_schedulable = request.POST.get("is_schedulable") == "yes"
    set_schedulable(agent=agent, is_schedulable=is_schedulable, actor=actor_of(request), now=now)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("staff:users")
    return render_page(request, "staff/users/_switch.html", {"agent": _access(public_id)}, now=now)


def _keeps_psa_hours(form: AgentForm) -> bool:
    return str(form["hours_from"].value()) == Agent.HoursFrom.PSA


def _person(agent: Agent, calendar: Calendar | None, now: datetime) -> Person:
    is_stale = calendar is not None and (calendar.synced_at is None or calendar.synced_at < now - TRUSTED_FOR)
    return Person(agent, summarize_hours(read_hours(agent.hours)), calendar, is_stale)


def _access(public_id: str) -> Agent:
    try:
        return get_agent(public_id)
    except Agent.DoesNotExist:
        raise Http404 from None
