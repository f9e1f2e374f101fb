"""What is done to a person in one press: another role, bookable or not."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from slotdesk.domain.people.editing import set_schedulable
from slotdesk.domain.people.members import HasLeft, LastAdministrator, change_role
from slotdesk.domain.people.persons import NoSuchPerson, Person, get_person
from slotdesk.domain.tenants.grants import NotYoursToGive
from slotdesk.domain.tenants.models import Role
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.domain.tenants.queries import get_role
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.roles import NOT_YOURS
from slotdesk.web.sudo import sudo

LAST_ADMINISTRATOR = gettext_lazy("%(name)s is the only administrator. Make somebody else an administrator first.")


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
        messages.error(request, gettext("Choose a role; the one that was chosen is not there any more."))
    except NoSignIn:
        messages.error(
            request, gettext("%(name)s cannot sign in, and so has no role. Invite them first.") % {"name": person.name}
        )
    except LastAdministrator:
        messages.error(request, LAST_ADMINISTRATOR % {"name": person.name})
    except NotYoursToGive:
        messages.error(request, NOT_YOURS)
    except HasLeft:
        messages.error(request, gettext("%(name)s is deactivated. Reactivate them first.") % {"name": person.name})
    else:
        messages.success(
            request, gettext("%(name)s is %(role)s from now on.") % {"name": person.name, "role": role.name}
        )
    if request.POST.get("from") == "person":
        return redirect("staff:user", person.public_id)
    return redirect("staff:role-users")


@require_POST
@staff(Permission.USERS_ACTIVATE)
def switch_schedulable(request: HttpRequest, public_id: str) -> HttpResponse:
    person, now = access_person(public_id), timezone.now()
    if person.agent is None:
        messages.error(request, gettext("%(name)s has no calendar that clients could book.") % {"name": person.name})
        return redirect("staff:users")
    is_schedulable = request.POST.get("is_schedulable") == "yes"
    set_schedulable(agent=person.agent, is_schedulable=is_schedulable, actor=actor_of(request), now=now)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("staff:users")
    return render_page(request, "staff/users/_switch.html", {"agent": access_person(public_id).agent}, now=now)


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
