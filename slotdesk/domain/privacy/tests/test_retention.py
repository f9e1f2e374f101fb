"""After a night's run nothing is older than the account says, and running again changes nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.connections.models import BusyPeriod, InboundCall
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.models import SignedLink
from slotdesk.domain.messages.models import Email
from slotdesk.domain.privacy import retention
from slotdesk.domain.privacy.forget import anything_of_client
from slotdesk.domain.privacy.models import Retention
from slotdesk.domain.privacy.retention import delete_expired_sessions, keep_retention
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.models import StepRun
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type
from tests.support.members import make_member
from tests.support.traces import leave_traces as leave_traces_at

Leave = Callable[..., SchedulingRequest]


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table that retention looks at."""
    models = (SchedulingRequest, Appointment, Email, InboundCall, BusyPeriod, Event, StepRun)
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in models}


def days(count: int) -> datetime:
    return NOW + timedelta(days=count)


class TestRetention:
    @pytest.mark.parametrize("seed", range(4))
    def test_leaves_nothing_older_whatever_the_periods_and_ages(
        self, account: Account, leave_traces: Leave, seed: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(retention, "_BATCH", 3)  # so that there are several
        chance = random.Random(seed)
        for number in range(7):
            leave_traces(days(chance.randrange(0, 120)), f"zebra{number}")
        kept = Retention.objects.create(
            account=account,
            request_days=chance.randrange(30, 90),
            email_days=chance.randrange(7, 60),
            call_days=chance.randrange(1, 8),
            audit_days=90,
        )
        now = days(150)
        counted = (SchedulingRequest.objects.count(), Appointment.objects.count())

        keep_retention(account=account, now=now)

        old = SchedulingRequest.objects.filter(anything_of_client())
        last = [max([request.created_at, *request.appointments.values_list("ends_at", flat=True)]) for request in old]
        assert all(moment >= now - timedelta(days=kept.request_days) for moment in last)
        assert not Email.objects.filter(created_at__lt=now - timedelta(days=kept.email_days)).exists()
        links = SignedLink.objects.values_list("expires_at", flat=True)
        assert all(moment >= now - timedelta(days=kept.request_days) for moment in links)
        assert not InboundCall.objects.filter(received_at__lt=now - timedelta(days=kept.call_days)).exists()
        assert not BusyPeriod.objects.filter(ends_at__lt=now - timedelta(days=kept.request_days)).exists()
        assert not Event.objects.filter(created_at__lt=now - timedelta(days=90)).exists()
        assert (SchedulingRequest.objects.count(), Appointment.objects.count()) == counted

    def test_changes_nothing_when_run_again(self, account: Account, leave_traces: Leave) -> None:
        leave_traces(NOW)
        leave_traces(days(700), "okapi")
        keep_retention(account=account, now=days(800))
        first = rows()

        keep_retention(account=account, now=days(800))

        assert rows() == first

    def test_touches_nothing_that_is_young_enough(self, account: Account, leave_traces: Leave) -> None:
        leave_traces(NOW)
        before = rows()

        keep_retention(account=account, now=days(6))

        assert rows() == before

    def test_counts_from_the_end_of_the_appointment(self, account: Account, leave_traces: Leave) -> None:
        request = leave_traces(NOW)
        Retention.objects.create(account=account, request_days=30)
        Appointment.objects.update(ends_at=days(20))

        keep_retention(account=account, now=days(45))
        request.refresh_from_db()
        assert request.client_name

        keep_retention(account=account, now=days(51))
        request.refresh_from_db()
        assert not request.client_name

    def test_closes_a_request_that_nobody_answered(self, account: Account) -> None:
        request = make_request(make_type(account), [make_agent(account)])

        keep_retention(account=account, now=days(731))

        request.refresh_from_db()
        assert (request.status, request.client_email) == ("closed", "")

    def test_keeps_an_event_whose_effects_are_still_to_come(self, account: Account, leave_traces: Leave) -> None:
        leave_traces(NOW)
        waiting = StepRun.objects.order_by("pk")[0]
        StepRun.objects.filter(pk=waiting.pk).update(state="waiting", finished_at=None)
        Retention.objects.create(account=account, request_days=3650, audit_days=90)

        keep_retention(account=account, now=days(200))

        assert list(Event.objects.filter(subject__startswith="sreq").values_list("pk", flat=True)) == [waiting.event_id]

    def test_is_each_accounts_own(self, account: Account, leave_traces: Leave) -> None:
        leave_traces(NOW)
        other = make_account("Another MSP")
        with active(other):
            theirs = leave_traces_at(other, now=NOW, mark="zebra", is_cancelled=True)

        keep_retention(account=account, now=days(800))

        with active(other):
            theirs.refresh_from_db()
            assert theirs.client_name
            assert Email.objects.exists()


class TestSessions:
    def start(self, account: Account, last_seen_at: datetime) -> UserSession:
        store = SessionStore()
        store.create()
        member = make_member(account)
        fields = {"ip": "192.0.2.1", "user_agent": "Firefox", "session_key": store.session_key}
        session: UserSession = UserSession.objects.create(user=member.user, last_seen_at=last_seen_at, **fields)
        return session

    def test_that_were_not_used_for_long_are_ended(self, account: Account) -> None:
        self.start(account, NOW)
        used = self.start(account, days(20))

        keep_retention(account=account, now=days(31))

        assert list(UserSession.objects.all()) == [used]
        assert [session.session_key for session in Session.objects.all()] == [used.session_key]

    def test_that_have_run_out_are_deleted_with_what_they_knew(self, account: Account) -> None:
        over, alive = self.start(account, NOW), self.start(account, NOW)
        Session.objects.filter(session_key=over.session_key).update(expire_date=days(1))
        Session.objects.filter(session_key=alive.session_key).update(expire_date=days(3))

        delete_expired_sessions(now=days(2))

        assert list(UserSession.objects.all()) == [alive]


class TestTheDatabase:
    def test_is_left_with_the_door_shut(self, account: Account, leave_traces: Leave) -> None:
        leave_traces(NOW)
        keep_retention(account=account, now=days(2000))

        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting('slotdesk.audit_door', true), '')")
            assert cursor.fetchone() == ("",)
