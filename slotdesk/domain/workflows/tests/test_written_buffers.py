"""Buffers as calendar entries: written with the appointment, moved along, taken out, and left to the technician."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from slotdesk.domain.booking.handover import reassign_appointment
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import cancel_appointment, reschedule_appointment
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.connections.models import ExternalLink
from slotdesk.domain.people.models import Agent
from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import run_step
from tests.support.factories import make_team, make_type
from tests.support.msp import Msp, connected_msp, refresh

pytestmark = pytest.mark.django_db
HALF, QUARTER = timedelta(minutes=30), timedelta(minutes=15)


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        msp.type = make_type(
            msp.account, notice_amount=0, writes_buffers=True, buffer_before=HALF, buffer_after=QUARTER
        )
        yield msp


@pytest.fixture
def request_(msp: Msp) -> SchedulingRequest:
    return msp.invite(msp.open_ticket())


@pytest.fixture
def booked(msp: Msp, request_: SchedulingRequest) -> Appointment:
    appointment = msp.book_first(request_)
    follow()
    return appointment


def follow() -> None:
    for event_id in list_left_behind(before=timezone.now() + timedelta(days=1)):
        advance(event_id=event_id, now=timezone.now())
    for pk in StepRun.objects.filter(finished_at=None).order_by("id").values_list("pk", flat=True):
        run_step(step_run_id=pk, clock=timezone.now)


def move(request: SchedulingRequest, appointment: Appointment) -> Appointment:
    moved = reschedule_appointment(
        request=request,
        starts_at=appointment.starts_at + timedelta(days=7),
        zone="UTC",
        actor="Jordan Doe",
        now=timezone.now(),
        overrides_rules=True,
    )
    follow()
    return moved


def hand_over(msp: Msp, request: SchedulingRequest) -> Agent:
    """Give the appointment to somebody of the PSA who is free then, and return them."""
    others = Agent.objects.exclude(pk=msp.agent.pk).exclude(hours=[]).filter(is_active=True)
    others.update(is_schedulable=True, hours=msp.agent.hours, zone=msp.agent.zone)
    team = make_team(msp.account, list(others))
    refresh(msp.connection)
    made = reassign_appointment(request=request, leaving=msp.agent, to=team, actor="Jordan Doe", now=timezone.now())
    return made.reservations.get(released_at=None).agent


def entry(msp: Msp, side: str) -> dict[str, Any] | None:
    """The buffer's entry as the PSA has it."""
    link = ExternalLink.objects.get(subject__endswith=f":{side}")
    found = [each for each in msp.psa.store.all("entries") if str(each["id"]) == link.external_id]
    return found[0] if found else None


def period(found: dict[str, Any] | None) -> tuple[datetime, datetime]:
    assert found is not None
    start, end = (datetime.fromisoformat(found[name]) for name in ("dateStart", "dateEnd"))
    return start.astimezone(UTC), end.astimezone(UTC)


def change(msp: Msp, found: dict[str, Any], **fields: Any) -> None:
    msp.psa.store.put("entries", found | fields)


def written(msp: Msp) -> int:
    return len(msp.effects("entry.created"))


class TestWrittenBuffers:
    def test_stand_beside_the_appointment(self, msp: Msp, booked: Appointment) -> None:
        assert period(entry(msp, "before")) == (booked.starts_at - HALF, booked.starts_at)
        assert period(entry(msp, "after")) == (booked.ends_at, booked.ends_at + QUARTER)
        assert written(msp) == 3

    def test_are_not_written_where_the_type_does_not_say_so(self, msp: Msp) -> None:
        msp.type = make_type(msp.account, notice_amount=0, buffer_before=HALF)
        msp.book_first(msp.invite(msp.open_ticket()))
        follow()

        assert written(msp) == 1

    def test_c26_take_no_time_besides_the_reservation(
        self, msp: Msp, request_: SchedulingRequest, booked: Appointment
    ) -> None:
        refresh(msp.connection)

        times = list_times(
            request_,
            starts_at=booked.starts_at,
            ends_at=booked.ends_at,
            client_zone="UTC",
            now=timezone.now(),
            without=booked,
        )

        assert [slot.start for slot in times.slots] == [booked.starts_at.timestamp()]

    def test_c26_move_along(self, msp: Msp, request_: SchedulingRequest, booked: Appointment) -> None:
        moved = move(request_, booked)

        assert period(entry(msp, "before")) == (moved.starts_at - HALF, moved.starts_at)
        assert period(entry(msp, "after")) == (moved.ends_at, moved.ends_at + QUARTER)
        assert written(msp) == 3

    def test_move_along_as_short_as_the_technician_left_them(
        self, msp: Msp, request_: SchedulingRequest, booked: Appointment
    ) -> None:
        before = entry(msp, "before")
        assert before is not None
        shorter = (booked.starts_at - QUARTER).strftime("%Y-%m-%dT%H:%M:%SZ")
        change(msp, before, dateStart=shorter)

        moved = move(request_, booked)

        assert period(entry(msp, "before")) == (moved.starts_at - QUARTER, moved.starts_at)

    def test_stay_out_once_the_technician_has_taken_them_out(
        self, msp: Msp, request_: SchedulingRequest, booked: Appointment
    ) -> None:
        before = entry(msp, "before")
        assert before is not None
        msp.psa.store.remove("entries", before["id"])

        moved = move(request_, booked)
        move(request_, moved)

        assert entry(msp, "before") is None
        assert written(msp) == 3

    def test_stay_where_the_technician_has_dragged_them(
        self, msp: Msp, request_: SchedulingRequest, booked: Appointment
    ) -> None:
        after = entry(msp, "after")
        assert after is not None
        starts_at, ends_at = booked.ends_at + timedelta(days=2), booked.ends_at + timedelta(days=2) + QUARTER
        written_as = "%Y-%m-%dT%H:%M:%SZ"
        change(msp, after, dateStart=starts_at.strftime(written_as), dateEnd=ends_at.strftime(written_as))

        move(request_, booked)

        assert period(entry(msp, "after")) == (starts_at, ends_at)

    def test_go_with_whoever_loses_the_appointment(
        self, msp: Msp, request_: SchedulingRequest, booked: Appointment
    ) -> None:
        other = hand_over(msp, request_)
        follow()

        assert period(entry(msp, "before")) == (booked.starts_at - HALF, booked.starts_at)
        assert set(ExternalLink.objects.filter(kind="entry").values_list("subject", flat=True)) == {
            f"{booked.public_id}:{other.public_id}{side}" for side in ("", ":before", ":after")
        }

    def test_c26_go_with_the_appointment(self, msp: Msp, request_: SchedulingRequest, booked: Appointment) -> None:
        after = entry(msp, "after")
        assert after is not None
        msp.psa.store.remove("entries", after["id"])

        cancel_appointment(request=request_, actor="Slotdesk", reason="", now=timezone.now())
        follow()

        assert not ExternalLink.objects.filter(kind="entry").exists()
        assert len(msp.effects("entry.deleted")) == 2
        assert not StepRun.objects.filter(state="failed").exists()
