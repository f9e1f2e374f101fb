"""What follows when a client moves or cancels: links in e-mails, notes on the ticket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from slotdesk.domain.booking.changes import cancel_as_client, reschedule_as_client
from slotdesk.domain.booking.links import cancellation_link, reschedule_link
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import cancel_appointment
from slotdesk.domain.messages.models import Email
from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import run_step
from tests.support.factories import make_type
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        yield msp


def invite(msp: Msp, **rules: Any) -> SchedulingRequest:
    msp.type = make_type(msp.account, notice_amount=0, **rules)
    return msp.invite(msp.open_ticket())


def follow() -> None:
    """Do everything that is to be done now."""
    for event_id in list_left_behind(before=timezone.now() + timedelta(days=1)):
        advance(event_id=event_id, now=timezone.now())
    for pk in StepRun.objects.filter(finished_at=None).order_by("id").values_list("pk", flat=True):
        run_step(step_run_id=pk, clock=timezone.now)


def mail(kind: str) -> Email:
    return Email.objects.get(kind=kind)


class TestLinksInMails:
    def test_are_in_the_confirmation_and_after_a_move(self, msp: Msp) -> None:
        request = invite(msp, clients_may_change=True, change_notice_amount=0)
        booked = msp.book_first(request)
        follow()
        later = booked.starts_at + timedelta(days=7)
        reschedule_as_client(request=request, starts_at=later, zone="UTC", sequence=0, now=timezone.now())
        follow()

        for kind in ("confirmation", "rescheduled"):
            for link in (reschedule_link(request), cancellation_link(request)):
                assert link in mail(kind).text
                assert f'href="{link}"' in mail(kind).html

    def test_are_never_in_what_the_agents_get(self, msp: Msp) -> None:
        msp.book_first(invite(msp, clients_may_change=True, change_notice_amount=0))
        follow()

        assert "appointment/" not in mail("booked_notice").text + mail("booked_notice").html

    @pytest.mark.parametrize(
        "rules", [{}, {"clients_may_change": True, "change_notice_amount": 60, "change_notice_unit": "days"}]
    )
    def test_are_left_out_where_the_client_may_not(self, msp: Msp, rules: dict[str, Any]) -> None:
        request = invite(msp, **rules)
        msp.book_first(request)
        follow()

        whole = mail("confirmation").text + mail("confirmation").html
        assert reschedule_link(request) not in whole
        assert cancellation_link(request) not in whole


class TestNotesOnTheTicket:
    def test_have_the_clients_reason(self, msp: Msp) -> None:
        request = invite(msp, clients_may_change=True, change_notice_amount=0)
        msp.book_first(request)
        cancel_as_client(request=request, reason="We are away that week.", sequence=0, now=timezone.now())
        follow()

        note = msp.effects("note.created")[-1]["object"]
        assert f"{request.client_name} (client) cancelled" in note["text"]
        assert "Reason: We are away that week." in note["text"]
        assert note["internalAnalysisFlag"] is True

    def test_do_without_one(self, msp: Msp) -> None:
        request = invite(msp)
        msp.book_first(request)
        cancel_appointment(request=request, actor="Jordan Doe", reason="", now=timezone.now())
        follow()

        assert "Reason" not in msp.effects("note.created")[-1]["object"]["text"]
