"""Appointment types: the list, and what is done to a type as a whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from slotdesk.domain.booking.queries import count_open_requests
from slotdesk.domain.catalog.editing import InUse, archive_type, create_type, delete_type, duplicate_type, move_type
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.queries import get_type, list_types, search_types
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.type_form import QuickForm

_PAGE = 50
# With fewer there is nothing to search in.
_MANY = 10
_MOST_WORDS = 120


@require_GET
@staff(Permission.TYPES_VIEW)
def list_all(request: HttpRequest) -> HttpResponse:
    return _list(request)


@require_GET
@staff(Permission.TYPES_VIEW)
def list_archived(request: HttpRequest) -> HttpResponse:
    return _list(request, is_archive=True)


@require_http_methods(["GET", "POST"])
@staff(Permission.TYPES_CREATE)
def create(request: HttpRequest) -> HttpResponse:
    """What a type cannot do without; the rest is in the editor, to which it leads."""
    form = QuickForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = request.member.account  # type: ignore[attr-defined]
        made = create_type(account=account, **form.cleaned_data, actor=actor_of(request), now=timezone.now())
        messages.success(
            request,
            gettext("%(name)s can be used in tickets from now on. Here is everything else.")
            % {"name": made.internal_name},
        )
        return redirect("staff:type", made.public_id)
    status = 422 if form.errors else 200
    return render_page(request, "staff/types/new.html", {"form": form}, now=timezone.now(), status=status)


@require_POST
@staff(Permission.TYPES_CREATE)
def duplicate(request: HttpRequest, public_id: str) -> HttpResponse:
    copied = duplicate_type(appointment_type=access_type(public_id), actor=actor_of(request), now=timezone.now())
    messages.success(
        request,
        gettext("%(name)s is a copy, questions, people and workflow included.") % {"name": copied.internal_name},
    )
    return redirect("staff:type", copied.public_id)


@require_POST
@staff(Permission.TYPES_EDIT)
def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """To another place of the list: `to` is up, down, or the place counted from 0."""
    found = access_type(public_id)
    order = [each.pk for each in list_types()]
    to = request.POST.get("to", "")
    if found.pk not in order:
        raise Http404
    present = order.index(found.pk)
    if to in ("up", "down"):
        place = present + (1 if to == "down" else -1)
    elif to.isascii() and to.isdigit() and len(to) <= 4:
        place = int(to)
    else:
        place = present
    move_type(appointment_type=found, place=place, actor=actor_of(request), now=timezone.now())
    page = min(max(place, 0), len(order) - 1) // _PAGE + 1
    if request.htmx:  # type: ignore[attr-defined]
        return _list(request, page=page, moved=(found.pk, to))
    return redirect(f"{reverse('staff:types')}?page={page}")


@require_POST
@staff(Permission.TYPES_DELETE)
def archive(request: HttpRequest, public_id: str) -> HttpResponse:
    found = access_type(public_id)
    is_archived = request.POST.get("is_archived") == "yes"
    archive_type(appointment_type=found, is_archived=is_archived, actor=actor_of(request), now=timezone.now())
    if is_archived:
        messages.success(
            request,
            gettext("%(name)s is archived. Open requests of it can still be booked.") % {"name": found.internal_name},
        )
        return redirect("staff:types")
    messages.success(request, gettext("%(name)s is in use again.") % {"name": found.internal_name})
    return redirect("staff:type", public_id)


@require_POST
@staff(Permission.TYPES_DELETE)
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """For good, if no request was ever made with it."""
    found = access_type(public_id)
    try:
        delete_type(appointment_type=found, actor=actor_of(request), now=timezone.now())
    except InUse:
        messages.error(
            request,
            gettext("Requests were made with %(name)s, so it stays in the archive.") % {"name": found.internal_name},
        )
        return redirect("staff:type", public_id)
    messages.success(request, gettext("%(name)s is deleted.") % {"name": found.internal_name})
    return redirect("staff:types")


def access_type(public_id: str) -> AppointmentType:
    """A type of the member's account, otherwise 404."""
    try:
        return get_type(public_id)
    except AppointmentType.DoesNotExist:
        raise Http404 from None


def _list(
    request: HttpRequest, *, is_archive: bool = False, page: int | None = None, moved: tuple[int, str] | None = None
) -> HttpResponse:
    """moved: which type has just been moved, and how, so that the keyboard stays with it."""
    words = "" if moved else request.GET.get("q", "").strip()[:_MOST_WORDS]
    types = search_types(words, is_archived=is_archive)
    pages = Paginator(types, _PAGE)
    shown = pages.get_page(page or request.GET.get("page"))
    counts = count_open_requests([item.pk for item in shown])
    context: dict[str, Any] = {
        "rows": [(item, counts.get(item.pk, 0)) for item in shown],
        "page": shown,
        "page_range": pages.get_elided_page_range(shown.number),
        "words": words,
        "is_archive": is_archive,
        "can_search": bool(words) or pages.count > _MANY,
        "may_move": not is_archive and not words and pages.count > 1,
        "moved_pk": moved[0] if moved else None,
        "moved_to": moved[1] if moved else "",
    }
    is_part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    template = "staff/types/_rows.html" if is_part else "staff/types/list.html"
    response = render_page(request, template, context, now=timezone.now())
    response.headers["Vary"] = "HX-Request"
    return response
