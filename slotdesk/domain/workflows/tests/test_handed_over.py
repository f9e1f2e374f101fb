"""What follows when an appointment is handed over: calendars, the ticket's note, and e-mails to all three."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from slotdesk.domain.booking.handover import reassign_appointment
from slotdesk.domain.booking.models import Reservation
from slotdesk.domain.messages.models import Email
from slotdesk.domain.people.models import Agent
from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import run_step
from tests.support.factories import make_team, make_type
from tests.support.msp import connected_msp, refresh

pytestmark = pytest.mark.django_db


def follow() -> None:
    """Do everything that is to be done now."""
    for event_id in list_left_behind(before=timezone.now() + timedelta(days=1)):
        advance(event_id=event_id, now=timezone.now())
    for pk in StepRun.objects.filter(finished_at=None).order_by("id").values_list("pk", flat=True):
        run_step(step_run_id=pk, clock=timezone.now)


class TestAnAppointmentThatIsHandedOver:
    def test_moves_from_one_calendar_to_the_other_and_everybody_is_told(self) -> None:
        with connected_msp() as msp:
            msp.type = make_type(msp.account, notice_amount=0)
            request = msp.invite(msp.open_ticket())
            booked = msp.book_first(request)
            follow()
            before = msp.agent
            others = Agent.objects.exclude(pk=before.pk).filter(is_active=True, calendars__is_primary=True)
            others.exclude(hours=[]).update(is_schedulable=True)
            refresh(msp.connection)
            team = make_team(msp.account, list(others.filter(is_schedulable=True)))

            reassign_appointment(request=request, leaving=before, to=team, actor="Bo", now=timezone.now())
            follow()

            after = Reservation.objects.get(released_at=None).agent
            runs = StepRun.objects.filter(event__kind="appointment.reassigned").order_by("id")
            assert {run.state for run in runs} == {"done"}, [(run.action, run.outcome) for run in runs]
            written = {
                kind: Email.objects.get(kind=kind).to
                for kind in ("reassigned", "reassigned_notice", "handed_over_notice")
            }
            assert written == {
                "reassigned": [request.client_email],
                "reassigned_notice": [after.email],
                "handed_over_notice": [before.email],
            }
            assert "SEQUENCE:1" in Email.objects.get(kind="reassigned").calendar
            assert after.name in Email.objects.get(kind="reassigned").text
            assert booked.starts_at == request.appointments.get().starts_at
