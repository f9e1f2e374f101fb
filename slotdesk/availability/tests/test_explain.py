"""Why a time is not offered. 15 June 2027 is a Tuesday."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from slotdesk.availability.explain import REMEDIES, Finding, Reason, explain_slot
from slotdesk.availability.question import BadQuestion
from slotdesk.availability.terms import Limits, Span, Unit
from slotdesk.availability.tests.questions import (
    NEW_YORK,
    agent,
    ask,
    at,
    busy,
    in_columns,
    notice,
    span,
    team,
    terms,
    time_off,
    weekly,
)
from slotdesk.availability.values import Agent, OpeningHours

TUESDAY = date(2027, 6, 15)
ANN = agent("ann", "09:00-17:00")


def findings(of: Agent, start: str, zone: str = "UTC", **more: Any) -> tuple[Finding, ...]:
    """What speaks against one agent at a time of 15 June."""
    explanation = explain_slot(ask(of, "2027-06-15", "2027-06-16", zone=zone, **more), at(f"2027-06-15 {start}", zone))
    assert explanation.is_offered == (not explanation.findings and explanation.agents[0].can_take)
    return explanation.agents[0].findings


def reasons(of: Agent, start: str, **more: Any) -> list[Reason]:
    return [each.reason for each in findings(of, start, **more)]


class TestExplainSlot:
    def test_says_that_a_time_is_offered_and_who_could_take_it(self) -> None:
        explanation = explain_slot(ask(ANN, "2027-06-15", "2027-06-16"), at("2027-06-15 10:00"))

        assert explanation.is_offered
        assert explanation.agent_ids == ("ann",)
        assert explanation.end == at("2027-06-15 10:30")
        assert not explanation.findings

    def test_f9_says_that_a_time_is_off_the_grid(self) -> None:
        explanation = explain_slot(ask(ANN, "2027-06-15", "2027-06-16"), at("2027-06-15 10:10"))

        assert not explanation.is_offered
        assert [each.reason for each in explanation.findings] == [Reason.OFF_GRID]

    def test_says_that_a_time_lies_outside_the_period(self) -> None:
        explanation = explain_slot(ask(ANN, "2027-06-15", "2027-06-16"), at("2027-06-16 10:00"))

        assert [each.reason for each in explanation.findings] == [Reason.OUTSIDE]

    def test_says_that_the_request_has_limits(self) -> None:
        question = ask(ANN, "2027-06-15", "2027-06-16", limits=Limits("UTC", latest_time=time(9, 30)))

        explanation = explain_slot(question, at("2027-06-15 10:00"))

        assert [each.reason for each in explanation.findings] == [Reason.LIMITS]

    def test_names_the_earliest_start_that_the_notice_allows(self) -> None:
        now = at("2027-06-15 09:10")

        (finding,) = findings(ANN, "09:30", asked=terms(notice=notice(60)), now=now)

        assert (finding.reason, finding.start) == (Reason.NOTICE, at("2027-06-15 10:10"))

    def test_names_the_end_of_the_window(self) -> None:
        asked = terms(window=Span(1, Unit.DAYS))

        (finding,) = findings(ANN, "10:00", asked=asked, now=at("2027-06-13 12:00"))

        assert (finding.reason, finding.end) == (Reason.WINDOW, at("2027-06-15 00:00"))

    def test_counts_the_end_of_the_window_as_outside_it(self) -> None:
        always = agent("ann", "00:00-24:00")
        asked = terms(window=Span(1, Unit.DAYS))

        (finding,) = findings(always, "00:00", asked=asked, now=at("2027-06-13 12:00"))

        assert (finding.reason, finding.end) == (Reason.WINDOW, at("2027-06-15 00:00"))

    def test_b8_says_whose_hours_are_shut(self) -> None:
        idle = agent("idle")

        explanation = explain_slot(ask([ANN, idle], "2027-06-15", "2027-06-16"), at("2027-06-15 10:00"))

        assert [(each.agent_id, each.can_take) for each in explanation.agents] == [("ann", True), ("idle", False)]
        assert [each.reason for each in explanation.agents[1].findings] == [Reason.HOURS]
        assert not explanation.findings

    def test_names_the_holiday(self) -> None:
        (finding,) = findings(agent("ann", "09:00-17:00", holidays={TUESDAY: "Founders' Day"}), "10:00")

        assert (finding.reason, finding.title) == (Reason.HOLIDAY, "Founders' Day")
        assert (finding.start, finding.end) == (at("2027-06-15 00:00"), at("2027-06-16 00:00"))

    def test_names_the_holiday_on_whose_eve_the_shift_would_have_begun(self) -> None:
        ann = agent("ann", "22:00-06:00", holidays={date(2027, 6, 14): "Founders' Day"})

        (finding,) = findings(ann, "02:00")

        assert (finding.reason, finding.title) == (Reason.HOLIDAY, "Founders' Day")

    def test_does_not_blame_a_holiday_that_an_override_has_lifted(self) -> None:
        ann = agent("ann", overrides={TUESDAY: (span("09:00-12:00"),)}, holidays={TUESDAY: "Day"})

        assert reasons(ann, "13:00") == [Reason.HOURS]

    def test_names_the_time_off(self) -> None:
        ann = agent(
            "ann", "09:00-17:00", zone=NEW_YORK, time_off=[time_off("2027-06-15 13:00", "2027-06-15 17:00", "Leave")]
        )

        (finding,) = findings(ann, "14:00", zone=NEW_YORK)

        assert (finding.reason, finding.title) == (Reason.TIME_OFF, "Leave")
        assert (finding.start, finding.end) == (at("2027-06-15 13:00", NEW_YORK), at("2027-06-15 17:00", NEW_YORK))

    def test_names_whose_hours_are_shut_when_they_are_not_the_agents_own(self) -> None:
        ann = agent("ann", "09:00-17:00", within=(OpeningHours("UTC", weekly("09:00-12:00"), name="Help desk"),))

        (finding,) = findings(ann, "14:00")

        assert (finding.reason, finding.source) == (Reason.HOURS, "Help desk")

    def test_names_the_calendar_and_the_title_of_what_is_in_the_way(self) -> None:
        entry = busy("2027-06-15 10:15", "2027-06-15 11:00", source="Outlook", title="Stand-up")

        (finding,) = findings(agent("ann", "09:00-17:00", busy=[entry]), "10:00")

        assert (finding.reason, finding.source, finding.title) == (Reason.BUSY, "Outlook", "Stand-up")
        assert (finding.start, finding.end) == (entry.start, entry.end)

    def test_names_them_also_when_entries_are_kept_by_column(self) -> None:
        entries = [
            busy("2027-06-15 08:15", "2027-06-15 09:00", source="PSA", title="Ticket"),
            busy("2027-06-15 10:15", "2027-06-15 11:00", source="Outlook", title="Stand-up"),
        ]

        by_row = findings(agent("ann", "09:00-17:00", busy=entries), "10:00")

        assert findings(agent("ann", "09:00-17:00", busy=in_columns(entries)), "10:00") == by_row
        assert by_row[0].title == "Stand-up"

    def test_c11_has_no_title_for_a_private_entry(self) -> None:
        entry = busy("2027-06-15 10:15", "2027-06-15 11:00", source="Outlook")

        assert findings(agent("ann", "09:00-17:00", busy=[entry]), "10:00")[0].title == ""

    def test_tells_a_buffer_from_the_appointment_itself(self) -> None:
        ann = agent("ann", "09:00-17:00", busy=[busy("2027-06-15 10:30", "2027-06-15 11:00")])

        assert reasons(ann, "10:00", asked=terms(after=10)) == [Reason.BUFFER]
        assert reasons(ann, "11:00", asked=terms(before=10)) == [Reason.BUFFER]
        assert reasons(ann, "10:30", asked=terms(before=10)) == [Reason.BUSY]
        assert reasons(ann, "10:00") == []

    def test_says_how_many_appointments_the_day_has_already(self) -> None:
        ann = agent("ann", "09:00-17:00", daily_counts={TUESDAY: 3})

        (finding,) = findings(ann, "10:00", asked=terms(daily_maximum=2))

        assert (finding.reason, finding.count) == (Reason.DAILY_MAXIMUM, 3)

    def test_c16_says_that_a_calendar_could_not_be_read(self) -> None:
        assert reasons(agent("ann", "09:00-17:00", is_readable=False), "10:00") == [Reason.UNKNOWN]

    def test_gives_every_reason_and_not_only_the_first(self) -> None:
        ann = agent("ann", "09:00-09:30", is_readable=False, busy=[busy("2027-06-15 10:00", "2027-06-15 10:05")])

        assert reasons(ann, "10:00") == [Reason.UNKNOWN, Reason.HOURS, Reason.BUSY]

    def test_says_when_everybody_is_free_and_there_are_too_few(self) -> None:
        explanation = explain_slot(ask([ANN, team(ANN)], "2027-06-15", "2027-06-16"), at("2027-06-15 10:00"))

        assert not explanation.is_offered
        assert [each.reason for each in explanation.findings] == [Reason.NOT_ENOUGH_PEOPLE]

    def test_says_when_nobody_was_asked(self) -> None:
        explanation = explain_slot(ask([], "2027-06-15", "2027-06-16"), at("2027-06-15 10:00"))

        assert [each.reason for each in explanation.findings] == [Reason.NOT_ENOUGH_PEOPLE]

    def test_says_what_would_have_to_change_whatever_the_reason(self) -> None:
        assert set(REMEDIES) == set(Reason)
        assert "notice" in Finding(Reason.NOTICE).remedy

    def test_refuses_an_instant_that_no_calendar_knows(self) -> None:
        with pytest.raises(BadQuestion, match="starts_at"):
            explain_slot(ask(ANN, "2027-06-15", "2027-06-16"), 1 << 50)

    def test_d10_does_not_offer_the_past(self) -> None:
        question = replace(ask(ANN, "2027-06-15", "2027-06-16"), now=at("2027-06-15 10:01"))

        assert [each.reason for each in explain_slot(question, at("2027-06-15 10:00")).agents[0].findings] == [
            Reason.NOTICE
        ]
