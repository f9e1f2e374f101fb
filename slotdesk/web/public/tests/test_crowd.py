"""What calendars and hours hold is kept for a moment for those who follow a public link, and never for a booking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

import pytest
from django.test import Client

from slotdesk.domain.booking import inputs
from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.people.models import Agent, TimeOff
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.lib.remembered import Remembered
from tests.support.factories import NOW, make_type

pytestmark = pytest.mark.django_db(transaction=True)

ELEVEN = NOW + timedelta(hours=2)
BUTTON = f'value="{int(ELEVEN.timestamp())}"'
ANSWERS = {
    "start": str(int(ELEVEN.timestamp())),
    "zone": "America/New_York",
    "name": "Nina Newcomer",
    "email": "nina@newcomer.example",
    "key": "aaaaaaaaaaaaaaaa",
}


@pytest.fixture(autouse=True)
def kept_for_long() -> Iterator[None]:
    with mock.patch.object(inputs, "_lately", Remembered(seconds=1000)):
        yield


@pytest.fixture
def link(account: Account, agent: Agent) -> str:
    with active(account):
        make_type(account, slug="call", shareable="activity", checks_email=False, phone_rule="off")
    return f"/{agent.slug}/call/"


def take_the_day_off(agent: Agent) -> None:
    with active(agent.account):
        TimeOff.objects.create(agent=agent, starts_on=NOW.date(), ends_on=NOW.date())


class TestCrowd:
    def test_sees_what_was_read_a_moment_ago(self, client: Client, link: str, agent: Agent) -> None:
        before = client.get(link).content.decode()
        take_the_day_off(agent)

        after = client.get(link).content.decode()

        assert BUTTON in before
        assert BUTTON in after

    def test_cannot_book_what_is_not_so_any_more_and_is_shown_what_is(
        self, client: Client, link: str, agent: Agent
    ) -> None:
        client.get(link)
        take_the_day_off(agent)

        answer = client.post(f"{link}booking/", ANSWERS)

        assert answer.status_code == 422
        assert "no longer" in answer.content.decode()
        assert f'name="start" {BUTTON}' not in answer.content.decode()
        with active(agent.account):
            assert not Appointment.objects.exists()

    def test_sees_at_once_what_another_has_booked(self, client: Client, link: str) -> None:
        client.get(link)
        booked = client.post(f"{link}booking/", ANSWERS)

        after = client.get(link).content.decode()

        assert booked.status_code == 303
        assert BUTTON not in after
