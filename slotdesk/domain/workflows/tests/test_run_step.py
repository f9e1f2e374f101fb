"""Claiming, doing, waiting and ending step runs, against a real PSA and a real mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from slotdesk.domain.booking.invitations import cancel_request
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import cancel_appointment, reschedule_appointment
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.connections.busy_mirror import read_calendar
from slotdesk.domain.connections.models import Calendar, Connection
from slotdesk.domain.connections.operations import set_presets
from slotdesk.domain.events.models import Event
from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import claim_due, retry_step_run, run_step
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        yield msp


@pytest.fixture
def ticket(msp: Msp) -> dict[str, Any]:
    return msp.open_ticket()


@pytest.fixture
def request_(msp: Msp, ticket: dict[str, Any]) -> SchedulingRequest:
    return msp.invite(ticket)


def advance_all(now: datetime | None = None) -> None:
    for event_id in list_left_behind(before=timezone.now() + timedelta(days=400)):
        advance(event_id=event_id, now=now or timezone.now())


def run_all(at: datetime | None = None) -> None:
    """Look at every open run once, in order, as the workers would."""
    for pk in StepRun.objects.filter(finished_at=None).order_by("id").values_list("pk", flat=True):
        run_step(step_run_id=pk, clock=lambda: at or timezone.now())


def states() -> dict[str, str]:
    return dict(StepRun.objects.order_by("id").values_list("step_key", "state"))


class TestInvitation:
    def test_notes_sets_the_status_and_writes_to_the_client(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        advance_all()
        run_all()

        request_.refresh_from_db()
        assert states() == {"created.note": "done", "created.status": "done", "created.mail_client": "done"}
        assert msp.api(f"/service/tickets/{ticket['id']}")["status"]["name"] == "Schedule Sent"
        assert [mail.subject for mail in msp.mails_to(ticket["contactEmailAddress"])] == [
            f"Choose a time with Jordan Doe (ticket #{ticket['id']})"
        ]
        assert request_.status == "sent"

    def test_the_note_stays_internal(self, msp: Msp, request_: SchedulingRequest) -> None:
        advance_all()
        run_all()

        (note,) = msp.effects("note.created")
        assert note["object"]["internalAnalysisFlag"] is True
        assert note["object"]["detailDescriptionFlag"] is False

    def test_advancing_an_event_again_changes_nothing(self, request_: SchedulingRequest) -> None:
        advance_all()
        for event in Event.objects.all():
            advance(event_id=event.pk, now=timezone.now())

        assert StepRun.objects.count() == 3

    def test_running_a_finished_step_again_changes_nothing(self, msp: Msp, request_: SchedulingRequest) -> None:
        advance_all()
        run_all()

        for run in StepRun.objects.all():
            run_step(step_run_id=run.pk, clock=timezone.now)

        assert len(msp.effects("note.created")) == 1

    def test_a_link_sends_nothing(self, msp: Msp, ticket: dict[str, Any]) -> None:
        from slotdesk.domain.booking.invitations import invite_from_ticket
        from slotdesk.ports.psa import TicketRef

        invite_from_ticket(
            psa=msp.connection,
            ticket=TicketRef("service_ticket", str(ticket["id"])),
            appointment_type=msp.type,
            resources=[msp.agent],
            origin=SchedulingRequest.Origin.LINK,
            actor="Jordan Doe",
            now=timezone.now(),
        )
        advance_all()
        run_all()

        assert states()["created.mail_client"] == "skipped"
        assert msp.mails_to(ticket["contactEmailAddress"]) == []


class TestBooking:
    def test_writes_the_entry_at_the_booked_time_for_the_agent(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        appointment = msp.book_first(request_)
        advance_all()
        run_all()

        (entry,) = msp.effects("entry.created")
        assert entry["object"]["objectId"] == ticket["id"]
        assert entry["object"]["member"]["name"] == msp.agent.name
        assert entry["object"]["dateStart"] == appointment.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert entry["object"]["dateEnd"] == appointment.ends_at.strftime("%Y-%m-%dT%H:%M:%SZ")

    def test_the_confirmation_carries_an_invitation_with_an_alarm(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        msp.book_first(request_)
        advance_all()
        run_all()

        source = msp.mail.store.get_source(msp.mails_to(ticket["contactEmailAddress"])[0].id).decode()
        assert 'text/calendar; method="REQUEST"' in source
        assert "BEGIN:VALARM" in source
        assert "TRIGGER:-PT10M" in source

    def test_a_booking_cancelled_meanwhile_is_not_written(self, msp: Msp, request_: SchedulingRequest) -> None:
        msp.book_first(request_)
        cancel_appointment(request=request_, actor="Jordan Doe", reason="", now=timezone.now())
        advance_all()
        run_all()

        assert msp.effects("entry.created") == []
        assert states()["appointment_booked.mail_client"] == "skipped"

    def test_cancelling_takes_the_entry_out_again(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        msp.book_first(request_)
        advance_all()
        run_all()

        cancel_appointment(request=request_, actor="Jordan Doe", reason="Ill", now=timezone.now())
        advance_all()
        run_all()

        (made,) = msp.effects("entry.created")
        assert [effect["id"] for effect in msp.effects("entry.deleted")] == [made["id"]]
        assert msp.api(f"/service/tickets/{ticket['id']}")["status"]["name"] == "Schedule Cancelled"
        assert msp.mails_to(ticket["contactEmailAddress"])[0].subject.startswith("Cancelled: ")

    def test_a_time_is_free_as_soon_as_its_entry_is_taken_out_though_the_calendar_was_read_before(
        self, msp: Msp, request_: SchedulingRequest
    ) -> None:
        booked = msp.book_first(request_)
        advance_all()
        run_all()
        read_calendar(calendar=Calendar.objects.get(agent=msp.agent), now=timezone.now())

        cancel_appointment(request=request_, actor="Jordan Doe", reason="", now=timezone.now())
        advance_all()
        run_all()

        again = msp.invite(msp.open_ticket())
        starts_at, ends_at = booked.starts_at, booked.ends_at
        found = list_times(again, starts_at=starts_at, ends_at=ends_at, client_zone="UTC", now=timezone.now())
        assert len(found.slots) == 1

    def test_moving_moves_the_same_entry_and_tells_everybody(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        booked = msp.book_first(request_)
        advance_all()
        run_all()

        moved = reschedule_appointment(
            request=request_,
            starts_at=booked.starts_at + timedelta(days=7),
            zone="America/Denver",
            actor="Client (client)",
            now=timezone.now(),
        )
        advance_all()
        run_all()

        (changed,) = msp.effects("entry.changed")
        assert changed["id"] == msp.effects("entry.created")[0]["id"]
        assert changed["object"]["dateStart"] == moved.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert msp.mails_to(ticket["contactEmailAddress"])[0].subject.startswith("Moved: ")
        assert msp.mails_to(msp.agent.email)[0].subject.startswith("Moved: ")

    def test_a_request_taken_back_before_booking_sends_the_client_nothing_more(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        advance_all()
        run_all()

        cancel_request(request=request_, actor="Jordan Doe", now=timezone.now())
        advance_all()
        run_all()

        assert len(msp.mails_to(ticket["contactEmailAddress"])) == 1


class TestFaults:
    def test_f15_a_psa_that_is_down_makes_its_steps_wait_and_holds_up_no_mail(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        msp.book_first(request_)
        msp.psa.switchboard.replace([{"kind": "down"}])

        advance_all()
        run_all()

        assert states()["appointment_booked.entry"] == "waiting"
        assert states()["appointment_booked.mail_client"] == "done"
        assert msp.mails_to(ticket["contactEmailAddress"])[0].subject.startswith("Booked: ")

    def test_waits_grow_and_it_heals_by_itself(self, msp: Msp, request_: SchedulingRequest) -> None:
        msp.psa.switchboard.replace([{"kind": "down"}])
        advance_all()
        waits = []
        for _ in range(4):
            note = StepRun.objects.get(step_key="created.note")
            run_step(step_run_id=note.pk, clock=lambda: note.due_at)  # noqa: B023
            after = StepRun.objects.get(pk=note.pk)
            waits.append(after.due_at - note.due_at)
        msp.psa.switchboard.replace([])
        run_all(at=StepRun.objects.get(step_key="created.note").due_at)

        assert waits == sorted(waits)
        assert waits[0] < waits[-1]
        assert states()["created.note"] == "done"
        assert len(msp.effects("note.created")) == 1

    def test_a_rate_limit_waits_as_long_as_the_vendor_says(self, msp: Msp, request_: SchedulingRequest) -> None:
        msp.psa.switchboard.replace([{"kind": "429", "amount": 900}])
        advance_all()
        now = timezone.now()

        run_all(at=now)

        assert StepRun.objects.get(step_key="created.note").due_at >= now + timedelta(seconds=900)

    def test_c17_refused_keys_break_the_connection_once_and_new_keys_wake_what_waits(
        self, msp: Msp, request_: SchedulingRequest
    ) -> None:
        msp.psa.switchboard.replace([{"kind": "expired-key"}])
        advance_all()
        run_all()

        msp.connection.refresh_from_db()
        assert msp.connection.state == Connection.State.BROKEN
        assert Event.objects.filter(kind="connection.broken").count() == 1

        msp.psa.switchboard.replace([])
        self._save_keys_again(msp)
        advance_all()

        assert StepRun.objects.get(step_key="created.note").due_at <= timezone.now()
        run_all()
        assert states()["created.note"] == "done"

    def test_a_status_that_nobody_chose_is_skipped_with_the_board_named(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        from slotdesk.domain.connections.models import Board

        choices = {(board.pk, "created"): "" for board in Board.objects.all()}
        set_presets(connection=msp.connection, choices=choices, actor="test", now=timezone.now())
        advance_all()
        run_all()

        run = StepRun.objects.get(step_key="created.status")
        assert run.state == "skipped"
        assert ticket["board"]["name"] in run.outcome

    def test_an_address_that_the_mail_server_refuses_for_good_fails_and_says_so(
        self, msp: Msp, request_: SchedulingRequest
    ) -> None:
        from sandbox.mail.faults import Fault, Stage

        msp.mail.faults.put(Fault(refuse=550, stage=Stage.RCPT))
        advance_all()
        run_all()

        run = StepRun.objects.get(step_key="created.mail_client")
        assert run.state == "failed"
        assert request_.client_email in run.outcome

    def test_staff_can_try_a_failed_step_again(self, msp: Msp, request_: SchedulingRequest) -> None:
        from sandbox.mail.faults import Fault, Stage

        msp.mail.faults.put(Fault(refuse=550, stage=Stage.RCPT, times=1))
        advance_all()
        run_all()

        run = StepRun.objects.get(step_key="created.mail_client")
        retry_step_run(run=run, actor="Jo", now=timezone.now())
        run_all()

        assert states()["created.mail_client"] == "done"
        assert len(msp.mails_to(request_.client_email)) == 1

    def _save_keys_again(self, msp: Msp) -> None:
        from slotdesk.domain.connections.operations import save_connection
        from slotdesk.domain.connections.registry import _settings

        values = _settings(msp.connection)
        save_connection(account=msp.account, kind="connectwise", values=values, actor="test", now=timezone.now())


class TestClaims:
    def test_a_step_that_somebody_is_on_is_left_to_them(self, msp: Msp, request_: SchedulingRequest) -> None:
        advance_all()
        later = timezone.now() + timedelta(seconds=60)
        StepRun.objects.update(state="running", claimed_until=later, attempts=1)

        run_all()

        assert set(states().values()) == {"running"}

    def test_a_step_whose_worker_died_is_taken_over_after_the_lease(
        self, msp: Msp, request_: SchedulingRequest
    ) -> None:
        advance_all()
        past = timezone.now() - timedelta(seconds=1)
        StepRun.objects.update(state="running", claimed_until=past, attempts=1)

        assert claim_due(now=timezone.now()) == 3
        run_all()

        assert set(states().values()) == {"done"}

    def test_the_sweep_offers_what_is_due_only_once_in_a_while(self, msp: Msp, request_: SchedulingRequest) -> None:
        advance_all()

        first, second = claim_due(now=timezone.now()), claim_due(now=timezone.now())

        assert (first, second) == (3, 0)

    def test_steps_of_one_channel_keep_their_order(self, msp: Msp, request_: SchedulingRequest) -> None:
        advance_all()
        status = StepRun.objects.get(step_key="created.status")

        run_step(step_run_id=status.pk, clock=timezone.now)

        status.refresh_from_db()
        assert status.state == "waiting"


class TestTimers:
    @pytest.fixture
    def request_(self, msp: Msp, ticket: dict[str, Any]) -> SchedulingRequest:
        msp.type.reminders = [{"after_minutes": hours * 60, "template": ""} for hours in (24, 48)]
        msp.type.no_response_amount = 4
        msp.type.save()
        return msp.invite(ticket)

    def test_an_unanswered_client_is_reminded_twice_and_then_flagged(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        advance_all()
        run_all()
        sent = []
        for hours in (23, 25, 49, 97):
            run_all(at=timezone.now() + timedelta(hours=hours))
            sent.append(len(msp.mails_to(request_.client_email)))

        assert sent == [1, 2, 3, 3]
        assert msp.api(f"/service/tickets/{ticket['id']}")["status"]["name"] == "No Response"

    def test_a_booking_ends_what_waits_for_an_answer(self, msp: Msp, request_: SchedulingRequest) -> None:
        advance_all()
        run_all()
        msp.book_first(request_)
        advance_all()
        run_all()

        timers = StepRun.objects.filter(is_timer=True)
        assert {run.state for run in timers} == {"skipped"}
        assert all("scheduled" in run.outcome for run in timers)

    def test_a_timer_that_waits_holds_up_nothing(self, msp: Msp, request_: SchedulingRequest) -> None:
        advance_all()
        run_all()
        msp.book_first(request_)
        advance_all()
        run_all()

        assert states()["appointment_booked.mail_client"] == "done"

    def test_f23_a_client_who_books_just_before_the_deadline_keeps_the_status(
        self, msp: Msp, ticket: dict[str, Any], request_: SchedulingRequest
    ) -> None:
        advance_all()
        run_all()
        msp.book_first(request_)  # its event is not advanced yet when the deadline fires
        run_all(at=timezone.now() + timedelta(days=5))

        assert msp.api(f"/service/tickets/{ticket['id']}")["status"]["name"] == "Schedule Sent"
        assert states()["no_response.status"] == "skipped"
