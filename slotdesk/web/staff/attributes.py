"""Settings → Custom attributes: fields of the account's own on requests and users."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from slotdesk.domain.attributes.models import Attribute
from slotdesk.domain.attributes.operations import (
    KEY_IN_WORDS,
    BadChoices,
    BadKey,
    KeyTaken,
    archive_attribute,
    restore_attribute,
    save_attribute,
)
from slotdesk.domain.attributes.queries import get_attribute, list_archived, list_attributes
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.web.access import staff
from slotdesk.web.staff.attribute_form import AttributeForm
from slotdesk.web.staff.pages import actor_of, render_page


@require_GET
@staff(Permission.ATTRIBUTES_VIEW)
def list_all(request: HttpRequest) -> HttpResponse:
    context = {"attributes": list_attributes(), "archived": list_archived()}
    return render_page(request, "staff/attributes/list.html", context, now=timezone.now())


@require_http_methods(["GET", "POST"])
@staff(Permission.ATTRIBUTES_EDIT)
def create(request: HttpRequest) -> HttpResponse:
    return _edit(request, Attribute(account=request.member.account), can_edit=True)  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@staff(Permission.ATTRIBUTES_VIEW)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever may not edit sees the same page with its fields locked."""
    can_edit = may(request.member.role, Permission.ATTRIBUTES_EDIT)  # type: ignore[attr-defined]
    return _edit(request, _access(public_id), can_edit=can_edit)


@require_POST
@staff(Permission.ATTRIBUTES_EDIT)
def archive(request: HttpRequest, public_id: str) -> HttpResponse:
    attribute = _access(public_id)
    archive_attribute(attribute=attribute, actor=actor_of(request), now=timezone.now())
    messages.success(
        request, gettext("%(name)s is in the archive. What was filled in stays.") % {"name": attribute.name}
    )
    return redirect("staff:attributes")


@require_POST
@staff(Permission.ATTRIBUTES_EDIT)
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    attribute = _access(public_id)
    restore_attribute(attribute=attribute, actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("%(name)s can be filled in again.") % {"name": attribute.name})
    return redirect("staff:attributes")


def _edit(request: HttpRequest, attribute: Attribute, *, can_edit: bool) -> HttpResponse:
    is_new, name = attribute.pk is None, attribute.name
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    form = AttributeForm(request.POST or None, instance=attribute)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, gettext("%(name)s is saved.") % {"name": attribute.name})
        return redirect("staff:attributes")
    if not can_edit:
        for field in form.fields.values():
            field.disabled = True
    context = {"form": form, "attribute": attribute, "name": name, "is_new": is_new, "can_edit": can_edit}
    status = 422 if form.errors else 200
    return render_page(request, "staff/attributes/edit.html", context, now=timezone.now(), status=status)


def _save(request: HttpRequest, form: AttributeForm) -> bool:
    try:
        save_attribute(attribute=form.attribute(), actor=actor_of(request), now=timezone.now())
    except BadKey:
        form.add_error(
            "key",
            gettext("%(rule)s Not size, first or last, which templates keep for themselves.") % {"rule": KEY_IN_WORDS},
        )
    except KeyTaken:
        form.add_error("key", gettext("Another attribute has this key; look in the archive too."))
    except BadChoices as problem:
        form.add_error("choices", str(problem))
    else:
        return True
    return False


def _access(public_id: str) -> Attribute:
    try:
        return get_attribute(public_id)
    except Attribute.DoesNotExist:
        raise Http404 from None
