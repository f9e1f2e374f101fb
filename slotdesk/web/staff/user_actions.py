"""What is done to people in one press: another role, bookable or not, into a team."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from slotdesk.domain.people.editing import set_schedulable
from slotdesk.domain.people.members import HasLeft, LastAdministrator, change_role
from slotdesk.domain.people.models import Team
from slotdesk.domain.people.persons import NoSuchPerson, Person, get_person
from slotdesk.domain.people.team_queries import get_team
from slotdesk.domain.people.teams import add_to_teams
from slotdesk.domain.tenants.grants import NotYoursToGive
from slotdesk.domain.tenants.models import Role
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.domain.tenants.queries import get_role
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.roles import NOT_YOURS
from slotdesk.web.sudo import ask_again, sudo

# What each kind of change to many people takes.
_RIGHTS = {
    "role": Permission.SECURITY_EDIT,
    "bookable": Permission.USERS_ACTIVATE,
    "team": Permission.TEAMS_EDIT,
}
LAST_ADMINISTRATOR = "{name} is the only administrator. Make somebody else an administrator first."


class NoSignIn(Exception):
    """The person is an agent who is no member."""


@require_POST
@staff(Permission.SECURITY_EDIT)
@sudo
def give_role(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another role for the person; back to where it was chosen."""
    person = access_person(public_id)
    mine = request.member.role  # type: ignore[attr-defined]
    try:
        role = get_role(request.POST.get("role", ""))
        if person.member is None:
            raise NoSignIn
        change_role(member=person.member, role=role, by=mine, actor=actor_of(request), now=timezone.now())
    except Role.DoesNotExist:
        messages.error(request, "Choose a role; the one that was chosen is not there any more.")
    except NoSignIn:
        messages.error(request, f"{person.name} cannot sign in, and so has no role. Invite them first.")
    except LastAdministrator:
        messages.error(request, LAST_ADMINISTRATOR.format(name=person.name))
    except NotYoursToGive:
        messages.error(request, NOT_YOURS)
    except HasLeft:
        messages.error(request, f"{person.name} is deactivated. Reactivate them first.")
    else:
        messages.success(request, f"{person.name} is {role.name} from now on.")
    if request.POST.get("from") == "person":
        return redirect("staff:user", person.public_id)
    return redirect("staff:role-users")


@require_POST
@staff(Permission.USERS_ACTIVATE)
def switch_schedulable(request: HttpRequest, public_id: str) -> HttpResponse:
    person, now = access_person(public_id), timezone.now()
    if person.agent is None:
        messages.error(request, f"{person.name} has no calendar that clients could book.")
        return redirect("staff:users")
    is_schedulable = request.POST.get("is_schedulable") == "yes"
    set_schedulable(agent=person.agent, is_schedulable=is_schedulable, actor=actor_of(request), now=now)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("staff:users")
    return render_page(request, "staff/users/_switch.html", {"agent": access_person(public_id).agent}, now=now)


@require_POST
@staff(Permission.USERS_VIEW)
def change_many(request: HttpRequest) -> HttpResponse:
    """
    One change for everybody who was ticked. Each kind takes its own right.

    Person by person: what cannot be done for one keeps nobody else from it, and is told.
    """
    change = request.POST.get("change", "")
    kind, _, value = change.partition(":")
    needed = _RIGHTS.get(kind)
    people = [person for person in map(find_person, request.POST.getlist("people")) if person is not None]
    if not people or needed is None:
        messages.error(request, "Tick the people, and choose what to change.")
        return redirect("staff:users")
    if not may(request.member.role, needed):  # type: ignore[attr-defined]
        raise PermissionDenied
    if kind == "role" and (again := ask_again(request)) is not None:
        return again
    undone = [words for person in people if (words := _change_one(request, person, kind, value))]
    if len(undone) < len(people):
        done = len(people) - len(undone)
        messages.success(request, f"Changed for {done} {'person' if done == 1 else 'people'}.")
    for words in undone:
        messages.error(request, words)
    return redirect("staff:users")


def _change_one(request: HttpRequest, person: Person, kind: str, value: str) -> str:
    """Do it for one person; return why it was not done, empty when it was."""
    actor, now, mine = actor_of(request), timezone.now(), request.member.role  # type: ignore[attr-defined]
    try:
        if kind == "role":
            if person.member is None:
                return f"{person.name} cannot sign in, and so has no role."
            change_role(member=person.member, role=get_role(value), by=mine, actor=actor, now=now)
        elif person.agent is None:
            return f"{person.name} has no calendar that clients could book."
        elif kind == "bookable":
            set_schedulable(agent=person.agent, is_schedulable=value == "yes", actor=actor, now=now)
        else:
            add_to_teams(agent=person.agent, teams=[get_team(value)], actor=actor, now=now)
    except LastAdministrator:
        return LAST_ADMINISTRATOR.format(name=person.name)
    except NotYoursToGive:
        return f"{person.name}: {NOT_YOURS}"
    except HasLeft:
        return f"{person.name} is deactivated."
    except (Role.DoesNotExist, Team.DoesNotExist):
        return f"{person.name}: what was chosen is not there any more."
    return ""


def find_person(public_id: str) -> Person | None:
    try:
        return get_person(public_id)
    except NoSuchPerson:
        return None


def access_person(public_id: str) -> Person:
    try:
        return get_person(public_id)
    except NoSuchPerson:
        raise Http404 from None
