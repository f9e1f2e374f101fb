"""Notice and window counted from now. 14 June 2027 is a Monday; 09–17 on workdays unless a test says otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from slotdesk.availability.business_time import NEVER, earliest_start, start_limit
from slotdesk.availability.terms import Span, Unit
from slotdesk.availability.tests.questions import LONDON, NEW_YORK, WORKDAYS, agent, at
from slotdesk.availability.values import Agent


def office(*hours: str, **more: Any) -> Agent:
    return agent("ann", *(hours or ("09:00-17:00",)), days=WORKDAYS, **more)


def earliest(of: Agent, amount: int, unit: Unit, now: str) -> int:
    return earliest_start(of, Span(amount, unit), at(now, of.zone))


class TestBusinessHours:
    def test_d7_asked_at_15_00_six_of_them_end_at_13_00_the_next_working_day(self) -> None:
        assert earliest(office(), 6, Unit.BUSINESS_HOURS, "2027-06-14 15:00") == at("2027-06-15 13:00")

    def test_d7_skip_weekends_and_holidays(self) -> None:
        ann = office(holidays={date(2027, 6, 21): "Day"})

        assert earliest(ann, 6, Unit.BUSINESS_HOURS, "2027-06-18 15:00") == at("2027-06-22 13:00")

    def test_asked_out_of_hours_begin_with_the_next_opening(self) -> None:
        assert earliest(office(), 2, Unit.BUSINESS_HOURS, "2027-06-13 12:00") == at("2027-06-14 11:00")

    def test_do_not_count_the_lunch_hole(self) -> None:
        ann = office("09:00-12:00", "13:00-17:00")

        assert earliest(ann, 2, Unit.BUSINESS_HOURS, "2027-06-14 11:00") == at("2027-06-14 14:00")

    def test_that_end_at_closing_time_are_over_then(self) -> None:
        assert earliest(office(), 2, Unit.BUSINESS_HOURS, "2027-06-14 15:00") == at("2027-06-14 17:00")

    def test_are_real_hours_over_a_clock_change(self) -> None:
        ann = agent("ann", "00:00-24:00", zone=NEW_YORK)

        assert earliest(ann, 3, Unit.BUSINESS_HOURS, "2027-03-14 00:00") == at("2027-03-14 04:00", NEW_YORK)

    def test_of_somebody_who_is_never_open_never_end(self) -> None:
        assert earliest(agent("idle"), 1, Unit.BUSINESS_HOURS, "2027-06-14 15:00") == NEVER

    def test_may_be_many(self) -> None:
        # Eight a day: 400 working days are 80 weeks.
        expected = at("2027-06-14 17:00") + (80 * 7 - 3) * 86_400
        assert earliest(office(), 3200, Unit.BUSINESS_HOURS, "2027-06-14 09:00") == expected


class TestBusinessDays:
    def test_one_asked_in_hours_ends_with_the_start_of_the_next_business_day(self) -> None:
        assert earliest(office(), 1, Unit.BUSINESS_DAYS, "2027-06-14 10:00") == at("2027-06-15 09:00")

    @pytest.mark.parametrize("now", ["2027-06-14 17:00", "2027-06-14 23:00", "2027-06-15 08:59"])
    def test_one_asked_out_of_hours_ends_with_the_start_of_the_day_after_that(self, now: str) -> None:
        assert earliest(office(), 1, Unit.BUSINESS_DAYS, now) == at("2027-06-16 09:00")

    def test_skip_weekends_and_holidays(self) -> None:
        ann = office(holidays={date(2027, 6, 21): "Day"})

        assert earliest(ann, 1, Unit.BUSINESS_DAYS, "2027-06-18 10:00") == at("2027-06-22 09:00")

    def test_asked_on_a_weekend_begin_with_the_first_working_day(self) -> None:
        assert earliest(office(), 1, Unit.BUSINESS_DAYS, "2027-06-19 12:00") == at("2027-06-22 09:00")

    def test_count_lunch_time_as_part_of_the_day(self) -> None:
        ann = office("09:00-12:00", "13:00-17:00")

        assert earliest(ann, 1, Unit.BUSINESS_DAYS, "2027-06-14 12:30") == at("2027-06-15 09:00")

    def test_begin_at_midnight_for_a_shift_that_runs_over_it(self) -> None:
        ann = agent("ann", "22:00-06:00", zone=LONDON)

        assert earliest(ann, 1, Unit.BUSINESS_DAYS, "2027-06-14 23:00") == at("2027-06-15 00:00", LONDON)


class TestTheWindow:
    def test_in_days_ends_with_the_last_date(self) -> None:
        assert start_limit(office(), Span(14, Unit.DAYS), at("2027-06-14 15:00")) == at("2027-06-29 00:00")

    @pytest.mark.parametrize(("day", "hours"), [("2027-03-08", 335), ("2027-11-01", 337)])
    def test_a15_counts_dates_across_a_clock_change(self, day: str, hours: int) -> None:
        now = at(day, NEW_YORK)

        assert start_limit(office(zone=NEW_YORK), Span(13, Unit.DAYS), now) - now == hours * 3600

    def test_in_business_days_ends_with_a_complete_date(self) -> None:
        assert start_limit(office(), Span(10, Unit.BUSINESS_DAYS), at("2027-06-14 10:00")) == at("2027-06-29 00:00")

    def test_in_hours_still_allows_the_last_instant(self) -> None:
        assert start_limit(office(), Span(2, Unit.HOURS), 7200) == 14_401

    def test_in_business_hours_still_allows_the_last_instant(self) -> None:
        limit = start_limit(office(), Span(6, Unit.BUSINESS_HOURS), at("2027-06-14 15:00"))

        assert limit == at("2027-06-15 13:00") + 1
