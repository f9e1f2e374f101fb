"""Hours without the stretches that are kept free."""

from __future__ import annotations

import pytest

from slotdesk.availability.values import WeeklyRange
from slotdesk.domain.people.hours import BadHours, keep_free, read_hours, settle_choices
from slotdesk.domain.people.models import Agent, HolidayList

WEEK = frozenset({1, 2, 3, 4, 5})
NINE, FIVE = 9 * 60, 17 * 60


class TestKeepFree:
    def test_takes_the_first_hour_of_every_day(self) -> None:
        left = keep_free([WeeklyRange(WEEK, NINE, FIVE)], [WeeklyRange(WEEK, NINE, NINE + 60)])

        assert left == (WeeklyRange(WEEK, NINE + 60, FIVE),)

    def test_cuts_a_day_in_two_on_the_days_that_are_named(self) -> None:
        left = keep_free([WeeklyRange(frozenset({1, 2}), NINE, FIVE)], [WeeklyRange(frozenset({2}), 720, 780)])

        assert left == (
            WeeklyRange(frozenset({1}), NINE, FIVE),
            WeeklyRange(frozenset({2}), NINE, 720),
            WeeklyRange(frozenset({2}), 780, FIVE),
        )

    def test_takes_the_morning_of_a_night_shift_from_the_eves_range(self) -> None:
        sunday_night = WeeklyRange(frozenset({7}), 22 * 60, 6 * 60)

        left = keep_free([sunday_night], [WeeklyRange(frozenset({1}), 0, 60)])

        assert left == (WeeklyRange(frozenset({1}), 60, 360), WeeklyRange(frozenset({7}), 22 * 60, 24 * 60))

    def test_keeps_a_night_shift_whole_that_runs_over_midnight(self) -> None:
        night = WeeklyRange(frozenset({3}), 22 * 60, 6 * 60)

        left = keep_free([night], [WeeklyRange(frozenset({3}), 22 * 60, 23 * 60)])

        assert left == (WeeklyRange(frozenset({3}), 23 * 60, 6 * 60),)

    def test_leaves_nothing_of_a_day_that_is_kept_free_altogether(self) -> None:
        assert keep_free([WeeklyRange(WEEK, NINE, FIVE)], [WeeklyRange(WEEK, 0, 1440)]) == ()

    def test_does_not_touch_hours_when_nothing_is_kept_free(self) -> None:
        hours = (WeeklyRange(WEEK, NINE, 720), WeeklyRange(WEEK, 780, FIVE))

        assert keep_free(hours, []) == hours


PSA = [{"days": [1], "start": "08:00", "end": "16:00"}]
OWN = [{"days": [2], "start": "10:00", "end": "12:00"}]


class TestSettleChoices:
    def test_counts_the_hours_that_were_chosen_less_what_is_kept_free(self) -> None:
        agent = Agent(psa_hours=PSA, own_hours=OWN, kept_free=[{"days": [1], "start": "08:00", "end": "09:00"}])

        settle_choices(agent)
        assert agent.hours == [{"days": [1], "start": "09:00", "end": "16:00"}]
        agent.hours_from = Agent.HoursFrom.OWN
        settle_choices(agent)
        assert agent.hours == OWN

    def test_leaves_hours_alone_that_nobody_read_yet(self) -> None:
        agent = Agent(hours=OWN)

        settle_choices(agent)

        assert agent.hours == OWN

    def test_takes_the_psas_holidays_unless_others_were_chosen(self) -> None:
        theirs, ours = HolidayList(name="PSA"), HolidayList(name="Own")
        agent = Agent(psa_holiday_list=theirs, holiday_list=ours, holidays_from=Agent.HolidaysFrom.OWN)

        settle_choices(agent)
        assert agent.holiday_list is ours
        agent.holidays_from = Agent.HolidaysFrom.PSA
        settle_choices(agent)
        assert agent.holiday_list is theirs


class TestReadHours:
    def test_refuses_a_range_that_ends_when_it_starts(self) -> None:
        with pytest.raises(BadHours, match="must not end when it starts"):
            read_hours([{"days": [1], "start": "09:00", "end": "09:00"}])
