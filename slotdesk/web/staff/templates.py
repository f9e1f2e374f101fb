"""Settings → E-mail templates: the built-in e-mails, and the account's own in their place."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from slotdesk.domain.messages.checking import find_hints, find_problems, lacks_links
from slotdesk.domain.messages.editing import (
    ChangedMeanwhile,
    InUse,
    NameTaken,
    Unusable,
    delete_template,
    list_using,
    map_using,
    save_template,
)
from slotdesk.domain.messages.kinds import ABOUT, Kind
from slotdesk.domain.messages.models import Template
from slotdesk.domain.messages.queries import get_template, list_templates
from slotdesk.domain.messages.templates import BadTemplate, built_in_text, render_own
from slotdesk.domain.messages.trial import send_trial
from slotdesk.domain.messages.variables import Variable
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.domain.workflows.template_values import list_variables
from slotdesk.ports import errors
from slotdesk.web.access import staff
from slotdesk.web.staff.as_clients import as_clients_read
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.template_form import TemplateForm, list_offered_requests, read_kind, values_for

# Where the toolbar's button leads: for each reader, the first of these that has a value in the kind.
_BUTTON_URLS = {
    "client": ("appointment.url", "request.url"),
    "guest": ("appointment.meeting_url",),
    "technician": ("ticket.url",),
}


@require_GET
@staff(Permission.EMAIL_VIEW)
def list_all(request: HttpRequest) -> HttpResponse:
    """Every kind with its built-in e-mail and the account's own ones."""
    account = request.member.account  # type: ignore[attr-defined]
    using, by_kind = map_using(account), dict[str, list[dict[str, Any]]]()
    for template in list_templates(account):
        by_kind.setdefault(template.kind, []).append(
            {
                "template": template,
                "types": using[template.public_id],
                "lacks_links": lacks_links(Kind(template.kind), body=template.body),
            }
        )
    groups = [
        (title, [(kind, about, by_kind.get(kind, [])) for kind, about in ABOUT.items() if about.reader == reader])
        for title, reader in (
            (gettext("To clients"), "client"),
            (gettext("To guests"), "guest"),
            (gettext("To your people"), "technician"),
        )
    ]
    context = {"groups": groups, "account": account, "sender": parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}
    return render_page(request, "staff/email_templates/list.html", context, now=timezone.now())


@require_GET
@staff(Permission.EMAIL_VIEW)
def show_built_in(request: HttpRequest) -> HttpResponse:
    kind = _kind(request)
    with as_clients_read(request.member.account, kind):  # type: ignore[attr-defined]
        subject, body = built_in_text(kind)
    context = {"kind": kind, "about": ABOUT[kind], "subject": subject, "body": body}
    return render_page(request, "staff/email_templates/built_in.html", context, now=timezone.now())


@require_http_methods(["GET", "POST"])
@staff(Permission.EMAIL_EDIT)
def create(request: HttpRequest) -> HttpResponse:
    """A template begins with the built-in text of its kind."""
    kind, account = _kind(request), request.member.account  # type: ignore[attr-defined]
    with as_clients_read(account, kind):
        subject, body = built_in_text(kind)
    template = Template(account=account, kind=kind.value, subject=subject, body=body)
    return _edit(request, template, can_edit=True)


