"""A person's own room for online meetings: theirs to enter, as their hours and calendars are."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from slotdesk.domain.people.editing import save_agent
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.person_access import access_agent, access_agent_to_edit, person_context


def meeting_url_field() -> forms.URLField:
    """The field, the same wherever the link is entered."""
    return forms.URLField(
        label=gettext_lazy("Link of their meetings"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy(
            "Clients are given it with appointment types that meet under the link of whoever takes the "
            "appointment. Empty: none."
        ),
    )


class MeetingLinkForm(forms.ModelForm):  # type: ignore[type-arg]
    meeting_url = meeting_url_field()

    class Meta:
        model = Agent
        fields: ClassVar[tuple[str, ...]] = ("meeting_url",)


@require_http_methods(["GET", "POST"])
@staff(Permission.CALENDARS_VIEW_OWN)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever may not edit sees the same page with its field locked."""
    agent, now = access_agent(request, public_id), timezone.now()
    if request.method == "POST":
        access_agent_to_edit(request, public_id)
    form = MeetingLinkForm(request.POST or None, instance=agent)
    if request.method == "POST" and form.is_valid():
        save_agent(agent=form.instance, actor=actor_of(request), now=now)
        messages.success(request, gettext("Saved. It holds for what is booked, moved or handed over from now on."))
        return redirect("staff:user-calendars", public_id)
    context = person_context(request, agent, tab="calendars") | {"form": form}
    form.fields["meeting_url"].disabled = not context["can_edit"]
    return render_page(request, "staff/people/meeting_link.html", context, now=now, status=422 if form.errors else 200)
