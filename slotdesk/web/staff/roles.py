"""Settings → Roles & permissions: what each role allows, and who has which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from slotdesk.domain.people.persons import list_people
from slotdesk.domain.people.roles import (
    RoleFixed,
    RoleInUse,
    RoleNameTaken,
    delete_role,
    save_role,
)
from slotdesk.domain.tenants.grants import NotYoursToGive, covers
from slotdesk.domain.tenants.models import Membership, Role
from slotdesk.domain.tenants.permission_words import MEANINGS, permissions_by_area, verb
from slotdesk.domain.tenants.permissions import BuiltIn, Permission, may
from slotdesk.domain.tenants.queries import count_members, get_role, list_roles
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.sudo import sudo, sudo_to_change

NOT_YOURS = gettext_lazy("Only somebody who may do it themselves can give or take this away; an administrator can.")


class RoleForm(forms.Form):
    name = forms.CharField(max_length=60, label=gettext_lazy("Name"))
    permissions = forms.MultipleChoiceField(choices=[(each.value, each.value) for each in Permission], required=False)


@dataclass(frozen=True, slots=True)
class Box:
    """One permission on a role's page. is_locked: whoever looks may not give or take it."""

    permission: Permission
    label: str
    meaning: str
    is_checked: bool
    is_locked: bool


@require_GET
@staff(Permission.SECURITY_VIEW)
def list_all(request: HttpRequest) -> HttpResponse:
    roles = list_roles()
    counts = count_members()
    matrix = [
        (label, [(verb(each), MEANINGS[each], [may(role, each) for role in roles]) for each in permissions])
        for label, permissions in permissions_by_area()
    ]
    heads = [(role, counts.get(role.pk, 0)) for role in roles]
    context = {"heads": heads, "matrix": matrix, "columns": len(roles) + 1}
    return render_page(request, "staff/roles/list.html", context, now=timezone.now())


@require_GET
@staff(Permission.SECURITY_VIEW)
def list_users(request: HttpRequest) -> HttpResponse:
    """Who has which role, to be changed in place."""
    mine = _member(request).role
    roles = list_roles()
    rows = [
        (person, [role for role in roles if covers(mine, role)] if covers(mine, person.role) else [])
        for person in list_people()
        if person.role is not None and person.left_at is None
    ]
    return render_page(request, "staff/roles/users.html", {"rows": rows}, now=timezone.now())


@require_http_methods(["GET", "POST"])
@staff(Permission.SECURITY_EDIT)
@sudo
def create(request: HttpRequest) -> HttpResponse:
    """A new role; `?copy=` begins with what another one allows."""
    role = Role(account=_member(request).account)
    model = request.GET.get("copy", "")
    if model:
        like = _access(model)
        name = gettext("Copy of %(name)s") % {"name": like.name}
        role.name, role.permissions = name[:60], sorted(like.granted)
    return _edit(request, role)


@require_http_methods(["GET", "POST"])
@staff(Permission.SECURITY_VIEW)
@sudo_to_change
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever may not edit sees the same page with its boxes locked."""
    return _edit(request, _access(public_id))


@require_POST
@staff(Permission.SECURITY_EDIT)
@sudo
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    role = _access(public_id)
    try:
        delete_role(role=role, by=_member(request).role, actor=actor_of(request), now=timezone.now())
    except RoleInUse as error:
        messages.error(
            request,
            gettext("%(name)s cannot be deleted while somebody has it: %(names)s.")
            % {"name": role.name, "names": ", ".join(error.holders)},
        )
        return redirect("staff:role", public_id)
    except (RoleFixed, NotYoursToGive):
        raise PermissionDenied from None
    messages.success(request, gettext("%(name)s is deleted.") % {"name": role.name})
    return redirect("staff:roles")


def _edit(request: HttpRequest, role: Role) -> HttpResponse:
    mine, now = _member(request).role, timezone.now()
    can_edit = may(mine, Permission.SECURITY_EDIT) and not role.is_fixed and not _is_own(mine, role)
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    name, allowed = role.name, set(role.granted)
    form = RoleForm(request.POST or None, initial={"name": name})
    form.fields["name"].disabled = bool(role.key) or not can_edit
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            saved = save_role(
                role=role,
                name=given["name"],
                permissions=given["permissions"],
                by=mine,
                actor=actor_of(request),
                now=now,
            )
        except RoleNameTaken:
            form.add_error("name", gettext("Another role has this name."))
        except NotYoursToGive:
            form.add_error(None, NOT_YOURS)
        else:
            messages.success(request, gettext("%(name)s is saved and acts at once.") % {"name": saved.name})
            return redirect("staff:roles")
    if form.is_bound:
        allowed = {each for each in Permission if each in request.POST.getlist("permissions")}
    context: dict[str, Any] = {
        "role": role,
        "name": name,
        "form": form,
        "areas": [
            (label, [_box(each, allowed, mine, can_edit=can_edit) for each in permissions])
            for label, permissions in permissions_by_area()
        ],
        "can_edit": can_edit,
        "is_own": _is_own(mine, role),
    }
    return render_page(request, "staff/roles/edit.html", context, now=now, status=422 if form.errors else 200)


def _box(permission: Permission, allowed: set[Permission], mine: Role, *, can_edit: bool) -> Box:
    is_locked = not can_edit or not may(mine, permission)
    return Box(permission, verb(permission), str(MEANINGS[permission]), permission in allowed, is_locked)


def _is_own(mine: Role, role: Role) -> bool:
    return mine.pk == role.pk and mine.key != BuiltIn.ADMINISTRATOR


def _member(request: HttpRequest) -> Membership:
    return request.member  # type: ignore[attr-defined,no-any-return]


def _access(public_id: str) -> Role:
    try:
        return get_role(public_id)
    except Role.DoesNotExist:
        raise Http404 from None
