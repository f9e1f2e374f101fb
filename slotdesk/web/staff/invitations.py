"""Users → Invite users: writing to people, and what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from slotdesk.domain.people.invitations import (
    InvitationClosed,
    InvitationState,
    UnknownTeam,
    get_invitation,
    invite_people,
    list_open_invitations,
    renew_invitation,
    revoke_invitation,
    state_of,
)
from slotdesk.domain.people.models import Team
from slotdesk.domain.tenants.grants import NotYoursToGive, covers
from slotdesk.domain.tenants.models import Invitation, Role
from slotdesk.domain.tenants.permissions import BuiltIn, Permission
from slotdesk.domain.tenants.queries import list_roles
from slotdesk.web.access import staff
from slotdesk.web.staff.invitation_form import InvitationForm
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.roles import NOT_YOURS
from slotdesk.web.sudo import sudo

_NOT_SENT = {
    InvitationState.ACCEPTED: gettext_lazy("Not sent: the invitation of %(email)s was accepted meanwhile."),
    InvitationState.REVOKED: gettext_lazy("Not sent: the invitation of %(email)s was revoked meanwhile."),
}


@require_GET
@staff(Permission.USERS_ADD)
def list_all(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    names = dict(Team.objects.values_list("public_id", "internal_name"))
    rows = [
        (each, state_of(each, now=now).value, [names[team_id] for team_id in each.team_ids if team_id in names])
        for each in list_open_invitations()
    ]
    return render_page(request, "staff/invitations/list.html", {"rows": rows}, now=now)


@require_http_methods(["GET", "POST"])
@staff(Permission.USERS_ADD)
@sudo
def create(request: HttpRequest) -> HttpResponse:
    """`?email=` begins with an address, as from the page of an agent who has no sign-in."""
    mine, now = _role(request), timezone.now()
    roles = [role for role in list_roles() if covers(mine, role)]
    teams = list(Team.objects.filter(is_active=True, source="").order_by("internal_name"))
    least = next((role.public_id for role in roles if role.key == BuiltIn.USER), "")
    first = {"emails": request.GET.get("email", ""), "role": least}
    form = InvitationForm(request.POST or None, roles=roles, teams=teams, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            invited = invite_people(
                account=request.member.account,  # type: ignore[attr-defined]
                emails=given["emails"],
                role=next(role for role in roles if role.public_id == given["role"]),
                team_ids=given["teams"],
                by=mine,
                actor=actor_of(request),
                now=now,
            )
        except UnknownTeam:
            form.add_error("teams", gettext("One of these teams is not there any more."))
        except NotYoursToGive:
            form.add_error("role", NOT_YOURS)
        else:
            if invited.sent:
                messages.success(request, _say_sent(len(invited.sent)))
            if invited.members:
                messages.info(
                    request,
                    gettext("Here already, and not written to: %(names)s.") % {"names": ", ".join(invited.members)},
                )
            return redirect("staff:invitations")
    context = {"form": form, "teams": teams}
    return render_page(request, "staff/invitations/new.html", context, now=now, status=422 if form.errors else 200)


@require_POST
@staff(Permission.USERS_ADD)
@sudo
def renew(request: HttpRequest, public_id: str) -> HttpResponse:
    invitation = _access(public_id)
    try:
        renew_invitation(invitation=invitation, by=_role(request), actor=actor_of(request), now=timezone.now())
    except InvitationClosed as error:
        messages.error(
            request,
            _NOT_SENT[error.state] % {"email": invitation.email},
        )
    except NotYoursToGive:
        messages.error(request, NOT_YOURS)
    else:
        messages.success(
            request,
            gettext("Sent to %(email)s again. Links sent before do not work any more.") % {"email": invitation.email},
        )
    return redirect("staff:invitations")


@require_POST
@staff(Permission.USERS_ADD)
@sudo
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    invitation = _access(public_id)
    try:
        revoke_invitation(invitation=invitation, actor=actor_of(request), now=timezone.now())
    except InvitationClosed:
        messages.error(
            request,
            gettext("%(email)s has accepted meanwhile. Deactivate the person instead.") % {"email": invitation.email},
        )
    else:
        messages.success(
            request,
            gettext("The invitation of %(email)s is taken back; its link opens nothing.") % {"email": invitation.email},
        )
    return redirect("staff:invitations")


def _role(request: HttpRequest) -> Role:
    return request.member.role  # type: ignore[attr-defined,no-any-return]


def _say_sent(count: int) -> str:
    return ngettext(
        "%(count)s person invited. The e-mail is on its way; its link works for a week.",
        "%(count)s people invited. The e-mail is on its way; its link works for a week.",
        count,
    ) % {"count": count}


def _access(public_id: str) -> Invitation:
    try:
        return get_invitation(public_id)
    except Invitation.DoesNotExist:
        raise Http404 from None
