"""In which language the steps of a request write: the client's for them and their guests, English for staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from slotdesk.domain.booking.client import choose_language
from slotdesk.domain.booking.invitations import Options, invite_from_ticket
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.messages.models import Email
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import run_step
from slotdesk.ports.psa import TicketRef
from tests.support.factories import make_type
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        msp.type = make_type(msp.account, notice_amount=0, clients_may_change=True, change_notice_amount=0)
        yield msp


def invite(msp: Msp, language: str = "") -> SchedulingRequest:
    request = invite_from_ticket(
        psa=msp.connection,
        ticket=TicketRef("service_ticket", str(msp.open_ticket()["id"])),
        appointment_type=msp.type,
        resources=[msp.agent],
        origin=SchedulingRequest.Origin.PANEL,
        actor="Jordan Doe",
        now=timezone.now(),
        options=Options(guests=["bo@client.example"], language=language),
    )
    follow()
    return request


def book(msp: Msp, request: SchedulingRequest, language: str) -> None:
    now = timezone.now()
    times = list_times(request, starts_at=now, ends_at=now + timedelta(days=14), client_zone="UTC", now=now)
    starts_at = datetime.fromtimestamp(times.slots[0].start, UTC)
    answers = Answers("Africa/Cairo", "Ana Ruiz", language=language)
    book_slot(request=request, starts_at=starts_at, answers=answers, key="k" * 16, now=now)
    follow()


def follow() -> None:
    for event_id in list_left_behind(before=timezone.now() + timedelta(days=1)):
        advance(event_id=event_id, now=timezone.now())
    for pk in StepRun.objects.filter(finished_at=None, is_timer=False).order_by("id").values_list("pk", flat=True):
        run_step(step_run_id=pk, clock=timezone.now)


def mail(kind: str) -> Email:
    return Email.objects.get(kind=kind)


def is_arabic(email: Email) -> bool:
    return 'dir="rtl"' in email.html


class TestLanguage:
    def test_is_the_one_that_the_client_booked_in(self, msp: Msp) -> None:
        request = invite(msp)
        book(msp, request, "ar")
        cancel_appointment(request=request, actor="Jordan Doe", reason="", now=timezone.now())
        follow()

        assert not is_arabic(mail("invitation"))
        for kind in ("confirmation", "guest_confirmation", "cancellation", "guest_cancellation"):
            assert is_arabic(mail(kind)), kind
        assert "phone call مع Jordan Doe" in mail("confirmation").calendar.replace("\u2068", "").replace("\u2069", "")

    def test_of_staff_stays_english(self, msp: Msp) -> None:
        request = invite(msp)
        book(msp, request, "ar")

        notice = mail("booked_notice")
        assert not is_arabic(notice)
        assert "This is" not in notice.text
        assert "When:" in notice.text
        assert not [run.outcome for run in StepRun.objects.all() if "موعد" in run.outcome.partition("“")[0]]

    def test_before_a_choice_is_the_one_that_staff_named_else_the_accounts(self, msp: Msp) -> None:
        invite(msp, language="ar")
        assert is_arabic(mail("invitation"))

        Email.objects.all().delete()
        Account.objects.filter(pk=msp.account.pk).update(language="ar")
        msp.connection.account.refresh_from_db()
        invite(msp)
        assert is_arabic(mail("invitation"))

    def test_that_the_client_chooses_afterwards_holds_for_what_is_sent_later(self, msp: Msp) -> None:
        request = invite(msp)
        book(msp, request, "en")
        choose_language(request=request, language="ar")

        cancel_appointment(request=request, actor="Jordan Doe", reason="", now=timezone.now())
        follow()

        assert not is_arabic(mail("confirmation"))
        assert is_arabic(mail("cancellation"))
