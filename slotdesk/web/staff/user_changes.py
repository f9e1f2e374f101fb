"""Users → one change for everybody who was ticked: first what it would do, then the deed, person by person."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from slotdesk.domain.people import bulk
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.persons import Person
from slotdesk.domain.people.team_queries import get_team
from slotdesk.domain.tenants.models import Role
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.domain.tenants.queries import get_role
from slotdesk.web.access import staff
from slotdesk.web.public.zones import all_options, is_zone
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.user_actions import find_person
from slotdesk.web.sudo import ask_again

# What each kind of change takes.
RIGHTS = {
    "invite": Permission.USERS_ADD,
    "role": Permission.SECURITY_EDIT,
    "bookable": Permission.USERS_ACTIVATE,
    "team": Permission.TEAMS_EDIT,
    "not_team": Permission.TEAMS_EDIT,
    "zone": Permission.USERS_EDIT,
    "hours": Permission.USERS_EDIT,
}


class NotThere(Exception):
    """What was chosen is not there, or not any more."""


_PROBLEMS = {
    bulk.Problem.NO_SIGN_IN: gettext_lazy("%(name)s cannot sign in, and so has no role."),
    bulk.Problem.NO_CALENDAR: gettext_lazy("%(name)s has no calendar that clients could book."),
    bulk.Problem.LEFT: gettext_lazy("%(name)s is deactivated."),
    bulk.Problem.LAST_ADMINISTRATOR: gettext_lazy("%(name)s is the only administrator."),
    bulk.Problem.NOT_YOURS: gettext_lazy("%(name)s may do more than you, so only an administrator changes their role."),
    bulk.Problem.MIRRORED: gettext_lazy("%(name)s is in this team or not as the PSA says."),
    bulk.Problem.ZONE_OF_PSA: gettext_lazy("%(name)s has the time zone that the PSA says; change it there."),
    bulk.Problem.NO_PSA_HOURS: gettext_lazy("%(name)s has no working hours in the PSA."),
    bulk.Problem.NO_OWN_HOURS: gettext_lazy("%(name)s has no hours of their own entered yet."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One person in the preview. effect: None when they cannot be changed, and `problem` says why."""

    person: Person
    effect: bulk.Effect | None
    problem: str = ""


@require_POST
@staff(Permission.USERS_VIEW)
def change_many(request: HttpRequest) -> HttpResponse:
    """
    Without `confirmed` the preview, with it the deed. Each kind of change takes its own right.

    What cannot be done for one keeps nobody else from it, and is told.
    """
    kind, _, value = request.POST.get("change", "").partition(":")
    value = value or request.POST.get("zone", "")
    people = [person for person in map(find_person, request.POST.getlist("people")) if person is not None]
    if not people or kind not in RIGHTS:
        messages.error(request, gettext("Tick the people, and choose what to change."))
        return redirect("staff:users")
    if not may(request.member.role, RIGHTS[kind]):  # type: ignore[attr-defined]
        raise PermissionDenied
    if kind == "invite":
        return _invite(request, people)
    if kind == "role" and (again := ask_again(request)) is not None:
        return again
    if kind == "zone" and not value:
        context = {"people": people, "zone_options": all_options(timezone.now().date())}
        return render_page(request, "staff/users/changes_zone.html", context, now=timezone.now())
    try:
        change = _read(request, kind, value)
    except NotThere:
        messages.error(request, gettext("What was chosen is not there any more. Choose again."))
        return redirect("staff:users")
    if "confirmed" not in request.POST:
        return _preview(request, change, people, f"{kind}:{value}")
    return _apply(request, change, people)


def _invite(request: HttpRequest, people: list[Person]) -> HttpResponse:
    """To the invitation, with the addresses of those who do not sign in yet; that page is the preview."""
    emails = [person.email for person in people if person.member is None and person.is_here and person.email]
    if not emails:
        messages.error(request, gettext("Everybody who is ticked signs in already, or has no address."))
        return redirect("staff:users")
    return redirect(f"{reverse('staff:invitation-new')}?{urlencode({'email': ', '.join(emails)})}")


def _preview(request: HttpRequest, change: bulk.Change, people: list[Person], sent: str) -> HttpResponse:
    rows = [_foresee(change, person) for person in people]
    context = {
        "rows": rows,
        "change": sent,
        "count": sum(row.effect is not None and row.effect.is_change for row in rows),
    }
    return render_page(request, "staff/users/changes.html", context, now=timezone.now())


def _foresee(change: bulk.Change, person: Person) -> Row:
    try:
        return Row(person, bulk.foresee(change, person))
    except bulk.CannotChange as error:
        return Row(person, None, _PROBLEMS[error.problem] % {"name": person.name})


def _apply(request: HttpRequest, change: bulk.Change, people: list[Person]) -> HttpResponse:
    done = 0
    for person in people:
        try:
            done += bulk.change_person(change, person, actor=actor_of(request), now=timezone.now())
        except bulk.CannotChange as error:
            messages.error(request, _PROBLEMS[error.problem] % {"name": person.name})
    words = (
        gettext("Nobody had to be changed.")
        if not done
        else ngettext("Changed for %(count)s person.", "Changed for %(count)s people.", done) % {"count": done}
    )
    messages.success(request, words)
    return redirect("staff:users")


def _read(request: HttpRequest, kind: str, value: str) -> bulk.Change:
    """Raises NotThere."""
    try:
        match kind, value:
            case "role", _:
                return bulk.GiveRole(get_role(value), request.member.role)  # type: ignore[attr-defined]
            case "bookable", "yes" | "no":
                return bulk.LetBook(value == "yes")
            case "team", _:
                return bulk.IntoTeam(get_team(value))
            case "not_team", _:
                return bulk.OutOfTeam(get_team(value))
            case "zone", _ if is_zone(value):
                return bulk.MoveZone(value)
            case "hours", _ if value in Agent.HoursFrom.values:
                return bulk.TakeHoursFrom(Agent.HoursFrom(value))
    except (Role.DoesNotExist, Team.DoesNotExist):
        pass
    raise NotThere
