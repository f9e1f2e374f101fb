"""Which e-mails a person gets about their own appointments: theirs to choose, as their hours and calendars are."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from slotdesk.domain.people.notices import Notice, choose_notices
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.person_access import access_agent, access_agent_to_edit, person_context

_WORDS = (
    (Notice.BOOKED, gettext_lazy("A client has booked")),
    (Notice.RESCHEDULED, gettext_lazy("An appointment has a new time")),
    (Notice.CANCELLED, gettext_lazy("An appointment is off")),
    (Notice.TAKEN_OVER, gettext_lazy("An appointment is theirs from now on, which was somebody else’s")),
    (Notice.HANDED_OVER, gettext_lazy("Somebody else takes an appointment that was theirs")),
)


class NoticesForm(forms.Form):
    wanted = forms.TypedMultipleChoiceField(
        choices=_WORDS, coerce=Notice, required=False, label=gettext_lazy("When"), widget=forms.CheckboxSelectMultiple
    )


@require_http_methods(["GET", "POST"])
@staff(Permission.CALENDARS_VIEW_OWN)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever may not edit sees the same page with its switches locked."""
    agent, now = access_agent(request, public_id), timezone.now()
    if request.method == "POST":
        access_agent_to_edit(request, public_id)
    sent = request.POST if request.method == "POST" else None
    form = NoticesForm(sent, initial={"wanted": [each for each in Notice if each not in agent.muted_notices]})
    if form.is_valid():
        choose_notices(agent=agent, wanted=form.cleaned_data["wanted"], actor=actor_of(request), now=now)
        messages.success(
            request,
            gettext("Saved. %(name)s gets what is ticked, from the next appointment on.") % {"name": agent.name},
        )
        return redirect("staff:user-notices", public_id)
    context = person_context(request, agent, tab="notices") | {"form": form}
    form.fields["wanted"].disabled = not context["can_edit"]
    return render_page(request, "staff/people/notices.html", context, now=now, status=422 if form.errors else 200)
