"""What staff see of a client who wants to be told when a time opens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.links.openings import stop_alerts
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW
from tests.support.members import text_of
from tests.support.openings import SOON, ask, look

SignIn = Callable[[str], Client]


@pytest.fixture
def alert(request_: SchedulingRequest) -> OpeningAlert:
    with active(request_.account):
        return ask(request_, now=NOW)


class TestRequestsPage:
    def test_says_that_the_client_waits_and_until_when(
        self, alert: OpeningAlert, request_: SchedulingRequest, sign_in: SignIn
    ) -> None:
        page = text_of(sign_in("dispatcher").get(f"/app/requests/{request_.public_id}/"))

        assert "They want to be told when one opens, until" in page
        assert "The client wants to be told when a time opens" in page
        assert "Ana Ruiz (client)" in page

    def test_shows_that_they_were_told_and_the_e_mail(
        self, alert: OpeningAlert, request_: SchedulingRequest, agent: Agent, sign_in: SignIn
    ) -> None:
        with active(request_.account):
            look(SOON)

        page = text_of(sign_in("dispatcher").get(f"/app/requests/{request_.public_id}/"))

        assert "The client was told that a time opened" in page
        assert f"A time with {agent.name} has opened" in page
        assert "They want to be told" not in page

    def test_says_that_they_want_to_be_told_no_more(
        self, alert: OpeningAlert, request_: SchedulingRequest, sign_in: SignIn
    ) -> None:
        with active(request_.account):
            stop_alerts(alert=alert, now=SOON)

        page = text_of(sign_in("dispatcher").get(f"/app/requests/{request_.public_id}/"))

        assert "The client wants to be told no more" in page
