"""Appointment types: list, edit, create, archive."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from slotdesk.domain.booking.queries import count_open_requests
from slotdesk.domain.catalog.editing import SlugTaken, archive_type, save_type
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.queries import get_type, list_archived_types, list_types
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.type_form import TypeForm


@require_GET
@staff(Permission.TYPES_VIEW)
def list_all(request: HttpRequest) -> HttpResponse:
    return _list(request, list(list_types()), is_archive=False)


@require_GET
@staff(Permission.TYPES_VIEW)
def list_archived(request: HttpRequest) -> HttpResponse:
    return _list(request, list(list_archived_types()), is_archive=True)


@require_http_methods(["GET", "POST"])
@staff(Permission.TYPES_EDIT)
def create(request: HttpRequest) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    return _edit(request, AppointmentType(account=member.account, reminders=[{"after_minutes": hours * 60, "template": ""} for hours in (24, 72)]))


@require_http_methods(["GET", "POST"])
@staff(Permission.TYPES_VIEW)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever may not edit sees the same page with its fields locked."""
    return _edit(request, _access(public_id))


@require_POST
@staff(Permission.TYPES_EDIT)
def archive(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _access(public_id)
    is_archived = request.POST.get("is_archived") == "yes"
    archive_type(appointment_type=found, is_archived=is_archived, actor=actor_of(request), now=timezone.now())
    if is_archived:
        messages.success(request, f"{found.internal_name} is archived. Open requests of it can still be booked.")
        return redirect("staff:types")
    messages.success(request, f"{found.internal_name} is in use again.")
    return redirect("staff:type", public_id)


def _list(request: HttpRequest, types: list[AppointmentType], *, is_archive: bool) -> HttpResponse:
    counts = count_open_requests([item.pk for item in types])
    rows = [(item, counts.get(item.pk, 0)) for item in types]
    return render_page(request, "staff/types/list.html", {"rows": rows, "is_archive": is_archive}, now=timezone.now())


def _edit(request: HttpRequest, appointment_type: AppointmentType) -> HttpResponse:
    can_edit = may(request.member.role, Permission.TYPES_EDIT)  # type: ignore[attr-defined]
    is_new, now = appointment_type.pk is None, timezone.now()
    name = appointment_type.internal_name
    open_requests = 0 if is_new else count_open_requests([appointment_type.pk]).get(appointment_type.pk, 0)
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    form = TypeForm(request.POST or None, instance=appointment_type)
    if request.method == "POST" and form.is_valid():
        try:
            save_type(appointment_type=form.instance, actor=actor_of(request), now=now)
        except SlugTaken:
            form.add_error("slug", "Another appointment type has this address part.")
        else:
            messages.success(request, f"{form.instance.internal_name} is saved.")
            return redirect("staff:types")
    if not can_edit:
        for field in form.fields.values():
            field.disabled = True
    context = {
        "form": form,
        "type": appointment_type,
        "name": name,
        "is_new": is_new,
        "open_requests": open_requests,
        "can_edit": can_edit,
    }
    return render_page(request, "staff/types/edit.html", context, now=now, status=422 if form.errors else 200)


def _access(public_id: str) -> AppointmentType:
    try:
        return get_type(public_id)
    except AppointmentType.DoesNotExist:
        raise Http404 from None
