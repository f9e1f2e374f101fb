"""Edge cases D: durations, notice, windows, limits, the daily maximum. 15 June 2027 is a Tuesday."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from slotdesk.availability.question import BadQuestion, Question, Resource, TooMuchWork
from slotdesk.availability.slots import list_slots, list_starts, next_slot
from slotdesk.availability.terms import Limits, Span, Unit
from slotdesk.availability.tests.questions import (
    LONDON,
    NEW_YORK,
    WORKDAYS,
    agent,
    ask,
    at,
    busy,
    labels,
    notice,
    team,
    terms,
)

ANN = agent("ann", "09:00-17:00")
JUNE_15 = ("2027-06-15", "2027-06-16")


class TestADuration:
    def test_d1_longer_than_every_gap_finds_nothing(self) -> None:
        assert labels(ask(agent("ann", "09:00-10:00"), *JUNE_15, asked=terms(61, 1))) == []

    def test_d2_ends_by_closing_time(self) -> None:
        found = labels(ask(agent("ann", "09:00-11:00"), *JUNE_15, asked=terms(50, 15)))

        assert found == ["15 09:00", "15 09:15", "15 09:30", "15 09:45", "15 10:00"]

    def test_d14_of_25_hours_needs_a_stretch_that_long(self) -> None:
        ann = agent("ann", "00:00-24:00", overrides={date(2027, 6, 17): ()})

        found = labels(ask(ann, "2027-06-15", "2027-06-20", asked=terms(1500, 60)))

        assert found[:2] == ["15 00:00", "15 01:00"]
        assert "15 23:00" in found
        assert not [label for label in found if label.startswith("16")]


class TestNotice:
    def asked_at(self, now: str, seconds: int = 0) -> str:
        question = ask(ANN, *JUNE_15, asked=terms(30, 15, notice=notice(60)), now=at(f"2027-06-15 {now}") + seconds)
        return labels(question)[0]

    def test_d5_rounds_up_to_the_grid(self) -> None:
        assert self.asked_at("09:52") == "15 11:00"

    def test_d6_counts_to_the_second(self) -> None:
        assert self.asked_at("10:00") == "15 11:00"
        assert self.asked_at("10:00", 1) == "15 11:15"

    def test_d9_beyond_the_window_finds_nothing(self) -> None:
        asked = terms(notice=Span(3, Unit.DAYS), window=Span(1, Unit.DAYS))

        assert labels(ask(ANN, "2027-06-15", "2027-06-25", asked=asked, now=at("2027-06-15 08:00"))) == []

    def test_of_a_day_ends_at_the_same_wall_time_although_the_clock_changes(self) -> None:
        ann = agent("ann", "00:00-24:00", zone=NEW_YORK)
        asked = terms(60, 60, notice=Span(1, Unit.DAYS))

        question = ask(
            ann, "2027-03-14", "2027-03-15", zone=NEW_YORK, asked=asked, now=at("2027-03-13 12:00", NEW_YORK)
        )

        assert labels(question)[0] == "14 12:00"


class TestAWindow:
    def last(self, window: Span, now: str = "2027-06-15 12:00") -> str:
        question = ask(ANN, "2027-06-15", "2027-07-15", asked=terms(60, 60, window=window), now=at(now))
        return labels(question)[-1]

    def test_d8_in_days_ends_with_a_complete_date(self) -> None:
        assert self.last(Span(14, Unit.DAYS)) == "29 16:00"

    def test_d8_in_business_days_counts_working_dates(self) -> None:
        ann = agent("ann", "09:00-17:00", days=WORKDAYS)
        asked = terms(60, 60, window=Span(10, Unit.BUSINESS_DAYS))

        question = ask(ann, "2027-06-15", "2027-07-15", asked=asked, now=at("2027-06-15 12:00"))

        assert labels(question)[-1] == "29 16:00"

    def test_in_hours_is_exact(self) -> None:
        assert self.last(Span(24, Unit.HOURS)) == "16 12:00"
        assert self.last(Span(24, Unit.HOURS), "2027-06-15 11:59") == "16 11:00"

    def test_of_none_is_no_limit(self) -> None:
        assert self.last(Span(0, Unit.DAYS)) == "14 16:00"

    def test_ends_with_the_agents_own_date(self) -> None:
        sydney = agent("sydney", "00:00-24:00", zone="Australia/Sydney")
        asked = terms(60, 60, window=Span(1, Unit.DAYS))

        question = ask(sydney, "2027-06-15", "2027-06-20", asked=asked, now=at("2027-06-15 12:00"))

        assert list_starts(question)[-1] == at("2027-06-16 23:00", "Australia/Sydney")


class TestThePeriodAskedAbout:
    def test_d10_is_empty_when_it_is_past(self) -> None:
        assert list_starts(ask(ANN, *JUNE_15, now=at("2027-06-16 00:00"))) == []

    def test_d10_is_clipped_when_it_is_partly_past(self) -> None:
        assert labels(ask(ANN, *JUNE_15, now=at("2027-06-15 15:40"))) == ["15 16:00", "15 16:30"]

    def test_holds_the_whole_appointment(self) -> None:
        assert labels(ask(ANN, "2027-06-15 10:10", "2027-06-15 11:29")) == ["15 10:30"]

    def test_may_be_empty(self) -> None:
        assert list_starts(ask(ANN, "2027-06-15 10:00", "2027-06-15 10:00")) == []

    def test_d11_may_not_end_before_it_starts(self) -> None:
        with pytest.raises(BadQuestion, match="window_end"):
            ask(ANN, "2027-06-16", "2027-06-15")

    def test_d11_may_not_be_ten_years(self) -> None:
        with pytest.raises(TooMuchWork, match="3,653 days"):
            ask(ANN, "2027-01-01", "2037-01-01")

    def test_d11_may_not_be_a_month_of_ten_thousand_agents(self) -> None:
        crowd = team(*(agent(f"agent {n}", "09:00-17:00") for n in range(10_000)))

        with pytest.raises(TooMuchWork, match="10,000 agents over 30 days"):
            ask(crowd, "2027-06-01", "2027-07-01")

    def test_must_lie_in_years_that_calendars_know(self) -> None:
        with pytest.raises(BadQuestion, match="now"):
            replace(ask(ANN, *JUNE_15), now=1 << 50)

    def test_d13_is_answered_in_order_and_always_alike(self) -> None:
        members = [agent(name, "09:00-17:00", busy=[busy("2027-06-15 10:00", "2027-06-15 11:00")]) for name in "abc"]
        question = ask(team(*members, agent("d", "08:00-12:00")), *JUNE_15)

        starts = list_starts(question)

        assert starts == sorted(set(starts)) == list_starts(question)


class TestTheDailyMaximum:
    def test_d12_takes_an_agent_off_their_local_date(self) -> None:
        full = agent("full", "00:00-24:00", zone=NEW_YORK, daily_counts={date(2027, 6, 15): 2})
        ann = agent("ann", "09:00-10:00", zone=NEW_YORK, daily_counts={date(2027, 6, 15): 1})
        asked = terms(60, 60, daily_maximum=2)

        alone = labels(ask(full, "2027-06-14", "2027-06-17", zone=NEW_YORK, asked=asked))
        together = ask(team(full, ann), "2027-06-15", "2027-06-16", zone=NEW_YORK, asked=asked)

        assert {label[:2] for label in alone} == {"14", "16"}
        assert [slot.agent_ids for slot in list_slots(together)] == [("ann",)]

    def test_d12_of_none_is_no_limit(self) -> None:
        assert labels(ask(agent("ann", "09:00-09:30", daily_counts={date(2027, 6, 15): 99}), *JUNE_15)) == ["15 09:00"]


class TestLimits:
    def test_d17_narrow_what_the_terms_allow(self) -> None:
        limits = Limits("UTC", date(2027, 6, 16), date(2027, 6, 17), time(8), time(10))

        found = labels(ask(ANN, "2027-06-15", "2027-06-20", asked=terms(60, 60), limits=limits))

        assert found == ["16 09:00", "16 10:00", "17 09:00", "17 10:00"]

    def test_d17_are_read_on_their_own_clock(self) -> None:
        limits = Limits(NEW_YORK, latest_time=time(7))

        assert labels(ask(ANN, *JUNE_15, zone=LONDON, asked=terms(60, 60), limits=limits))[-1] == "15 12:00"


class TestNextSlot:
    def test_finds_the_only_slot_of_a_year(self) -> None:
        ann = agent("ann", overrides={date(2028, 6, 13): ((600, 630),)})

        slot = next_slot(ask(ann, "2027-06-15", "2028-06-14"))

        assert slot is not None
        assert (slot.start, slot.agent_ids) == (at("2028-06-13 10:00"), ("ann",))

    def test_finds_an_appointment_over_any_midnight_however_the_period_is_cut(self) -> None:
        for day in range(15, 29):
            ann = agent("ann", overrides={date(2027, 6, day): ((1380, 60),)})

            slot = next_slot(ask(ann, "2027-06-15", "2027-07-15", asked=terms(120, 60)))

            assert slot is not None
            assert slot.start == at(f"2027-06-{day} 23:00")

    def test_is_none_when_there_is_none(self) -> None:
        assert next_slot(ask(agent("idle"), "2027-06-15", "2028-06-14")) is None


class TestAResource:
    def test_that_is_no_team_is_one_agent(self) -> None:
        with pytest.raises(BadQuestion, match="resources"):
            Resource(())

    def test_d13_keeps_the_order_in_which_agents_were_given(self) -> None:
        question: Question = ask(team(agent("zoe", "09:00-10:00"), ANN), *JUNE_15)

        assert list_slots(question)[0].agent_ids == ("zoe", "ann")
