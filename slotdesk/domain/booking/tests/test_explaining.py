"""Why not this time, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from slotdesk.domain.booking.explaining import TimeExplained, explain_time
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.people.models import Agent, Holiday, HolidayList, TimeOff
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_busy, make_request, make_team, make_type

pytestmark = pytest.mark.django_db

TUESDAY_TEN = datetime(2027, 5, 4, 14, 0, tzinfo=UTC)


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def agent(account: Account) -> Agent:
    return make_agent(account)


@pytest.fixture
def request_(account: Account, agent: Agent) -> SchedulingRequest:
    return make_request(make_type(account), [agent])


def explain(
    request: SchedulingRequest, starts_at: datetime = TUESDAY_TEN, *, without: Appointment | None = None
) -> TimeExplained:
    return explain_time(request, starts_at=starts_at, client_zone="Europe/London", now=NOW, without=without)


def book(request: SchedulingRequest) -> Appointment:
    return book_slot(request=request, starts_at=TUESDAY_TEN, answers=Answers("Europe/London", ""), key="k", now=NOW)


def texts(explained: TimeExplained) -> str:
    people = [why.text for person in explained.people for why in person.reasons]
    return " ".join([why.text for why in explained.reasons] + people)


class TestExplainTime:
    def test_a_free_time_has_nothing_against_it(self, request_: SchedulingRequest) -> None:
        explained = explain(request_)

        assert explained.is_offered
        assert texts(explained) == ""

    def test_names_the_entry_its_calendar_and_the_agents_own_clock(
        self, request_: SchedulingRequest, agent: Agent
    ) -> None:
        make_busy(agent, TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1), title="Dentist")

        assert "Busy “Dentist” (ConnectWise PSA), Tuesday, May 4, 2027, 10:00 AM EDT to 11:00 AM." in texts(
            explain(request_)
        )

    def test_a_private_entry_keeps_its_title(self, request_: SchedulingRequest, agent: Agent) -> None:
        make_busy(agent, TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1), title="")

        assert "Busy (ConnectWise PSA)" in texts(explain(request_))

    @pytest.mark.parametrize(
        ("starts_at", "words"),
        [
            (NOW + timedelta(hours=1), "minimum notice is not kept. The earliest is"),
            (NOW + timedelta(days=40), "beyond the scheduling window"),
            (TUESDAY_TEN.replace(hour=3), "Outside of working hours"),
            (TUESDAY_TEN + timedelta(minutes=7), "do not start at this minute"),
        ],
        ids=["notice", "window", "hours", "grid"],
    )
    def test_names_the_rule(self, request_: SchedulingRequest, starts_at: datetime, words: str) -> None:
        assert words in texts(explain(request_, starts_at))

    def test_names_holidays_and_leave(self, account: Account, request_: SchedulingRequest, agent: Agent) -> None:
        days = HolidayList.objects.create(account=account, name="Ours")
        Holiday.objects.create(holiday_list=days, date=date(2027, 5, 4), name="Founders' day")
        Agent.objects.filter(pk=agent.pk).update(holiday_list=days)
        TimeOff.objects.create(agent=agent, starts_on=date(2027, 5, 5), ends_on=date(2027, 5, 5), name="Moving house")

        assert "Holiday “Founders' day”." in texts(explain(request_))
        assert "Time off “Moving house”" in texts(explain(request_, TUESDAY_TEN + timedelta(days=1)))

    def test_an_unread_calendar_is_said_to_be_unknown(self, request_: SchedulingRequest, agent: Agent) -> None:
        Calendar.objects.filter(agent=agent).update(is_blocking=True, synced_at=NOW - timedelta(hours=1))

        assert "could not be read" in texts(explain(request_))

    def test_tells_the_members_of_a_team_apart(self, account: Account, agent: Agent) -> None:
        free = make_agent(account, "Ben")
        make_busy(agent, TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1))

        explained = explain(make_request(make_type(account), [make_team(account, [agent, free])]))

        assert explained.is_offered
        assert {person.name: person.can_take_it for person in explained.people} == {"Jordan Doe": False, "Ben": True}

    def test_every_reason_says_what_would_have_to_change(self, request_: SchedulingRequest, agent: Agent) -> None:
        make_busy(agent, TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1))

        assert all(why.remedy for person in explain(request_).people for why in person.reasons)


class TestMovingAnAppointment:
    def test_its_own_time_is_free_for_it(self, request_: SchedulingRequest) -> None:
        appointment = book(request_)

        assert not explain(request_).is_offered
        assert explain(request_, without=appointment).is_offered

    def test_only_who_has_it_counts_where_it_stays_with_them(self, account: Account, agent: Agent) -> None:
        make_agent(account, "Ben")
        kind = make_type(account, moved_to="same")
        request = make_request(kind, [make_team(account, list(Agent.objects.order_by("id")))])
        appointment = book(request)
        make_busy(agent, TUESDAY_TEN + timedelta(hours=2), TUESDAY_TEN + timedelta(hours=3))

        explained = explain(request, TUESDAY_TEN + timedelta(hours=2), without=appointment)

        assert not explained.is_offered
        assert [person.name for person in explained.people] == ["Jordan Doe"]
