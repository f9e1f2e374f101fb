"""Visitors of public links who wait to be told when a time opens: listed, and taken out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.links.waiting import list_targets, list_waiting, names_of, pick_removable, remove_alert
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page

_PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    alert: OpeningAlert
    people: str
    can_remove: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of the things that most wait for. query: of the address that shows only them."""

    type: str
    people: str
    ticket_number: str
    count: int
    query: str
    is_shown: bool


@require_GET
@staff(Permission.REQUESTS_VIEW_OWN)
def list_all(request: HttpRequest) -> HttpResponse:
    """`type` in the address: only those who wait for this appointment type; `for`: only for this one thing."""
    member = request.member  # type: ignore[attr-defined]
    kind, about = request.GET.get("type", ""), request.GET.get("for", "")
    alerts = list_waiting(member)
    if kind:
        alerts = alerts.filter(appointment_type__public_id=kind)
    targets = list_targets(alerts)
    pages = Paginator(alerts.filter(about=about) if about else alerts, _PAGE)
    shown = pages.get_page(request.GET.get("page"))
    found = list(shown)
    ids = [each.resources for each in found] + [list(each.resources) for each in targets]
    names, removable = names_of({each for some in ids for each in some}), pick_removable(member, found)
    context = {
        "rows": [Row(each, _say(each.resources, names), each.pk in removable) for each in found],
        "wanted": [
            Wanted(
                type=each.type,
                people=_say(each.resources, names),
                ticket_number=each.ticket_number,
                count=each.count,
                query=_query(type=kind, **{"for": each.about}),
                is_shown=each.about == about,
            )
            for each in targets
        ],
        "is_narrowed": bool(kind or about),
        "query": _query(type=kind, **{"for": about}),
        "page": shown,
        "page_range": pages.get_elided_page_range(shown.number),
    }
    return render_page(request, "staff/waiting.html", context, now=timezone.now())


@require_POST
@staff(Permission.REQUESTS_CANCEL_OWN)
def remove(request: HttpRequest, alert_id: int) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    alert = list_waiting(member).select_related("account").filter(pk=alert_id).first()
    if alert is None:
        raise Http404
    if not pick_removable(member, [alert]):
        raise PermissionDenied
    remove_alert(alert=alert, actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("%(email)s is told no more.") % {"email": alert.email})
    # Back to what was being looked at.
    query = request.GET.urlencode()
    return redirect(reverse("staff:waiting") + (f"?{query}" if query else ""))


def _say(resources: Collection[str], names: dict[str, str]) -> str:
    return ", ".join(names[each] for each in resources if each in names)


def _query(**values: str) -> str:
    return urlencode({name: value for name, value in values.items() if value})
