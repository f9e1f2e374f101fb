"""
A12: a zone's rules change after somebody booked.

A test cannot give the zones other rules. It stores what the client would have read by older ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from slotdesk.domain.booking.clock_changes import confirm_time, mark_clock_changes
from slotdesk.domain.booking.clocks import ClockChange, find_clock_change
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import (
    Answers,
    MovedMeanwhile,
    book_slot,
    cancel_appointment,
    reschedule_appointment,
)
from slotdesk.domain.booking.states import NotBooked
from slotdesk.domain.events.models import Event
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type

pytestmark = pytest.mark.django_db

ZONE = "Europe/Berlin"
# 16:00 in Berlin.
TEN = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
READ, READS = "2027-05-04T15:00", "2027-05-04T16:00"


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def request_(account: Account) -> SchedulingRequest:
    return make_request(make_type(account), [make_agent(account)])


@pytest.fixture
def booked(request_: SchedulingRequest) -> Appointment:
    return book_slot(request=request_, starts_at=TEN, answers=Answers(ZONE, "Ana Ruiz"), key="key", now=NOW)


@pytest.fixture
def changed(booked: Appointment) -> Appointment:
    """Booked when Berlin was to be on winter time that day."""
    return remember(booked, READ)


def remember(appointment: Appointment, wall_start: str) -> Appointment:
    Appointment.objects.filter(pk=appointment.pk).update(wall_start=wall_start)
    return again(appointment)


def again(appointment: Appointment) -> Appointment:
    return Appointment.objects.get(pk=appointment.pk)


def mark(account: Account, now: datetime = NOW) -> None:
    mark_clock_changes(account=account, now=now)


def confirm(request: SchedulingRequest, reads: str = READS) -> None:
    confirm_time(request=request, reads=reads, actor="Maria", now=NOW)


def recorded(kind: str) -> list[Event]:
    return list(Event.objects.filter(kind=kind).order_by("id"))


class TestWhatTheClientRead:
    def test_a12_is_remembered_when_they_book(self, booked: Appointment) -> None:
        assert again(booked).wall_start == booked.wall_start == READS

    def test_a12_is_remembered_anew_when_it_is_moved_which_settles_a_change(
        self, account: Account, request_: SchedulingRequest, changed: Appointment
    ) -> None:
        mark(account)

        reschedule_appointment(request=request_, starts_at=TEN + HOUR, zone="Asia/Kathmandu", actor="M", now=NOW)

        moved = again(changed)
        assert (moved.wall_start, moved.clock_changed_at) == ("2027-05-04T20:45", None)

    def test_a12_of_earlier_bookings_is_what_their_clock_showed_at_the_upgrade(self, booked: Appointment) -> None:
        remember(booked, "")
        migration = import_module("slotdesk.domain.booking.migrations.0005_wall_start_of_what_is_booked")

        with connection.schema_editor() as editor:
            migration.read_clocks(apps, editor)

        assert again(booked).wall_start == READS


class TestMarking:
    def test_a12_leaves_the_instant_and_marks_and_records_once(self, account: Account, changed: Appointment) -> None:
        mark(account)
        mark(account, NOW + HOUR)

        after = again(changed)
        assert (after.starts_at, after.ends_at) == (changed.starts_at, changed.ends_at)
        assert (after.wall_start, after.sequence, after.clock_changed_at) == (READ, 0, NOW)
        (event,) = recorded("appointment.clock_changed")
        assert (event.subject, event.actor) == (changed.request.public_id, "")
        assert event.data == {
            "appointment": changed.public_id,
            "starts_at": "2027-05-04T14:00:00+00:00",
            "zone": ZONE,
            "agreed": READ,
            "reads": READS,
        }

    def test_a12_is_for_those_alone_whose_clock_changed(self, account: Account, booked: Appointment) -> None:
        mark(account)

        assert again(booked).clock_changed_at is None
        assert not recorded("appointment.clock_changed")

    def test_a12_leaves_what_is_over_or_called_off(
        self, account: Account, request_: SchedulingRequest, changed: Appointment
    ) -> None:
        mark(account, TEN)
        assert again(changed).clock_changed_at is None

        cancel_appointment(request=request_, actor="Maria", reason="", now=NOW)
        mark(account)
        assert again(changed).clock_changed_at is None

    def test_a12_goes_when_the_rules_are_changed_back(self, account: Account, changed: Appointment) -> None:
        mark(account)
        remember(changed, READS)  # read by the rules that hold again

        mark(account)

        assert again(changed).clock_changed_at is None
        assert len(recorded("appointment.clock_changed")) == 1

    def test_a12_looks_at_its_own_account(self, account: Account, changed: Appointment) -> None:
        with active(other := make_account("Other MSP")):
            mark(other)

        assert again(changed).clock_changed_at is None


class TestConfirming:
    def test_a12_makes_the_new_time_the_agreed_one(
        self, account: Account, request_: SchedulingRequest, changed: Appointment
    ) -> None:
        mark(account)

        confirm(request_)
        confirm(request_)
        mark(account)

        after = again(changed)
        assert (after.starts_at, after.wall_start, after.clock_changed_at) == (TEN, READS, None)
        (event,) = recorded("appointment.time_confirmed")
        assert (event.actor, event.changes) == ("Maria", {"wall_start": [READ, READS]})
        assert len(recorded("appointment.clock_changed")) == 1

    def test_a12_comes_before_the_job_has_marked_it(self, request_: SchedulingRequest, changed: Appointment) -> None:
        confirm(request_)

        assert find_clock_change(again(changed), now=NOW) is None

    def test_a12_of_a_time_that_it_no_longer_has_is_refused(
        self, request_: SchedulingRequest, changed: Appointment
    ) -> None:
        reschedule_appointment(request=request_, starts_at=TEN + HOUR, zone=ZONE, actor="M", now=NOW)

        with pytest.raises(MovedMeanwhile):
            confirm(request_)

    def test_a12_needs_an_appointment(self, request_: SchedulingRequest) -> None:
        with pytest.raises(NotBooked):
            confirm(request_)


class TestFindClockChange:
    def test_a12_says_what_was_read_and_what_is_until_it_begins(self, changed: Appointment) -> None:
        assert find_clock_change(changed, now=NOW) == ClockChange(ZONE, READ, READS)
        assert find_clock_change(changed, now=TEN) is None
