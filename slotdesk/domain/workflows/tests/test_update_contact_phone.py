"""The number that a client leaves, in the PSA."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.events.models import Event
from slotdesk.domain.workflows.actions import Context, Done, Skipped, Will, get_action
from slotdesk.domain.workflows.models import StepRun
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        yield msp


@pytest.fixture
def ticket(msp: Msp) -> dict[str, Any]:
    return msp.open_ticket()


def prepare(request: SchedulingRequest) -> Will | Skipped:
    run = StepRun(account=request.account, request=request, event=Event.objects.order_by("id")[0], step_key="phone")
    return get_action("update_contact_phone").prepare(Context(run=run, now=timezone.now()))


def do(request: SchedulingRequest) -> Done | Skipped:
    prepared = prepare(request)
    assert isinstance(prepared, Will)
    return prepared.do()


def phones(msp: Msp, ticket: dict[str, Any]) -> list[str]:
    contact = msp.api(f"/company/contacts/{ticket['contact']['id']}")
    return [item["value"] for item in contact["communicationItems"] if item["communicationType"] == "Phone"]


class TestUpdateContactPhone:
    def test_replaces_the_contacts_first_number_once(self, msp: Msp, ticket: dict[str, Any]) -> None:
        request = msp.invite(ticket)
        before = phones(msp, ticket)
        request.client_phone = "+1 303-555-0123"

        first, again = do(request), do(request)

        assert first.text == f"{before[0]} → +1 303-555-0123."
        assert again.text == "The contact has the number 3035550123 already."
        assert phones(msp, ticket) == ["3035550123", *before[1:]]

    def test_trying_it_out_changes_nothing(self, msp: Msp, ticket: dict[str, Any]) -> None:
        request = msp.invite(ticket)
        before = phones(msp, ticket)
        request.client_phone = "+1 303-555-0123"

        prepared = prepare(request)

        assert isinstance(prepared, Will)
        assert "+1 303-555-0123" in prepared.text
        assert phones(msp, ticket) == before

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"client_phone": "  "}, "left no phone number"),
            ({"client_phone": "555-0123"}, "does not look like"),
            ({"client_phone": "ask my boss"}, "does not look like"),
            ({"contact_id": ""}, "no contact"),
            ({"connection": None}, "no PSA"),
        ],
    )
    def test_is_skipped_with_its_reason(
        self, msp: Msp, ticket: dict[str, Any], change: dict[str, Any], reason: str
    ) -> None:
        msp.account.country = "US"
        request = msp.invite(ticket)
        request.client_phone = "+1 303-555-0123"
        for name, value in change.items():
            setattr(request, name, value)

        prepared = prepare(request)

        assert isinstance(prepared, Skipped)
        assert reason in prepared.text
