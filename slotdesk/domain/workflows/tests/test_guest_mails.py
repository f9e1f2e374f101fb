"""What guests are sent: the details and a calendar file, and no link that changes anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from slotdesk.domain.booking.guests import add_guests, remove_guest
from slotdesk.domain.booking.invitations import Options, invite_from_ticket
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import cancel_appointment, reschedule_appointment
from slotdesk.domain.messages.models import Email
from slotdesk.domain.messages.words import say_moment
from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import run_step
from slotdesk.ports.psa import TicketRef
from tests.support.factories import make_type
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db
GUEST = "bo@client.example"


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        msp.type = make_type(msp.account, notice_amount=0, clients_may_change=True, change_notice_amount=0)
        yield msp


def invite(msp: Msp, **options: Any) -> SchedulingRequest:
    return invite_from_ticket(
        psa=msp.connection,
        ticket=TicketRef("service_ticket", str(msp.open_ticket()["id"])),
        appointment_type=msp.type,
        resources=[msp.agent],
        origin=SchedulingRequest.Origin.PANEL,
        actor="Jordan Doe",
        now=timezone.now(),
        options=Options(**options),
    )


def book(msp: Msp, request: SchedulingRequest) -> Appointment:
    appointment = msp.book_first(request)
    follow()
    return appointment


def follow() -> None:
    for event_id in list_left_behind(before=timezone.now() + timedelta(days=1)):
        advance(event_id=event_id, now=timezone.now())
    for pk in StepRun.objects.filter(finished_at=None, is_timer=False).order_by("id").values_list("pk", flat=True):
        run_step(step_run_id=pk, clock=timezone.now)


def mails(kind: str) -> list[Email]:
    return list(Email.objects.filter(kind=kind).order_by("id"))


class TestGuestMails:
    def test_follow_the_appointment_from_booking_to_cancellation(self, msp: Msp) -> None:
        request = invite(msp, guests=[GUEST])
        booked = book(msp, request)
        reschedule_appointment(
            request=request,
            starts_at=booked.starts_at + timedelta(days=7),
            zone="UTC",
            actor="Jordan Doe",
            now=timezone.now(),
            overrides_rules=True,
        )
        follow()
        cancel_appointment(request=request, actor="Jordan Doe", reason="", now=timezone.now())
        follow()

        for kind, method in (
            ("guest_confirmation", "REQUEST"),
            ("guest_rescheduled", "REQUEST"),
            ("guest_cancellation", "CANCEL"),
        ):
            (mail,) = mails(kind)
            assert mail.to == [GUEST]
            assert f"METHOD:{method}" in mail.calendar
            assert f"mailto:{GUEST}" in mail.calendar.replace("\r\n ", "")

    def test_hold_no_link_and_not_the_clients_number(self, msp: Msp) -> None:
        request = invite(msp, guests=[GUEST])
        book(msp, request)

        (mail,) = mails("guest_confirmation")
        request.refresh_from_db()
        whole = mail.text + mail.html + mail.calendar.replace("\r\n ", "")
        assert request.token not in whole
        assert "/schedule/" not in whole
        assert request.client_phone not in whole
        assert request.client_name in whole

    def test_say_the_time_on_the_clients_clock_and_not_the_technicians(self, msp: Msp) -> None:
        booked = book(msp, invite(msp, guests=[GUEST]))

        (mail,) = mails("guest_confirmation")
        (notice,) = mails("booked_notice")
        words = {zone: say_moment(booked.starts_at, zone=zone, country="US") for zone in (booked.zone, msp.agent.zone)}
        assert words[booked.zone] != words[msp.agent.zone]
        assert words[booked.zone] in mail.text
        assert words[msp.agent.zone] in notice.text

    def test_go_to_nobody_where_there_are_no_guests(self, msp: Msp) -> None:
        book(msp, invite(msp))

        assert mails("guest_confirmation") == []
        assert not StepRun.objects.filter(settings__to="guests").exists()

    def test_go_to_those_alone_who_were_named_later(self, msp: Msp) -> None:
        request = invite(msp, guests=[GUEST])
        book(msp, request)
        add_guests(request=request, emails=["cy@client.example"], actor="Jordan Doe", now=timezone.now())
        follow()

        assert [mail.to for mail in mails("guest_confirmation")] == [[GUEST], ["cy@client.example"]]

    def test_wait_for_the_booking_when_guests_are_named_before(self, msp: Msp) -> None:
        request = invite(msp)
        add_guests(request=request, emails=[GUEST], actor="Jordan Doe", now=timezone.now())
        follow()
        assert mails("guest_confirmation") == []

        book(msp, request)

        assert [mail.to for mail in mails("guest_confirmation")] == [[GUEST]]

    def test_do_not_go_to_one_who_was_taken_off(self, msp: Msp) -> None:
        request = invite(msp, guests=[GUEST, "cy@client.example"])
        guest = request.guests.get(email=GUEST)
        remove_guest(request=request, guest_id=guest.pk, actor="Jordan Doe", now=timezone.now())

        book(msp, request)

        assert [mail.to for mail in mails("guest_confirmation")] == [["cy@client.example"]]

    def test_of_a_silent_request_are_not_written(self, msp: Msp) -> None:
        book(msp, invite(msp, guests=[GUEST], is_silent=True))

        assert set(Email.objects.values_list("kind", flat=True)) == {"booked_notice"}
