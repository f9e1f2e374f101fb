"""What an appointment type does, step by step: shown where it is classic, edited in Workflow Mode, tried out."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import list_requests
from slotdesk.domain.catalog.classic import compile_workflow, workflow_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.queries import get_type, list_types
from slotdesk.domain.catalog.workflow import Trigger, Workflow
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.domain.workflows.checking import Problem
from slotdesk.domain.workflows.dry_run import Tried, try_out
from slotdesk.domain.workflows.editing import (
    ChangedMeanwhile,
    NotUsable,
    differences,
    end_workflow_mode,
    revision_of,
    save_workflow,
    start_workflow_mode,
)
from slotdesk.domain.workflows.template_values import list_variables
from slotdesk.web.access import staff
from slotdesk.web.middleware import allow_framing
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.requests import EMAIL_POLICY
from slotdesk.web.staff.workflow_cards import (
    Cards,
    is_trigger,
    list_actions,
    list_condition_fields,
    list_triggers,
    list_units,
    triggers_of,
)
from slotdesk.web.staff.workflow_companies import companies_of, list_lost
from slotdesk.web.staff.workflow_draft import BadDraft, Draft, change, draft_of, read_draft, to_workflow

_MOST_REQUESTS = 20


@require_http_methods(["GET", "POST"])
@staff(Permission.TYPES_VIEW)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever may not edit sees the steps as they are."""
    found = _access(public_id)
    if request.method == "GET":
        return _show(request, found, draft_of(workflow_of(found)))
    if not _may_edit(request):
        raise PermissionDenied
    revision, op = request.POST.get("revision", ""), request.POST.get("op", "")
    try:
        draft = read_draft(request.POST)
        if op == "save":
            return _save(request, found, draft, revision)
        if op == "try":
            return _show(request, found, draft, revision=revision, tried=_try(request, found, draft), focus="tried")
        if op == "copy":
            draft, focus = _copied(request.POST.get("copy-from", "")), "branches"
        else:
            focus = change(draft, op, request.POST)
        return _show(request, found, draft, revision=revision, focus=focus, is_changed=True)
    except BadDraft:
        messages.error(
            request, gettext("The page had become too old to go on with. This is what is stored; begin again here.")
        )
        return _again(request, found)


@require_http_methods(["GET", "POST"])
@staff(Permission.TYPES_EDIT)
def switch(request: HttpRequest, public_id: str) -> HttpResponse:
    """To Workflow Mode with a press; back to classic only after having seen what is lost."""
    found, now = _access(public_id), timezone.now()
    if request.method == "POST" and request.POST.get("to") == "workflow":
        start_workflow_mode(appointment_type=found, actor=actor_of(request), now=now)
        messages.success(request, gettext("This type is in Workflow Mode: change its steps, try them out, then save."))
        return redirect("staff:type-workflow", public_id)
    if found.workflow is None:
        return redirect("staff:type-workflow", public_id)
    if request.method == "POST":
        try:
            revision = request.POST.get("revision", "")
            end_workflow_mode(appointment_type=found, revision=revision, actor=actor_of(request), now=now)
        except ChangedMeanwhile as changed:
            messages.error(
                request,
                gettext("%(who)s has changed the workflow meanwhile. Look again at what is lost.")
                % {"who": _who(changed)},
            )
            return redirect("staff:type-workflow-mode", public_id)
        messages.success(request, gettext("This type is classic again: its settings say what happens."))
        return redirect("staff:type-workflow", public_id)
    lost = differences(workflow_of(found), compile_workflow(found))
    context = {"type": found, "lost": lost, "revision": revision_of(found)}
    return render_page(request, "staff/workflow/classic.html", context, now=now)


@require_POST
@staff(Permission.TYPES_EDIT)
def show_mail(request: HttpRequest, public_id: str, step_key: str) -> HttpResponse:
    """The e-mail that a step would send, as its reader would see it, for a frame in the page."""
    found = _access(public_id)
    try:
        tried = _try(request, found, read_draft(request.POST))
    except BadDraft:
        return HttpResponse(gettext("The workflow cannot be read. Load the page again."), status=422)
    mail = next((each.mail for each in tried["lines"] if each.step_key == step_key and each.mail), None)
    if mail is None:
        raise Http404
    response = HttpResponse(mail.html)
    response.headers["Content-Security-Policy"] = EMAIL_POLICY
    return allow_framing(response, ("'self'",))


