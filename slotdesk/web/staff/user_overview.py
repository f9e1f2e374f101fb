"""A person's page: what they are here, and their leaving and coming back."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from slotdesk.domain.attributes.queries import list_filled
from slotdesk.domain.connections.psa_members import find_psa_member
from slotdesk.domain.connections.queries import find_psa, list_primary_calendars
from slotdesk.domain.people.editing import save_agent
from slotdesk.domain.people.members import LastAdministrator, deactivate_person, reactivate_person
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.persons import Person
from slotdesk.domain.people.slugs import RULE_IN_WORDS, SlugTaken, is_slug
from slotdesk.domain.tenants.grants import NotYoursToGive, covers
from slotdesk.domain.tenants.models import Role
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.domain.tenants.queries import list_roles
from slotdesk.web.access import staff
from slotdesk.web.staff.meeting_link import meeting_url_field
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.person_access import person_context
from slotdesk.web.staff.roles import NOT_YOURS
from slotdesk.web.staff.user_actions import LAST_ADMINISTRATOR, access_person
from slotdesk.web.sudo import sudo


class AgentForm(forms.ModelForm):  # type: ignore[type-arg]
    meeting_url = meeting_url_field()

    class Meta:
        model = Agent
        fields = ("slug", "meeting_url")
        labels: ClassVar[dict[str, str | Promise]] = {"slug": gettext_lazy("Address part")}
        help_texts: ClassVar[dict[str, str | Promise]] = {
            "slug": format_lazy(gettext_lazy("For this person’s own booking page. {rule}"), rule=RULE_IN_WORDS)
        }

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if not is_slug(slug):
            raise forms.ValidationError(RULE_IN_WORDS)
        return slug


@require_http_methods(["GET", "POST"])
@staff(Permission.USERS_VIEW)
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever may not edit sees the same page with its fields locked."""
    person, now = access_person(public_id), timezone.now()
    can_edit = may(_role(request), Permission.USERS_EDIT)
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    form = AgentForm(request.POST or None, instance=person.agent) if person.agent else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            save_agent(agent=form.instance, actor=actor_of(request), now=now)
        except SlugTaken:
            form.add_error("slug", gettext("Somebody else has this address part."))
        else:
            messages.success(request, gettext("%(name)s is saved.") % {"name": person.name})
            return redirect("staff:user", person.public_id)
    if form is not None and not can_edit:
        for field in form.fields.values():
            field.disabled = True
    context = {"form": form, "can_edit": can_edit} | _overview(request, access_person(public_id))
    status = 422 if form is not None and form.errors else 200
    return render_page(request, "staff/users/show.html", context, now=now, status=status)


@require_POST
@staff(Permission.USERS_DELETE)
@sudo
def deactivate(request: HttpRequest, public_id: str) -> HttpResponse:
    person = access_person(public_id)
    try:
        deactivate_person(person=person, by=_role(request), actor=actor_of(request), now=timezone.now())
    except LastAdministrator:
        messages.error(request, LAST_ADMINISTRATOR % {"name": person.name})
    except NotYoursToGive:
        messages.error(request, NOT_YOURS)
    else:
        messages.success(
            request,
            gettext("%(name)s is deactivated: no sign-in, no panel, no bookings. Their history stays.")
            % {"name": person.name},
        )
    return redirect("staff:user", person.public_id)


@require_POST
@staff(Permission.USERS_DELETE)
@sudo
def reactivate(request: HttpRequest, public_id: str) -> HttpResponse:
    person = access_person(public_id)
    try:
        reactivate_person(person=person, by=_role(request), actor=actor_of(request), now=timezone.now())
    except NotYoursToGive:
        messages.error(request, NOT_YOURS)
    else:
        messages.success(
            request,
            gettext("%(name)s is back. Switch booking on when clients may book them again.") % {"name": person.name},
        )
    return redirect("staff:user", person.public_id)


def _overview(request: HttpRequest, person: Person) -> dict[str, Any]:
    mine, agent = _role(request), person.agent
    is_covered = person.role is None or covers(mine, person.role)
    may_give = may(mine, Permission.SECURITY_EDIT) and person.role is not None and is_covered
    context: dict[str, Any] = {
        "person": person,
        "tab": "overview",
        "attributes": list_filled(person),
        "calendar": list_primary_calendars().filter(agent=agent).first() if agent else None,
        "psa_member": find_psa_member(agent) if agent else None,
        "has_psa": find_psa() is not None,
        "teams": list(agent.team_places.filter(team__is_active=True).select_related("team")) if agent else [],
        "roles": [role for role in list_roles() if covers(mine, role)] if may_give and not person.left_at else [],
        "may_deactivate": may(mine, Permission.USERS_DELETE) and is_covered,
        "may_say_who": may(mine, Permission.USERS_EDIT) and is_covered,
    }
    return context | (person_context(request, agent, tab="overview") if agent else {})


def _role(request: HttpRequest) -> Role:
    return request.member.role  # type: ignore[attr-defined,no-any-return]
