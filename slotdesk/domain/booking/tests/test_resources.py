"""Teams, panels, and the limits of one request, from rows to bookings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest

from slotdesk.domain.booking.choosing import AvailabilityUnknown, SlotNotOffered, SlotTaken
from slotdesk.domain.booking.invitations import NobodyToAsk, TooMany
from slotdesk.domain.booking.models import Appointment, Reservation, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.people.models import Agent, Holiday, HolidayList, HoursOverride, Team, TeamMember, TimeOff
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
def ana(account: Account) -> Agent:
    return make_agent(account, "Ana")


@pytest.fixture
def ben(account: Account) -> Agent:
    return make_agent(account, "Ben")


def book(request: SchedulingRequest, starts_at: datetime = TUESDAY_TEN) -> list[str]:
    """Book the time, and return who takes it."""
    appointment = book_slot(request=request, starts_at=starts_at, answers=Answers("UTC", "Client"), key="key", now=NOW)
    return [item.agent.name for item in Reservation.objects.filter(appointment=appointment).order_by("id")]


def starts(request: SchedulingRequest, *, days: int = 2) -> list[datetime]:
    times = list_times(request, starts_at=NOW, ends_at=NOW + timedelta(days=days), client_zone="UTC", now=NOW)
    return [datetime.fromtimestamp(slot.start, UTC) for slot in times.slots]


def ask(account: Account, resources: Sequence[Agent | Team], **terms: object) -> SchedulingRequest:
    return make_request(make_type(account, **terms), resources)


class TestTeams:
    def test_a_time_is_offered_when_one_member_is_free(self, account: Account, ana: Agent, ben: Agent) -> None:
        make_busy(ana, TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1))

        assert TUESDAY_TEN in starts(ask(account, [make_team(account, [ana, ben])]))

    def test_the_free_member_gets_it(self, account: Account, ana: Agent, ben: Agent) -> None:
        team = make_team(account, [ana, ben])
        book(ask(account, [ana]))

        assert book(ask(account, [team])) == ["Ben"]

    def test_the_last_free_member_gone_the_time_is_taken(self, account: Account, ana: Agent, ben: Agent) -> None:
        team = make_team(account, [ana, ben])
        book(ask(account, [team]))
        book(ask(account, [team]))

        with pytest.raises(SlotTaken):
            book(ask(account, [team]))

    def test_maximum_availability_prefers_who_has_the_fewest_upcoming(
        self, account: Account, ana: Agent, ben: Agent
    ) -> None:
        team = make_team(account, [ana, ben])
        book(ask(account, [ana]), TUESDAY_TEN + timedelta(hours=2))

        assert book(ask(account, [team])) == ["Ben"]

    def test_e8_round_robin_shares_evenly(self, account: Account, ana: Agent, ben: Agent) -> None:
        team = make_team(account, [ana, ben, make_agent(account, "Cy")], rule="round_robin")

        given = Counter(
            book(ask(account, [team]), TUESDAY_TEN + timedelta(days=day, hours=hour))[0]
            for day in range(2)
            for hour in range(6)
        )

        assert set(given.values()) == {4}

    def test_e9_round_robin_keeps_to_weights(self, account: Account, ana: Agent, ben: Agent) -> None:
        team = make_team(account, [ana, ben], rule="round_robin")
        TeamMember.objects.filter(team=team, agent=ana).update(weight=2)

        given = Counter(book(ask(account, [team]), TUESDAY_TEN + timedelta(hours=hour))[0] for hour in range(6))

        assert given == {"Ana": 4, "Ben": 2}

    def test_e11_round_robin_hides_nobody_who_is_ahead(self, account: Account, ana: Agent, ben: Agent) -> None:
        """Ana has had three turns more than Ben, and is the only one who is free on Wednesday at ten."""
        team = make_team(account, [ana, ben], rule="round_robin")
        for day in (4, 5):
            HoursOverride.objects.create(agent=ben, date=date(2027, 5, day), ranges=[])
        for number in range(3):
            assert book(ask(account, [team]), TUESDAY_TEN + timedelta(hours=number)) == ["Ana"]

        assert TUESDAY_TEN + timedelta(days=1) in starts(ask(account, [team]), days=3)
        assert book(ask(account, [team]), TUESDAY_TEN + timedelta(days=1)) == ["Ana"]

    def test_the_time_is_taken_also_when_somebody_else_of_the_team_does_not_work_then(
        self, account: Account, ana: Agent
    ) -> None:
        early = make_agent(account, "Ben", hours=[{"days": [2], "start": "06:00", "end": "08:00"}])
        team = make_team(account, [ana, early])
        book(ask(account, [team]))

        with pytest.raises(SlotTaken):
            book(ask(account, [team]))

    def test_e12_a_cancelled_appointment_gives_the_turn_back(self, account: Account, ana: Agent, ben: Agent) -> None:
        team = make_team(account, [ana, ben], rule="round_robin")
        request = ask(account, [team])
        first = book(request)
        cancel_appointment(request=request, actor="test", reason="", now=NOW)

        assert book(ask(account, [team])) == first

    def test_a_paused_member_gets_nothing(self, account: Account, ana: Agent, ben: Agent) -> None:
        team = make_team(account, [ana, ben])
        TeamMember.objects.filter(team=team, agent=ana).update(is_paused=True)

        assert book(ask(account, [team])) == ["Ben"]
        assert TUESDAY_TEN not in starts(ask(account, [team]))

    def test_e3_a_team_without_members_offers_nothing(self, account: Account) -> None:
        assert starts(ask(account, [make_team(account, [])])) == []

    def test_c16_a_member_whose_calendar_is_unknown_leaves_the_others(
        self, account: Account, ana: Agent, ben: Agent
    ) -> None:
        team = make_team(account, [ana, ben])
        Calendar.objects.filter(agent=ana).update(is_blocking=True, synced_at=NOW - timedelta(hours=1))

        times = list_times(
            ask(account, [team]), starts_at=NOW, ends_at=NOW + timedelta(days=2), client_zone="UTC", now=NOW
        )

        assert times.is_unknown
        assert book(ask(account, [team])) == ["Ben"]
        with pytest.raises(AvailabilityUnknown):
            book(ask(account, [team]))


class TestPanels:
    def test_only_common_times_are_offered(self, account: Account, ana: Agent, ben: Agent) -> None:
        make_busy(ben, TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1))
        request = ask(account, [ana, ben])

        assert TUESDAY_TEN not in starts(request)
        assert TUESDAY_TEN + timedelta(hours=1) in starts(request)

    def test_everybody_is_reserved(self, account: Account, ana: Agent, ben: Agent) -> None:
        assert book(ask(account, [ana, ben])) == ["Ana", "Ben"]

    def test_e5_a_person_and_a_team_with_that_person_are_two_people(
        self, account: Account, ana: Agent, ben: Agent
    ) -> None:
        assert book(ask(account, [make_team(account, [ana, ben]), ana])) == ["Ben", "Ana"]

    def test_e6_two_overlapping_teams_are_matched_not_taken_greedily(
        self, account: Account, ana: Agent, ben: Agent
    ) -> None:
        anybody, only_ana = make_team(account, [ana, ben]), make_team(account, [ana])

        assert book(ask(account, [anybody, only_ana])) == ["Ben", "Ana"]

    def test_a_fifth_resource_is_refused(self, account: Account) -> None:
        with pytest.raises(TooMany):
            ask(account, [make_agent(account, f"Agent {number}") for number in range(5)])

    def test_b16_a_member_who_left_leaves_no_time(self, account: Account, ana: Agent, ben: Agent) -> None:
        request = ask(account, [ana, ben])
        Agent.objects.filter(pk=ben.pk).update(is_active=False)

        assert starts(request) == []
        with pytest.raises(SlotNotOffered):
            book(request)

    def test_nobody_is_asked_who_cannot_be_booked(self, account: Account) -> None:
        with pytest.raises(NobodyToAsk):
            ask(account, [make_agent(account, zone="")])


class TestHours:
    def test_b13_time_off_closes_the_hours_it_covers(self, account: Account, ana: Agent) -> None:
        TimeOff.objects.create(agent=ana, starts_on=date(2027, 5, 4), ends_on=date(2027, 5, 4), start=13 * 60)

        offered = starts(ask(account, [ana]))

        assert TUESDAY_TEN in offered
        assert TUESDAY_TEN + timedelta(hours=4) not in offered

    def test_an_override_replaces_the_hours_of_its_date(self, account: Account, ana: Agent) -> None:
        HoursOverride.objects.create(agent=ana, date=date(2027, 5, 4), ranges=[{"start": "18:00", "end": "19:00"}])

        on_tuesday = [start for start in starts(ask(account, [ana])) if start.date() == date(2027, 5, 4)]

        assert [start.hour for start in on_tuesday] == [22, 22, 22]

    def test_half_a_holiday_leaves_the_other_half(self, account: Account, ana: Agent) -> None:
        days = HolidayList.objects.create(account=account, name="Ours")
        Holiday.objects.create(holiday_list=days, date=date(2027, 5, 4), name="Fair", start=12 * 60, end=24 * 60)
        Agent.objects.filter(pk=ana.pk).update(holiday_list=days)

        offered = starts(ask(account, [ana]))

        assert TUESDAY_TEN in offered
        assert TUESDAY_TEN + timedelta(hours=3) not in offered

    @pytest.mark.parametrize(
        ("kind", "blocks"),
        [("busy", True), ("out_of_office", True), ("tentative", True), ("elsewhere", False), ("free", False)],
    )
    def test_c2_what_blocks_is_a_setting_of_the_calendar(
        self, account: Account, ana: Agent, kind: str, blocks: bool
    ) -> None:
        make_busy(ana, TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1), kind=kind)
        request = ask(account, [ana])

        assert (TUESDAY_TEN not in starts(request)) is blocks
        Calendar.objects.filter(agent=ana).update(blocking_kinds=[kind])
        assert TUESDAY_TEN not in starts(request)
        Calendar.objects.filter(agent=ana).update(blocking_kinds=[])
        assert TUESDAY_TEN in starts(request)

    def test_c4_a_whole_day_marked_as_free_does_not_block(self, account: Account, ana: Agent) -> None:
        midnight = datetime(2027, 5, 4, 4, 0, tzinfo=UTC)
        make_busy(ana, midnight, midnight + timedelta(days=1), kind="free", title="A birthday")

        assert TUESDAY_TEN in starts(ask(account, [ana]))

    def test_part_of_a_second_is_taken_as_well(self, account: Account, ana: Agent) -> None:
        moment = timedelta(microseconds=1)
        make_busy(ana, TUESDAY_TEN + timedelta(minutes=30) - moment, TUESDAY_TEN + timedelta(minutes=45) + moment)

        offered = starts(ask(account, [ana]))

        assert TUESDAY_TEN not in offered
        assert TUESDAY_TEN + timedelta(minutes=45) not in offered
        assert {TUESDAY_TEN - timedelta(minutes=15), TUESDAY_TEN + timedelta(minutes=60)} <= set(offered)


class TestLimits:
    def test_d17_one_request_may_be_held_to_dates_and_times_of_day(self, account: Account, ana: Agent) -> None:
        request = ask(account, [ana])
        SchedulingRequest.objects.filter(pk=request.pk).update(
            earliest_date=date(2027, 5, 5),
            latest_date=date(2027, 5, 5),
            earliest_time=time(10, 0),
            latest_time=time(11, 0),
            limits_zone="America/New_York",
        )
        request.refresh_from_db()

        offered = starts(request, days=7)

        assert (offered[0], offered[-1]) == (TUESDAY_TEN + timedelta(days=1), TUESDAY_TEN + timedelta(days=1, hours=1))
        with pytest.raises(SlotNotOffered):
            book(request, TUESDAY_TEN)
        assert not Appointment.objects.exists()


class TestBusinessTime:
    def test_a_holiday_before_the_page_counts_for_the_notice(self, account: Account, ana: Agent) -> None:
        """Asked on Monday for a page that begins on Thursday, with a holiday on Tuesday in between."""
        days = HolidayList.objects.create(account=account, name="Ours")
        Holiday.objects.create(holiday_list=days, date=date(2027, 5, 4), name="Fair")
        Agent.objects.filter(pk=ana.pk).update(holiday_list=days)
        request = ask(account, [ana], notice_amount=24, notice_unit="business_hours")

        times = list_times(
            request,
            starts_at=NOW + timedelta(days=2),
            ends_at=NOW + timedelta(days=5),
            client_zone="America/New_York",
            now=NOW,
        )

        # Eight hours each on Monday, Wednesday and Thursday.
        assert datetime.fromtimestamp(times.slots[0].start, UTC) == NOW + timedelta(days=4)


class TestComingBack:
    def test_e10_somebody_back_from_leave_is_not_given_everything(
        self, account: Account, ana: Agent, ben: Agent
    ) -> None:
        team = make_team(account, [ana, ben], rule="round_robin")
        TimeOff.objects.create(agent=ana, starts_on=date(2027, 4, 19), ends_on=date(2027, 5, 2))
        for number in range(6):
            taken = ask(account, [team])
            book(taken, TUESDAY_TEN + timedelta(hours=number))
        booked = Appointment.objects.order_by("id")
        booked.update(booked_at=datetime(2027, 4, 28, 12, tzinfo=UTC))
        Reservation.objects.filter(appointment__in=booked).update(agent=ben)

        given = Counter(
            book(ask(account, [team]), TUESDAY_TEN + timedelta(days=1, hours=number))[0] for number in range(4)
        )

        assert given == {"Ana": 2, "Ben": 2}
