"""The calendars of one person: where appointments are written to, what blocks, and how fresh each is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from slotdesk.availability.values import BusyKind
from slotdesk.domain.connections.busy_mirror import TRUSTED_FOR, read_calendar
from slotdesk.domain.connections.calendars import (
    KINDS,
    Blocking,
    NothingBlocks,
    UnknownCalendar,
    UnknownKind,
    choose_calendars,
    list_calendars,
)
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.connections.registry import get_manifest
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.ports.errors import PortError
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.person_access import access_agent, access_agent_to_edit, person_context

_KIND_WORDS = {
    BusyKind.BUSY: gettext_lazy("Busy"),
    BusyKind.TENTATIVE: gettext_lazy("Tentative"),
    BusyKind.OUT_OF_OFFICE: gettext_lazy("Out of office"),
    BusyKind.ELSEWHERE: gettext_lazy("Working elsewhere"),
    BusyKind.FREE: gettext_lazy("Marked as free"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """
    One calendar as the page shows it, with what was entered.

    vendor     what the vendor is called; is_stale: too old to offer times by
    kinds      (value, label, whether it blocks)
    """

    calendar: Calendar
    vendor: str
    is_primary: bool
    is_blocking: bool
    is_stale: bool
    kinds: list[tuple[str, str, bool]]
    error: str = ""


@require_http_methods(["GET", "POST"])
@staff(Permission.CALENDARS_VIEW_OWN)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever may not edit sees the same page with its fields locked."""
    agent, now = access_agent(request, public_id), timezone.now()
    calendars = list(list_calendars(agent))
    error, calendar_id = "", 0
    if request.method == "POST":
        access_agent_to_edit(request, public_id)
        try:
            _choose(request, agent, calendars, now)
        except NothingBlocks as problem:
            error, calendar_id = gettext("Choose at least one kind of entry that blocks."), problem.calendar_id
        except (UnknownCalendar, UnknownKind):
            error = gettext("Choose among the calendars that are shown.")
        else:
            messages.success(request, gettext("The calendars of %(name)s are saved.") % {"name": agent.name})
            return redirect("staff:user-calendars", public_id)
    rows = [
        _row(each, request.POST if error else None, now, error=error if each.pk == calendar_id else "")
        for each in calendars
    ]
    context = person_context(request, agent, tab="calendars")
    context |= {"rows": rows, "error": error, "has_primary": any(each.is_primary for each in calendars)}
    return render_page(request, "staff/people/calendars.html", context, now=now, status=422 if error else 200)


@require_POST
@staff(Permission.CALENDARS_EDIT_OWN)
def read_now(request: HttpRequest, public_id: str, calendar_id: int) -> HttpResponse:
    """Ask the vendor at once, and say how it went."""
    agent = access_agent_to_edit(request, public_id)
    calendar = list_calendars(agent).filter(pk=calendar_id).first()
    if calendar is None:
        raise Http404
    try:
        read_calendar(calendar=calendar, now=timezone.now())
    except PortError as error:
        messages.error(request, gettext("The calendar could not be read: %(error)s") % {"error": error})
    else:
        messages.success(request, gettext("The calendar was read just now."))
    return redirect("staff:user-calendars", public_id)


def _choose(request: HttpRequest, agent: Agent, calendars: list[Calendar], now: datetime) -> None:
    data = request.POST
    primary = data.get("primary", "")
    if primary and not (primary.isascii() and primary.isdigit() and len(primary) < 18):
        raise UnknownCalendar
    choose_calendars(
        agent=agent,
        primary_id=int(primary) if primary else None,
        blocking={
            each.pk: Blocking(f"blocks-{each.pk}" in data, tuple(data.getlist(f"kinds-{each.pk}")))
            for each in calendars
        },
        actor=actor_of(request),
        now=now,
    )


def _row(calendar: Calendar, data: QueryDict | None, now: datetime, *, error: str) -> Row:
    kinds = calendar.blocking_kinds if data is None else data.getlist(f"kinds-{calendar.pk}")
    return Row(
        calendar=calendar,
        vendor=get_manifest(calendar.connection.kind).label,
        is_primary=calendar.is_primary if data is None else data.get("primary") == str(calendar.pk),
        is_blocking=calendar.is_blocking if data is None else f"blocks-{calendar.pk}" in data,
        is_stale=calendar.synced_at is None or calendar.synced_at < now - TRUSTED_FOR,
        kinds=[(kind.value, str(_KIND_WORDS[kind]), kind.value in kinds) for kind in KINDS],
        error=error,
    )
