"""A member's name, and the language in which dates are written for them: their own, or somebody else's."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from slotdesk.domain.people.details import BadName, NamedElsewhere, save_details
from slotdesk.domain.tenants.grants import NotYoursToGive, covers
from slotdesk.domain.tenants.models import Language, Membership
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import any_member, staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.user_actions import access_person

NAMED_ELSEWHERE = gettext_lazy(
    "This person belongs to another account too, so only they themselves can change this, in their menu."
)


class DetailsForm(forms.Form):
    name = forms.CharField(
        max_length=120,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy(
            "How menu, history and audit log call them. Clients read the PSA’s name of them, or this where "
            "there is none."
        ),
    )
    language = forms.ChoiceField(
        choices=Language.choices,
        label=gettext_lazy("Dates are written in"),
        help_text=gettext_lazy("Weekdays and months on staff pages. All other words are English."),
    )


@require_http_methods(["GET", "POST"])
@any_member
def edit_own(request: HttpRequest) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    return _edit(request, member, name=gettext("Back"), back=reverse("staff:home"))


@require_http_methods(["GET", "POST"])
@staff(Permission.USERS_EDIT)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """An agent who does not sign in has nothing to change here."""
    person = access_person(public_id)
    if person.member is None:
        messages.error(
            request, gettext("%(name)s does not sign in; their name comes from the PSA.") % {"name": person.name}
        )
        return redirect("staff:user", person.public_id)
    if not covers(request.member.role, person.member.role):  # type: ignore[attr-defined]
        raise PermissionDenied
    return _edit(request, person.member, name=person.name, back=reverse("staff:user", args=[person.public_id]))


def _edit(request: HttpRequest, member: Membership, *, name: str, back: str) -> HttpResponse:
    now, by = timezone.now(), request.member  # type: ignore[attr-defined]
    user = member.user
    form = DetailsForm(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        language = Language(form.cleaned_data["language"])
        try:
            save_details(
                member=member,
                name=form.cleaned_data["name"],
                language=language,
                by=by,
                actor=actor_of(request),
                now=now,
            )
        except BadName:
            form.add_error(
                "name", gettext("A name that does not end in “(client)”, which is how the history marks clients.")
            )
        except NamedElsewhere:
            form.add_error(None, NAMED_ELSEWHERE)
        except NotYoursToGive:
            raise PermissionDenied from None
        else:
            messages.success(request, gettext("Name and language are saved."))
            return redirect(back)
    context = {"form": form, "name": name, "back": back}
    return render_page(request, "staff/users/details.html", context, now=now, status=422 if form.errors else 200)
