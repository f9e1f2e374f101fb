"""Handing over what is a person's, before or after they leave."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from slotdesk.domain.booking.choosing import AvailabilityUnknown, SlotNotOffered, SlotTaken
from slotdesk.domain.booking.handover import (
    NobodyElse,
    NotTheirs,
    list_appointments_of,
    list_open_requests_of,
    reassign_appointment,
    reassign_request,
)
from slotdesk.domain.booking.queries import RequestClosed, find_appointment
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.queries import list_schedulable_agents
from slotdesk.domain.people.team_queries import list_teams
from slotdesk.domain.removals.operations import reason_of
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.user_actions import access_person
from slotdesk.web.sudo import sudo


@require_http_methods(["GET", "POST"])
@staff(Permission.USERS_DELETE)
@sudo
def hand_over(request: HttpRequest, public_id: str) -> HttpResponse:
    """
    What is ahead of the person, each with a tick, and to whom it goes.

    One after the other: what cannot be handed over stays where it is and is told, and keeps nothing else from it.
    """
    agent, now = access_person(public_id).agent, timezone.now()
    if agent is None:
        raise Http404
    takers: list[Agent | Team] = [*list_schedulable_agents().exclude(pk=agent.pk), *list_teams()]
    if request.method == "POST":
        to = next((each for each in takers if each.public_id == request.POST.get("to")), None)
        chosen = set(request.POST.getlist("requests"))
        if to is None or not chosen:
            messages.error(request, gettext("Tick what to hand over, and choose to whom."))
        else:
            _hand_over(request, agent, to, chosen)
        return redirect("staff:user-handover", agent.public_id)
    context = {
        "agent": agent,
        "appointments": [(each, find_appointment(each)) for each in list_appointments_of(agent, now=now)],
        "requests": list(list_open_requests_of(agent)),
        "takers": takers,
    }
    return render_page(request, "staff/users/handover.html", context, now=now)


def _hand_over(request: HttpRequest, agent: Agent, to: Agent | Team, chosen: set[str]) -> None:
    now, actor, done = timezone.now(), actor_of(request), 0
    appointments = list_appointments_of(agent, now=now).filter(public_id__in=chosen)
    open_requests = list_open_requests_of(agent).filter(public_id__in=chosen)
    work = [(reassign_appointment, each) for each in appointments] + [
        (reassign_request, each) for each in open_requests
    ]
    for operation, found in work:
        try:
            operation(request=found, leaving=agent, to=to, actor=actor, now=now)
        except (SlotTaken, SlotNotOffered, AvailabilityUnknown, NobodyElse, NotTheirs, RequestClosed) as error:
            messages.error(request, f"{found}: {reason_of(error).label}")
        else:
            done += 1
    if done:
        messages.success(
            request,
            gettext("%(done)s handed over to %(to)s. Tickets, calendars and everybody concerned are being told.")
            % {"done": done, "to": to},
        )