def _save(request: HttpRequest, found: AppointmentType, draft: Draft, revision: str) -> HttpResponse:
    if found.workflow is None:
        messages.error(
            request, gettext("This type is classic now: its steps follow from its settings. Switch it over first.")
        )
        return _again(request, found)
    now, workflow = timezone.now(), to_workflow(draft)
    if lost := list_lost(workflow):
        return _show(request, found, draft, revision=revision, problems=lost, is_changed=True, status=422)
    try:
        save_workflow(
            appointment_type=found,
            workflow=workflow,
            revision=revision,
            actor=actor_of(request),
            now=now,
        )
    except NotUsable as error:
        return _show(request, found, draft, revision=revision, problems=error.problems, is_changed=True, status=422)
    except ChangedMeanwhile as changed:
        found.refresh_from_db()
        theirs = differences(workflow_of(found), workflow)
        conflict = {"who": _who(changed), "at": changed.at, "differences": theirs}
        return _show(request, found, draft, revision=revision, conflict=conflict, is_changed=True, status=409)
    messages.success(
        request,
        gettext("%(name)s is saved. Requests made from now on follow it.") % {"name": found.internal_name},
    )
    return _again(request, found)


def _again(request: HttpRequest, found: AppointmentType) -> HttpResponse:
    """The page as it is stored, wherever the form was sent from."""
    url = reverse("staff:type-workflow", args=[found.public_id])
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]


def _who(changed: ChangedMeanwhile) -> str:
    return changed.by or gettext("Somebody else")


def _copied(public_id: str) -> Draft:
    try:
        return draft_of(workflow_of(get_type(public_id)))
    except AppointmentType.DoesNotExist:
        raise BadDraft(public_id) from None


def _try(request: HttpRequest, found: AppointmentType, draft: Draft) -> dict[str, Any]:
    chosen = _recent(request, found).filter(public_id=request.POST.get("try-request", "")).first()
    trigger = request.POST.get("try-trigger", "")
    if chosen is None or not is_trigger(trigger):
        return {"lines": [], "problem": gettext("Choose a request and what happens to it.")}
    lines: list[Tried] = try_out(to_workflow(draft), request=chosen, trigger=Trigger(trigger), now=timezone.now())
    problem = "" if lines else gettext("The workflow has no steps for this.")
    has_mail = any(line.mail for line in lines)
    return {"lines": lines, "has_mail": has_mail, "problem": problem, "request": chosen.public_id, "trigger": trigger}


def _recent(request: HttpRequest, found: AppointmentType) -> Any:
    """Requests of the type that the member may see, newest first."""
    return list_requests(request.member).filter(appointment_type=found)  # type: ignore[attr-defined]


def _show(
    request: HttpRequest,
    found: AppointmentType,
    draft: Draft,
    *,
    revision: str = "",
    focus: str = "",
    problems: list[Problem] | None = None,
    conflict: dict[str, Any] | None = None,
    tried: dict[str, Any] | None = None,
    is_changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    workflow: Workflow = to_workflow(draft)
    is_classic = found.workflow is None
    can_edit = _may_edit(request)
    requests: list[SchedulingRequest] = list(_recent(request, found)[:_MOST_REQUESTS])
    companies = companies_of(found, request.POST.get("op", ""), request.POST)
    context = {
        "type": found,
        "is_classic": is_classic,
        "can_edit": can_edit,
        "can_change": can_edit and not is_classic,
        "cards": Cards(found.account, companies, problems or [], focus.removeprefix("step-")).of(workflow),
        "document": json.dumps(draft, ensure_ascii=False),
        "revision": revision or revision_of(found),
        "current_revision": revision_of(found),
        "problems": problems,
        "conflict": conflict,
        "tried": tried,
        "is_changed": is_changed,
        "focus": focus,
        "triggers": list_triggers(),
        "own_triggers": triggers_of(workflow),
        "actions": list_actions(),
        "fields": list_condition_fields(),
        "units": list_units(),
        "others": [each for each in list_types() if each.pk != found.pk],
        "requests": requests,
        "variables": list_variables(),
    }
    is_fragment = request.htmx and request.method == "POST"  # type: ignore[attr-defined]
    template = "staff/workflow/_editor.html" if is_fragment else "staff/workflow/edit.html"
    # htmx puts only what came with 200 into the page.
    return render_page(request, template, context, now=timezone.now(), status=200 if is_fragment else status)


def _may_edit(request: HttpRequest) -> bool:
    return may(request.member.role, Permission.TYPES_EDIT)  # type: ignore[attr-defined]


def _access(public_id: str) -> AppointmentType:
    try:
        return get_type(public_id)
    except AppointmentType.DoesNotExist:
        raise Http404 from None
