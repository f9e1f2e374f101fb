"""What is done to a person in one press: another role, bookable or not."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from slotdesk.domain.people.members import HasLeft, LastAdministrator, change_role
from slotdesk.domain.people.persons import NoSuchPerson, Person, get_person
from slotdesk.domain.tenants.grants import NotYoursToGive
from slotdesk.domain.tenants.models import Role
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.domain.tenants.queries import get_role
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of
from slotdesk.web.staff.roles import NOT_YOURS

LAST_ADMINISTRATOR = "{name} is the only administrator. Make somebody else an administrator first."


class NoSignIn(Exception):
    """The person is an agent who is no member."""


@require_POST
@staff(Permission.SECURITY_EDIT)
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


def access_person(public_id: str) -> Person:
    try:
        return get_person(public_id)
    except NoSuchPerson:
        raise Http404 from None
