"""When those who wait to be told that a time opens are looked at."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.links.opening_looks import claim_due_openings, look_for_opening, wake_openings
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from tests.support.factories import (
    NOW,
    make_agent,
    make_request,
    make_team,
    make_type,
)
from tests.support.openings import SOON, ask, ask_at, deferred, open_hours, told

pytestmark = pytest.mark.django_db

ELEVEN = NOW + timedelta(hours=2)


class TestWaking:
    @pytest.fixture
    def booked(self, account: Account, maria: Agent) -> SchedulingRequest:
        """Somebody else has an appointment with Maria."""
        open_hours(maria)
        booked = make_request(make_type(account), [maria], name="Bo", email="bo@client.example")
        book_slot(request=booked, starts_at=ELEVEN, answers=Answers("UTC", "Bo"), key="k", now=NOW)
        return booked

    def test_looks_at_once_when_an_appointment_of_theirs_goes(
        self,
        account: Account,
        kind: AppointmentType,
        invited: SchedulingRequest,
        maria: Agent,
        booked: SchedulingRequest,
    ) -> None:
        team = make_team(account, [maria])
        alerts = [
            ask(invited),
            ask_at(Link(account, (maria,), kind)),
            ask_at(Link(account, (team,), kind)),
            ask(make_request(kind, [team], email="cy@client.example")),
        ]
        other = ask_at(Link(account, (make_agent(account, "Robin"),), kind))
        cancel_appointment(request=booked, actor="Maria", reason="", now=SOON)

        wake_openings(event_id=Event.objects.get(kind="appointment.cancelled").pk, now=NOW)

        for alert in (*alerts, other):
            alert.refresh_from_db()
        assert [alert.check_at for alert in alerts] == [NOW] * 4
        assert other.check_at > NOW

    def test_does_nothing_for_other_events(self, invited: SchedulingRequest, booked: SchedulingRequest) -> None:
        alert = ask(invited)

        wake_openings(event_id=Event.objects.get(kind="appointment.booked").pk, now=NOW)

        alert.refresh_from_db()
        assert alert.check_at > NOW


class TestSweep:
    def test_takes_a_bounded_number_the_longest_due_first(self, account: Account, maria: Agent) -> None:
        kinds = [make_type(account) for _ in range(3)]
        for number, each in enumerate(kinds):
            ask_at(Link(account, (maria,), each), now=NOW - timedelta(minutes=number))

        assert claim_due_openings(now=SOON, limit=2) == 2
        assert [about.split(":")[0] for about, _at in deferred()] == [kinds[2].public_id, kinds[1].public_id]
        assert claim_due_openings(now=SOON, limit=2) == 1

    def test_makes_one_job_for_all_who_wait_for_the_same(
        self, account: Account, maria: Agent, kind: AppointmentType
    ) -> None:
        for number in range(20):
            ask_at(Link(account, (maria,), kind), f"{number}@client.example")

        assert claim_due_openings(now=SOON) == 1

    def test_asks_the_engine_as_often_for_a_thousand_as_for_one(
        self, account: Account, maria: Agent, kind: AppointmentType, django_assert_max_num_queries: Any
    ) -> None:
        OpeningAlert.objects.bulk_create(
            OpeningAlert(
                account=account,
                about="same",
                appointment_type=kind,
                resources=[maria.public_id],
                email=f"{number}@client.example",
                zone="UTC",
                language="en",
                asked_at=NOW,
                check_at=NOW,
            )
            for number in range(1000)
        )
        open_hours(maria)
        Agent.objects.filter(pk=maria.pk).update(hours=[])
        claim_due_openings(now=SOON)
        ((about, check_at),) = deferred()

        with django_assert_max_num_queries(25):
            look_for_opening(about=about, check_at=datetime.fromisoformat(check_at), clock=lambda: SOON)

    def test_leaves_a_job_that_was_overtaken_with_nothing_to_do(self, invited: SchedulingRequest, maria: Agent) -> None:
        ask(invited)
        open_hours(maria)
        claim_due_openings(now=SOON)
        claim_due_openings(now=SOON + timedelta(minutes=6))
        (about, late), _current = deferred()

        look_for_opening(about=about, check_at=datetime.fromisoformat(late), clock=lambda: SOON)

        assert told() == []