@require_http_methods(["GET", "POST"])
@staff(Permission.EMAIL_VIEW)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever may not edit sees the same page with its fields locked."""
    can_edit = may(request.member.role, Permission.EMAIL_EDIT)  # type: ignore[attr-defined]
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    kind = read_kind(request.POST)
    try:
        return _edit(request, get_template(public_id), can_edit=can_edit)
    except Template.DoesNotExist:
        if kind is None or "kind" not in request.POST:
            raise Http404 from None
        # It was deleted while somebody wrote: what they typed becomes a new one, if they save once more.
        gone = Template(account=request.member.account, kind=kind.value)  # type: ignore[attr-defined]
        return _page(request, gone, TemplateForm(request.POST, instance=gone), can_edit=True, is_gone=True, status=409)


@require_POST
@staff(Permission.EMAIL_EDIT)
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    template = _access(public_id)
    name = template.name
    try:
        delete_template(template=template, actor=actor_of(request), now=timezone.now())
    except InUse as error:
        messages.error(
            request,
            gettext("%(name)s is not deleted: it is sent by %(names)s. Choose another there.")
            % {"name": name, "names": ", ".join(error.names)},
        )
        return redirect("staff:template", public_id)
    messages.success(
        request, gettext("%(name)s is deleted. The built-in e-mail is sent in its place.") % {"name": name}
    )
    return redirect("staff:templates")


def _edit(request: HttpRequest, template: Template, *, can_edit: bool) -> HttpResponse:
    """Raises Template.DoesNotExist for one that was deleted while it was edited."""
    name, form = template.name, TemplateForm(request.POST or None, instance=template)
    theirs: Template | None = None
    if request.method == "POST":
        is_valid = form.is_valid()
        variables = list_variables()
        if "test" in request.POST:
            _send_test(request, form, Kind(template.kind), variables)
        elif not is_valid:
            _blame(form, Kind(template.kind), variables)
        else:
            try:
                save_template(
                    template=form.template(), variables=variables, actor=actor_of(request), now=timezone.now()
                )
            except Unusable as error:
                form.blame(error.problems)
            except NameTaken:
                form.add_error("name", gettext("Another template has this name."))
            except ChangedMeanwhile as error:
                theirs, form = error.stored, _after_conflict(request, form, error.stored)
            else:
                messages.success(request, gettext("%(name)s is saved.") % {"name": form.instance.name})
                return redirect("staff:template", form.instance.public_id)
    status = 409 if theirs else 422 if form.errors else 200
    return _page(request, template, form, can_edit=can_edit, name=name, theirs=theirs, status=status)


def _page(
    request: HttpRequest,
    template: Template,
    form: TemplateForm,
    *,
    can_edit: bool,
    status: int,
    name: str = "",
    theirs: Template | None = None,
    is_gone: bool = False,
) -> HttpResponse:
    """
    name      as it is stored, whatever is typed
    theirs    what somebody else saved meanwhile
    is_gone   it was deleted meanwhile
    """
    kind, variables = Kind(template.kind), list_variables()
    offered = {item.name for item in variables if kind in item.kinds}
    if not can_edit:
        for field in form.fields.values():
            field.disabled = True
    subject, body = str(form["subject"].value() or ""), str(form["body"].value() or "")
    context = {
        "form": form,
        "template": template,
        "name": name,
        "is_new": template.pk is None,
        "can_edit": can_edit,
        "kind": kind,
        "about": ABOUT[kind],
        "theirs": theirs,
        "is_gone": is_gone,
        "types": list_using(template) if template.pk else [],
        "hints": find_hints(kind, subject=subject, body=body, variables=variables),
        "variables": [item for item in variables if item.name in offered],
        "requests": list_offered_requests(request),
        "button_url": next(name for name in _BUTTON_URLS[ABOUT[kind].reader] if name in offered),
        "chosen": request.POST.get("request", ""),
    }
    return render_page(request, "staff/email_templates/edit.html", context, now=timezone.now(), status=status)


def _send_test(request: HttpRequest, form: TemplateForm, kind: Kind, variables: Sequence[Variable]) -> None:
    """Send what is entered to whoever is signed in; nothing is saved, and the page keeps what was typed."""
    member = request.member  # type: ignore[attr-defined]
    subject, body = request.POST.get("subject", ""), request.POST.get("body", "")
    if _blame(form, kind, variables):
        return
    try:
        with as_clients_read(member.account, kind):
            values = values_for(request, request.POST, kind=kind, variables=variables, now=timezone.now())
            message = render_own(kind, values, subject=subject, body=body)
        send_trial(account=member.account, message=message, to=member.user.email)
    except BadTemplate as error:  # with this request's values only
        form.add_error("body", str(error))
    except errors.PortError as error:
        messages.error(request, gettext("The test was not sent: %(error)s") % {"error": error})
    else:
        messages.success(
            request, gettext("A test is on its way to %(email)s. Nothing is saved yet.") % {"email": member.user.email}
        )


def _blame(form: TemplateForm, kind: Kind, variables: Sequence[Variable]) -> bool:
    """Tell what is wrong with the texts beside what is wrong with the form; return whether there is anything."""
    subject, body = form.data.get("subject", ""), form.data.get("body", "")
    problems = find_problems(kind, subject=subject, body=body, variables=variables)
    form.blame([problem for problem in problems if problem.field not in form.errors])
    return bool(problems)


def _after_conflict(request: HttpRequest, form: TemplateForm, stored: Template) -> TemplateForm:
    """The same form with what was typed; saving it once more replaces what the page now shows of the other one."""
    entered = request.POST.copy()
    entered["version"] = str(stored.version)
    again = TemplateForm(entered, instance=form.instance)
    again.is_valid()
    return again


def _kind(request: HttpRequest) -> Kind:
    kind = read_kind(request.GET)
    if kind is None:
        raise Http404
    return kind


def _access(public_id: str) -> Template:
    try:
        return get_template(public_id)
    except Template.DoesNotExist:
        raise Http404 from None
