"""Who somebody is in the PSA; and hours and calendars for members who are nobody there."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from slotdesk.domain.connections.psa_members import (
    LinkedByAddress,
    NotToBeLinked,
    find_psa_member,
    link_psa_member,
    list_free_members,
    list_free_psa_members,
    unlink_psa_member,
)
from slotdesk.domain.people.joining import become_agent
from slotdesk.domain.people.members import HasLeft
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.persons import Person
from slotdesk.domain.tenants.grants import NotYoursToGive
from slotdesk.domain.tenants.models import Membership
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.roles import NOT_YOURS
from slotdesk.web.staff.user_actions import access_person
from slotdesk.web.sudo import sudo_to_change

_NOBODY = "nobody"


class ChoiceForm(forms.Form):
    """offered: (public id, label) of whoever can be chosen."""

    chosen = forms.ChoiceField()

    def __init__(self, *args: object, label: str, offered: Iterable[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["chosen"]
        field.label = label
        field.choices = [("", gettext("Choose…")), *offered]  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@staff(Permission.USERS_EDIT)
@sudo_to_change
def choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Of a member, who they are in the PSA; of a technician who does not sign in, who of the members they are."""
    person, now = access_person(public_id), timezone.now()
    form = _form(request, person)
    if request.method == "POST" and form.is_valid():
        try:
            _link(request, person, form.cleaned_data["chosen"])
        except NotYoursToGive:
            form.add_error(None, NOT_YOURS)
        except (NotToBeLinked, HasLeft):
            form.add_error(None, gettext("Whoever was chosen is not to be had any more. Choose again."))
        except LinkedByAddress as error:
            form.add_error(
                None,
                gettext("The PSA’s member has the same address, %(error)s, which links them. Change it there.")
                % {"error": error},
            )
        else:
            messages.success(
                request,
                gettext("Saved. The ticket panel knows %(name)s by it from the next click on.") % {"name": person.name},
            )
            return redirect("staff:user", (person.member.public_id if person.member else person.public_id))
    context = {"person": person, "form": form, "is_empty": len(form.fields["chosen"].choices) == 1}  # type: ignore[attr-defined]
    status = 422 if form.errors else 200
    return render_page(request, "staff/users/psa_member.html", context, now=now, status=status)


@require_POST
@staff(Permission.USERS_EDIT)
def give_calendar(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hours and calendars for somebody who is nobody in the PSA."""
    person = access_person(public_id)
    if person.member is None:
        return redirect("staff:user-hours", person.public_id)
    try:
        agent = become_agent(member=person.member, actor=actor_of(request), now=timezone.now())
    except HasLeft:
        messages.error(request, gettext("%(name)s is deactivated. Reactivate them first.") % {"name": person.name})
        return redirect("staff:user", person.public_id)
    messages.success(
        request,
        gettext("%(name)s has hours here. Enter them, connect a calendar, then switch booking on.")
        % {"name": person.name},
    )
    return redirect("staff:user-hours", agent.public_id)


def _form(request: HttpRequest, person: Person) -> ChoiceForm:
    data = request.POST if request.method == "POST" else None
    if person.member is None:
        members = [(each.public_id, f"{each.user} ({each.user.email}), {each.role}") for each in list_free_members()]
        return ChoiceForm(data, label=gettext("%(name)s signs in as") % {"name": person.name}, offered=members)
    offered = [(each.agent.public_id, each.name or each.agent.name) for each in list_free_psa_members()]
    if person.agent is not None and find_psa_member(person.agent) is not None:
        offered.append((_NOBODY, gettext("Nobody in the PSA")))
    return ChoiceForm(data, label=gettext("Member of the PSA"), offered=offered)


def _link(request: HttpRequest, person: Person, chosen: str) -> None:
    """Raises what link_psa_member and unlink_psa_member raise."""
    by, actor, now = request.member.role, actor_of(request), timezone.now()  # type: ignore[attr-defined]
    if chosen == _NOBODY and person.member is not None:
        unlink_psa_member(member=person.member, by=by, actor=actor, now=now)
        return
    member = person.member or Membership.objects.select_related("account").get(public_id=chosen)
    agent = Agent.objects.get(public_id=chosen) if person.member else person.agent
    if agent is None:
        raise NotToBeLinked(person.public_id)
    link_psa_member(member=member, agent=agent, by=by, actor=actor, now=now)
