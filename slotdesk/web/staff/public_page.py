"""A person's or a team's own page: switching it on, its words and order, and how it looks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from slotdesk.domain.links.addresses import page_link
from slotdesk.domain.links.models import PublicPage
from slotdesk.domain.links.pages import get_page, save_page
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.slugs import SlugTaken
from slotdesk.domain.people.team_queries import get_team
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.web.access import staff
from slotdesk.web.public.public_page import page_context
from slotdesk.web.staff.as_clients import as_clients_read
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.person_access import access_agent, access_agent_to_edit, person_context
from slotdesk.web.staff.public_page_form import PageEditor


@require_http_methods(["GET", "POST"])
@staff(Permission.CALENDARS_VIEW_OWN)
def edit_personal(request: HttpRequest, public_id: str) -> HttpResponse:
    """One's own, and everybody's for whoever may edit users. Who may not edit sees the fields locked."""
    agent = access_agent(request, public_id)
    if request.method == "POST":
        access_agent_to_edit(request, public_id)
    return _edit(request, agent, "staff/people/page.html", person_context(request, agent, tab="page"))


@require_safe
@staff(Permission.CALENDARS_VIEW_OWN)
def preview_personal(request: HttpRequest, public_id: str) -> HttpResponse:
    return _preview(request, get_page(access_agent(request, public_id)))


@require_http_methods(["GET", "POST"])
@staff(Permission.TEAMS_VIEW)
def edit_team(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever may not edit sees the same page with its fields locked."""
    team = access_team(public_id)
    can_edit = may(request.member.role, Permission.TEAMS_EDIT)  # type: ignore[attr-defined]
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    return _edit(request, team, "staff/teams/page.html", {"team": team, "tab": "page", "can_edit": can_edit})


@require_safe
@staff(Permission.TEAMS_VIEW)
def preview_team(request: HttpRequest, public_id: str) -> HttpResponse:
    return _preview(request, get_page(access_team(public_id)))


def _edit(request: HttpRequest, resource: Agent | Team, template: str, context: dict[str, Any]) -> HttpResponse:
    """A POST with `do` only moves a row: nothing is checked or saved, nothing typed is lost."""
    page, now, command = get_page(resource), timezone.now(), request.POST.get("do", "")
    editor = PageEditor(page, request.POST if request.method == "POST" else None, command)
    if request.method == "POST" and not command and editor.is_valid():
        try:
            save_page(
                page=page,
                slug=editor.form.cleaned_data["slug"],
                offers=editor.offers(),
                actor=actor_of(request),
                now=now,
            )
        except SlugTaken:
            editor.form.add_error("slug", gettext("Somebody else, another team or another page has this address part."))
        else:
            messages.success(
                request, gettext("Saved. The page is on.") if page.is_on else gettext("Saved. The page is off.")
            )
            return redirect(request.path)
    if not context["can_edit"]:
        editor.lock()
    stored = get_page(resource)
    context |= {
        "form": editor.form,
        "rows": editor.rows(),
        "has_errors": editor.has_errors,
        "is_on": stored.is_on,
        "address": page_link(resource.account, resource),
        "preview_route": "staff:user-page-preview" if isinstance(resource, Agent) else "staff:team-page-preview",
        "embed_route": "staff:user-page-embedding" if isinstance(resource, Agent) else "staff:team-page-embedding",
        "languages_route": "staff:user-page-languages" if isinstance(resource, Agent) else "staff:team-page-languages",
        "is_stored": stored.pk is not None,
        "public_id": resource.public_id,
    }
    return render_page(request, template, context, now=now, status=422 if editor.has_errors else 200)


def _preview(request: HttpRequest, page: PublicPage) -> HttpResponse:
    """What is stored, also while the page is off."""
    with as_clients_read(page.account):
        return render(request, "public/page.html", page_context(page, {}))


def access_team(public_id: str) -> Team:
    """A team of the member's account, otherwise 404."""
    try:
        return get_team(public_id)
    except Team.DoesNotExist:
        raise Http404 from None
