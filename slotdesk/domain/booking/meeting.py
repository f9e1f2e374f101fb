"""Where an online meeting is held."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.people.models import Agent


def meeting_url_of(request: SchedulingRequest, agents: Sequence[Agent]) -> str:
    """
    Return the link under which these agents meet the client, "" where there is no online meeting.

    With personal rooms it is the first agent's who has one; where nobody has, the invitation names no link.
    """
    terms = FrozenTerms.model_validate(request.terms)
    match terms.meeting:
        case AppointmentType.Meeting.LINK:
            return terms.meeting_url
        case AppointmentType.Meeting.PERSONAL:
            return next((agent.meeting_url for agent in agents if agent.meeting_url), "")
    return ""


def changed_meeting_url(appointment: Appointment, agents: Sequence[Agent]) -> str:
    """Return the link after a change of time or people, these having it now; one that a workflow has added stays."""
    terms = FrozenTerms.model_validate(appointment.request.terms)
    has_own = terms.meeting != AppointmentType.Meeting.NONE
    return meeting_url_of(appointment.request, agents) if has_own else appointment.meeting_url


@transaction.atomic(durable=True)
def add_meeting(*, appointment: Appointment, url: str) -> None:
    """Have the appointment held online at this address; one that has an address keeps it."""
    Appointment.objects.filter(pk=appointment.pk, meeting_url="").update(meeting_url=url)
