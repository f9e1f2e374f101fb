"""Handing over what is a person's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from slotdesk.domain.booking.models import Reservation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from tests.support.factories import NOW, make_agent, make_request
from tests.support.members import text_of

SignIn = Callable[[str], Client]
TEN = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)


@pytest.fixture
def booked(request_: SchedulingRequest) -> SchedulingRequest:
    book_slot(request=request_, starts_at=TEN, answers=Answers("UTC", "Client"), key="key", now=NOW)
    return request_


class TestHandOver:
    def test_hands_over_what_is_ticked(
        self, account: Account, agent: Agent, booked: SchedulingRequest, half_hour: AppointmentType, sign_in: SignIn
    ) -> None:
        browser, url = sign_in("administrator"), f"/app/users/{agent.public_id}/handover/"
        waiting, other = make_request(half_hour, [agent]), make_agent(account, "Ben")
        assert "Not booked yet" in text_of(browser.get(url))

        sent = {"to": other.public_id, "requests": [booked.public_id, waiting.public_id]}
        page = text_of(browser.post(url, sent, follow=True))

        assert "2 handed over to Ben" in page
        assert "Nothing to hand over" in page
        assert Reservation.objects.get(released_at=None).agent == other

    def test_says_what_could_not_be_handed_over(
        self, account: Account, agent: Agent, booked: SchedulingRequest, sign_in: SignIn
    ) -> None:
        late = make_agent(account, "Late", hours=[{"days": [1], "start": "20:00", "end": "22:00"}])
        url = f"/app/users/{agent.public_id}/handover/"

        page = text_of(
            sign_in("administrator").post(url, {"to": late.public_id, "requests": [booked.public_id]}, follow=True)
        )

        assert "Does not work at that time" in page
        assert Reservation.objects.get(released_at=None).agent == agent

    def test_asks_for_somebody_to_take_it(self, agent: Agent, booked: SchedulingRequest, sign_in: SignIn) -> None:
        url = f"/app/users/{agent.public_id}/handover/"

        page = text_of(
            sign_in("administrator").post(url, {"to": agent.public_id, "requests": [booked.public_id]}, follow=True)
        )

        assert "choose to whom" in page
