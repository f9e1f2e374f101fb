"""Teams: list, make, edit, put out of use."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from slotdesk.domain.people.models import Team
from slotdesk.domain.people.slugs import SlugTaken, free_slug
from slotdesk.domain.people.team_queries import get_team, list_archived_teams, list_candidates, list_teams
from slotdesk.domain.people.teams import MembersAreMirrored, remove_team, restore_team, save_team
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.team_form import MemberRows, TeamForm


@require_GET
@staff(Permission.TEAMS_VIEW)
def list_all(request: HttpRequest) -> HttpResponse:
    context = {"teams": list(list_teams()), "is_archive": False}
    return render_page(request, "staff/teams/list.html", context, now=timezone.now())


@require_GET
@staff(Permission.TEAMS_VIEW)
def list_archived(request: HttpRequest) -> HttpResponse:
    context = {"teams": list(list_archived_teams()), "is_archive": True}
    return render_page(request, "staff/teams/list.html", context, now=timezone.now())


@require_http_methods(["GET", "POST"])
@staff(Permission.TEAMS_ADD)
def create(request: HttpRequest) -> HttpResponse:
    return _edit(request, Team(account=request.member.account), can_edit=True)  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@staff(Permission.TEAMS_VIEW)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever may not edit sees the same page with its fields locked."""
    can_edit = may(request.member.role, Permission.TEAMS_EDIT)  # type: ignore[attr-defined]
    return _edit(request, _access(public_id), can_edit=can_edit)


@require_POST
@staff(Permission.TEAMS_DELETE)
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    team = _access(public_id)
    if remove_team(team=team, actor=actor_of(request), now=timezone.now()):
        messages.success(request, gettext("%(name)s is deleted.") % {"name": team.internal_name})
    else:
        messages.success(
            request,
            gettext("%(name)s is in the archive. What was booked for it stands.") % {"name": team.internal_name},
        )
    return redirect("staff:teams")


@require_POST
@staff(Permission.TEAMS_DELETE)
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    team = _access(public_id)
    restore_team(team=team, actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("%(name)s can be asked for again.") % {"name": team.internal_name})
    return redirect("staff:team", public_id)


def _edit(request: HttpRequest, team: Team, *, can_edit: bool) -> HttpResponse:
    is_new, now, name = team.pk is None, timezone.now(), team.internal_name
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    form = TeamForm(request.POST or None, instance=team)
    members = MemberRows.of(team, list_candidates(team))
    if request.method == "POST":
        members.read(request.POST, is_mirrored=team.is_mirrored)
        if form.is_valid() and not members.has_errors and _save(request, form, members):
            messages.success(request, gettext("%(name)s is saved.") % {"name": team.internal_name})
            return redirect("staff:teams")
    if not can_edit:
        for field in form.fields.values():
            field.disabled = True
    has_errors = bool(form.errors) or members.has_errors
    context = {
        "form": form,
        "team": team,
        "members": members.rows,
        "name": name,
        "is_new": is_new,
        "can_edit": can_edit,
        "has_errors": has_errors,
    }
    return render_page(request, "staff/teams/edit.html", context, now=now, status=422 if has_errors else 200)


def _save(request: HttpRequest, form: TeamForm, members: MemberRows) -> bool:
    team: Team = form.instance
    if not team.slug:
        team.slug = free_slug(Team, team.account, team.internal_name)
    try:
        save_team(team=team, places=members.places(), actor=actor_of(request), now=timezone.now())
    except SlugTaken:
        form.add_error("slug", gettext("Somebody else, another team or another page has this address part."))
    except MembersAreMirrored:
        form.add_error(None, gettext("Who is in this team changed in the PSA meanwhile. Look again, then save."))
    else:
        return True
    return False


def _access(public_id: str) -> Team:
    try:
        return get_team(public_id)
    except Team.DoesNotExist:
        raise Http404 from None
