"""Filling in the custom attributes of a request or of a person."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from slotdesk.domain.attributes.operations import BadValues, fill_in_person, fill_in_request
from slotdesk.domain.attributes.queries import list_filled
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import access_request
from slotdesk.domain.people.persons import Person
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import staff
from slotdesk.web.staff.attribute_form import ValuesForm
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.user_actions import access_person


@require_http_methods(["GET", "POST"])
@staff(Permission.REQUESTS_CREATE)
def fill_in_of_request(request: HttpRequest, public_id: str) -> HttpResponse:
    """For whoever may see the request and make some of their own."""
    try:
        found = access_request(request.member, public_id)  # type: ignore[attr-defined]
    except SchedulingRequest.DoesNotExist:
        raise Http404 from None
    name = found.client_name or gettext("Request")
    return _fill_in(request, found, name=name, back=reverse("staff:request", args=[public_id]))


@require_http_methods(["GET", "POST"])
@staff(Permission.USERS_EDIT)
def fill_in_of_user(request: HttpRequest, public_id: str) -> HttpResponse:
    person = access_person(public_id)
    return _fill_in(request, person, name=person.name, back=reverse("staff:user", args=[person.public_id]))


def _fill_in(request: HttpRequest, owner: SchedulingRequest | Person, *, name: str, back: str) -> HttpResponse:
    now, actor = timezone.now(), actor_of(request)
    form = ValuesForm(request.POST if request.method == "POST" else None, filled=list_filled(owner))
    if form.is_valid():
        try:
            if isinstance(owner, SchedulingRequest):
                fill_in_request(request=owner, values=form.entered(), actor=actor, now=now)
            else:
                fill_in_person(person=owner, values=form.entered(), actor=actor, now=now)
        except BadValues as error:
            form.blame(error.problems)
        else:
            messages.success(request, gettext("The custom attributes are saved."))
            return redirect(back)
    context = {"form": form, "name": name, "back": back}
    return render_page(request, "staff/attributes/values.html", context, now=now, status=422 if form.errors else 200)
