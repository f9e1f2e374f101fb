"""A technician gets the notices of their appointments that they want, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from slotdesk.domain.booking.changes import reschedule_as_client
from slotdesk.domain.booking.handover import reassign_appointment
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.messages.models import Email
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.notices import Notice, choose_notices
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.models import StepRun
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type
from tests.support.following import follow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


def live_through(account: Account, agent: Agent, other: Agent) -> None:
    """An appointment is booked, moved, handed over to the other, and called off."""
    kind = make_type(account, notice_amount=0, clients_may_change=True, change_notice_amount=0)
    request = make_request(kind, [agent], now=NOW)
    starts_at = (NOW + timedelta(days=7)).replace(hour=15)
    book_slot(request=request, starts_at=starts_at, answers=Answers("UTC", "Ana", "", ""), key="k", now=NOW)
    follow(NOW)
    moved_to = starts_at + timedelta(hours=2)
    reschedule_as_client(request=request, starts_at=moved_to, zone="UTC", sequence=0, now=NOW)
    follow(NOW)
    reassign_appointment(request=request, leaving=agent, to=other, actor="Bo", now=NOW)
    follow(NOW)
    request.refresh_from_db()
    cancel_appointment(request=request, actor="Bo", reason="Ill", now=NOW)
    follow(NOW)


class TestNotices:
    @pytest.mark.parametrize("unwanted", [None, *Notice])
    def test_are_all_sent_but_the_one_that_is_switched_off(self, account: Account, unwanted: Notice | None) -> None:
        people = make_agent(account, "Jordan Doe"), make_agent(account, "Maria Lee")
        for agent in people:
            wanted = set(Notice) - {unwanted}
            choose_notices(agent=agent, wanted=wanted, actor="Jordan", now=NOW)

        live_through(account, *people)

        sent = {kind for kind in Email.objects.values_list("kind", flat=True) if kind in list(Notice)}
        assert sent == set(Notice) - {unwanted}
        silent = StepRun.objects.filter(state="skipped", outcome__contains="under Notifications")
        assert [run.settings["template"] for run in silent] == ([unwanted] if unwanted else [])

    def test_of_one_of_two_are_no_business_of_the_other(self, account: Account) -> None:
        jordan, maria = make_agent(account, "Jordan Doe"), make_agent(account, "Maria Lee")
        choose_notices(agent=jordan, wanted=[], actor="Jordan", now=NOW)
        request = make_request(make_type(account, notice_amount=0), [jordan, maria], now=NOW)
        starts_at = (NOW + timedelta(days=7)).replace(hour=15)

        book_slot(request=request, starts_at=starts_at, answers=Answers("UTC", "Ana", "", ""), key="k", now=NOW)
        follow(NOW)

        assert Email.objects.get(kind="booked_notice").to == [maria.email]
