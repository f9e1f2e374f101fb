"""The editor of an appointment type."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from slotdesk.domain.booking.queries import count_open_requests, is_type_used
from slotdesk.domain.catalog.editing import SlugTaken, list_resources, save_type
from slotdesk.domain.links.waiting import list_waiting
from slotdesk.domain.messages.kinds import ABOUT
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.web.access import staff
from slotdesk.web.staff.company_choice import FIND, WORDS, look_for
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.type_editing import Editor, everybody
from slotdesk.web.staff.type_links import ready_links
from slotdesk.web.staff.type_story import tell_workflow
from slotdesk.web.staff.types import access_type


@require_http_methods(["GET", "POST"])
@staff(Permission.TYPES_VIEW)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """
    Whoever may not edit sees the same page with its fields locked.

    A POST with `do` only adds, moves or removes a row of a list: nothing is checked or saved, nothing typed is lost.
    """
    found, now = access_type(public_id), timezone.now()
    name = found.internal_name
    can_edit = may(request.member.role, Permission.TYPES_EDIT)  # type: ignore[attr-defined]
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    command = request.POST.get("do", "")
    editor = Editor(found, request.POST if request.method == "POST" else None, command)
    is_checked = request.method == "POST" and not command
    if is_checked and editor.is_valid():
        try:
            save_type(
                appointment_type=found,
                questions=editor.asked(),
                resources=editor.resources(),
                actor=actor_of(request),
                now=now,
            )
        except SlugTaken:
            editor.form.add_error("slug", gettext("Another appointment type has this address part."))
        else:
            messages.success(request, gettext("%(name)s is saved.") % {"name": found.internal_name})
            return redirect(f"{reverse('staff:type', args=[public_id])}#{_open_section(request, editor)}")
    if not can_edit:
        editor.lock()
    shown = editor.shown()
    wrong = next((each.section.key for each in shown if each.has_errors), "")
    stored = access_type(public_id)
    context = {
        "editor": editor,
        "sections": shown,
        "open_section": wrong or _open_section(request, editor),
        "type": found,
        "name": name,
        "is_unused": found.is_archived and not is_type_used(found),
        "open_requests": count_open_requests([found.pk]).get(found.pk, 0),
        "advice": [] if is_checked else [(editor.section_of(each.field), each.text) for each in editor.advice()],
        "story": tell_workflow(stored),
        "links": ready_links(stored, list_resources(stored) or everybody()),
        "waiting": list_waiting(request.member).filter(appointment_type=found).count(),  # type: ignore[attr-defined]
        "company": look_for(editor.company(), request.POST.get(WORDS, "") if command == FIND else ""),
        "kinds": [(kind.value, about.label) for kind, about in ABOUT.items()],
        "can_edit": can_edit,
    }
    is_refused = is_checked and (editor.form.errors or any(rows.has_errors for rows in editor.lists))
    return render_page(request, "staff/types/edit.html", context, now=now, status=422 if is_refused else 200)


def _open_section(request: HttpRequest, editor: Editor) -> str:
    """The section that the page showed when the form was sent, at first the first one."""
    keys = [each.section.key for each in editor.shown()]
    sent = request.POST.get("section", "")
    return sent if sent in keys else keys[0]
