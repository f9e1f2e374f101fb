"""Edge cases A: time zones and clock changes. In 2027 US clocks go forward on 14 March and back on 7 November."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from slotdesk.availability.slots import list_slots, list_starts
from slotdesk.availability.tests.questions import (
    BERLIN,
    KATHMANDU,
    LONDON,
    NEW_YORK,
    agent,
    ask,
    at,
    busy,
    labels,
    terms,
)
from slotdesk.availability.wall_clock import UnknownZone, day_bounds, offset_at, stretches

UTC = "UTC"
HOURLY = terms(60, 60)


class TestAClockChange:
    def test_a1_moves_office_hours_in_utc_and_keeps_their_number(self) -> None:
        ann = agent("ann", "09:00-17:00", zone=NEW_YORK)

        before = labels(ask(ann, "2027-03-12", "2027-03-13", zone=NEW_YORK, asked=HOURLY), UTC)
        after = labels(ask(ann, "2027-03-15", "2027-03-16", zone=NEW_YORK, asked=HOURLY), UTC)

        assert (before[0], before[-1], len(before)) == ("12 14:00", "12 21:00", 8)
        assert (after[0], after[-1], len(after)) == ("15 13:00", "15 20:00", 8)

    def test_a2_has_already_happened_in_the_afternoon_of_its_day(self) -> None:
        ann = agent("ann", "13:00-18:00", zone=NEW_YORK)

        found = labels(ask(ann, "2027-03-14", "2027-03-15", zone=NEW_YORK, asked=HOURLY), UTC)

        assert (found[0], found[-1]) == ("14 17:00", "14 21:00")

    def test_a3_leaves_out_the_skipped_hour(self) -> None:
        ann = agent("ann", "01:00-05:00", zone=NEW_YORK)
        question = ask(ann, "2027-03-14", "2027-03-15", zone=NEW_YORK, asked=terms(60, 30))

        assert labels(question) == ["14 01:00", "14 01:30", "14 03:00", "14 03:30", "14 04:00"]
        assert at("2027-03-14 03:30", NEW_YORK) - at("2027-03-14 01:30", NEW_YORK) == 3600

    def test_a4_shuts_hours_that_lie_in_the_gap_on_that_day_only(self) -> None:
        ann = agent("ann", "02:00-03:00", zone=NEW_YORK)

        assert labels(ask(ann, "2027-03-13", "2027-03-16", zone=NEW_YORK)) == [
            "13 02:00", "13 02:30", "15 02:00", "15 02:30",
        ]  # fmt: skip

    def test_a5_offers_the_repeated_hour_twice(self) -> None:
        ann = agent("ann", "00:00-04:00", zone=NEW_YORK)
        question = ask(ann, "2027-11-07", "2027-11-08", zone=NEW_YORK, asked=HOURLY)

        assert labels(question) == ["07 00:00", "07 01:00", "07 01:00", "07 02:00", "07 03:00"]
        assert list_starts(question)[1:3] == [
            at("2027-11-07 01:00", NEW_YORK),
            at("2027-11-07 01:00", NEW_YORK, fold=1),
        ]

    def test_a6_opens_again_whenever_the_clock_reads_an_open_time(self) -> None:
        ann = agent("ann", "00:00-01:30", zone=NEW_YORK)

        assert labels(ask(ann, "2027-11-07", "2027-11-08", zone=NEW_YORK), UTC) == [
            "07 04:00", "07 04:30", "07 05:00", "07 06:00",
        ]  # fmt: skip

    def test_a15_does_not_change_how_many_dates_fourteen_days_are(self) -> None:
        ann = agent("ann", "09:00-10:00", zone=NEW_YORK)

        found = labels(ask(ann, "2027-03-10", "2027-03-24", zone=NEW_YORK, asked=HOURLY))

        assert found == [f"{day} 09:00" for day in range(10, 24)]

    def test_c7_shifts_a_series_made_in_the_other_zone_for_the_weeks_between(self) -> None:
        series = [busy(f"2027-03-{day} 09:00", f"2027-03-{day} 10:00", NEW_YORK) for day in (12, 19, 26)]
        series.append(busy("2027-04-02 09:00", "2027-04-02 10:00", NEW_YORK))
        ann = agent("ann", "13:00-15:00", zone=LONDON, busy=series)

        def free_on(day: str) -> list[str]:
            return labels(ask(ann, f"{day} 00:00", f"{day} 23:59", zone=LONDON, asked=HOURLY))

        assert free_on("2027-03-12") == ["12 13:00"]
        assert free_on("2027-03-19") == ["19 14:00"]
        assert free_on("2027-03-26") == ["26 14:00"]
        assert free_on("2027-04-02") == ["02 13:00"]


class TestTheGrid:
    def test_a8_lies_on_the_clients_clock(self) -> None:
        ann = agent("ann", "09:00-17:00", zone=KATHMANDU)

        from_london = labels(ask(ann, "2027-06-15", "2027-06-16", zone=LONDON), UTC)
        from_kathmandu = labels(ask(ann, "2027-06-15", "2027-06-16", zone=KATHMANDU), UTC)

        # 09:00 in Kathmandu is 03:15 UTC, which is no half hour in London.
        assert from_london[0] == "15 03:30"
        assert from_kathmandu[0] == "15 03:15"

    @pytest.mark.parametrize("zone", ["Asia/Kolkata", "Australia/Adelaide", "America/St_Johns", "Pacific/Chatham"])
    def test_a8_is_round_in_every_zone_that_is_off_by_half_hours(self, zone: str) -> None:
        ann = agent("ann", "00:00-24:00", zone=LONDON)

        found = labels(ask(ann, "2027-06-15", "2027-06-16", zone=zone, asked=HOURLY))

        assert found == [f"15 {hour:02}:00" for hour in range(24)]

    def test_a9_begins_the_day_at_one_where_the_clock_skips_midnight(self) -> None:
        cairo = "Africa/Cairo"
        ann = agent("ann", "00:00-24:00", zone=cairo)
        question = ask(ann, "2027-04-29", "2027-05-02", zone=cairo, asked=HOURLY)

        found = labels(question)

        assert [label for label in found if label.startswith("30")] == [f"30 {hour:02}:00" for hour in range(1, 24)]
        assert len(found) == 24 + 23 + 24
        begins, ends = day_bounds(cairo, date(2027, 4, 30), date(2027, 4, 30))
        assert (begins, ends - begins) == (at("2027-04-30 01:00", cairo), 23 * 3600)

    @pytest.mark.parametrize(("zone", "day"), [("America/Sao_Paulo", "2018-11-04"), ("Asia/Beirut", "2027-03-28")])
    def test_a9_loses_and_doubles_no_day_elsewhere_either(self, zone: str, day: str) -> None:
        ann = agent("ann", "00:00-24:00", zone=zone)
        start = date.fromisoformat(day)

        question = ask(ann, f"{start - timedelta(1)}", f"{start + timedelta(2)}", zone=zone, asked=HOURLY)

        assert len(list_starts(question)) == 24 + 23 + 24

    def test_a14_groups_by_the_clients_date(self) -> None:
        ann = agent("ann", "09:00-17:00", zone="Australia/Sydney", days=frozenset({2}))

        found = labels(ask(ann, "2027-06-14", "2027-06-15", zone="America/Los_Angeles", asked=HOURLY))

        # The agent's Tuesday from 09:00 is the client's Monday from 16:00.
        assert found == [f"14 {hour}:00" for hour in range(16, 24)]

    def test_a16_shows_the_same_instants_in_every_zone_of_full_hours(self) -> None:
        question = ask(agent("ann", "09:00-17:00", zone=BERLIN), "2027-03-20", "2027-04-05", zone=BERLIN)

        elsewhere = replace(question, client_zone="America/Los_Angeles")

        assert list_starts(elsewhere) == list_starts(question)

    def test_d3_may_be_wider_than_the_appointment(self) -> None:
        ann = agent("ann", "09:00-12:00")

        assert labels(ask(ann, "2027-06-15", "2027-06-16", asked=terms(30, 60))) == ["15 09:00", "15 10:00", "15 11:00"]

    def test_begins_anew_at_midnight_when_the_increment_does_not_divide_the_day(self) -> None:
        ann = agent("ann", "00:00-24:00")

        found = labels(ask(ann, "2027-06-15 23:00", "2027-06-16 02:00", asked=terms(10, 50)))

        assert found == ["15 23:20", "16 00:00", "16 00:50", "16 01:40"]


class TestACalendarDate:
    def test_a17_ends_at_24_00_or_at_23_59_as_written(self) -> None:
        till_midnight = agent("ann", "22:00-24:00")
        a_minute_less = agent("ann", "22:00-23:59")

        assert labels(ask(till_midnight, "2027-06-15", "2027-06-17"))[3] == "15 23:30"
        assert "15 23:30" not in labels(ask(a_minute_less, "2027-06-15", "2027-06-17"))

    def test_a18_follows_the_agent_who_moves_to_another_zone(self) -> None:
        ann = agent("ann", "09:00-10:00", zone=BERLIN)

        moved = replace(ann, zone=NEW_YORK)

        assert labels(ask(ann, "2027-06-15", "2027-06-16", asked=HOURLY)) == ["15 07:00"]
        assert labels(ask(moved, "2027-06-15", "2027-06-16", asked=HOURLY)) == ["15 13:00"]

    def test_a20_includes_leap_days_and_year_ends(self) -> None:
        ann = agent("ann", "09:00-10:00", days=frozenset(range(1, 6)))

        assert labels(ask(ann, "2028-02-28", "2028-03-02", asked=HOURLY)) == ["28 09:00", "29 09:00", "01 09:00"]
        # ISO week 53 of 2026 runs into 2027; 2 and 3 January are its weekend.
        assert labels(ask(ann, "2026-12-31", "2027-01-05", asked=HOURLY)) == ["31 09:00", "01 09:00", "04 09:00"]


class TestAZone:
    @pytest.mark.parametrize("name", ["US/Eastern", "Asia/Calcutta"])
    def test_a13_may_go_by_an_older_name(self, name: str) -> None:
        assert list_slots(ask(agent("ann", "09:00-10:00", zone=name), "2027-06-15", "2027-06-16", zone=name))

    @pytest.mark.parametrize("name", ["W. Europe Standard Time", "", "Europe", "../etc/passwd", "Mars/Base"])
    def test_a13_is_refused_when_nobody_knows_it(self, name: str) -> None:
        with pytest.raises(UnknownZone):
            offset_at(name, 0)

    @pytest.mark.parametrize(
        ("zone", "day"),
        [("America/Noronha", "2000-10-10"), ("Asia/Gaza", "2040-10-27"), ("Pacific/Apia", "2011-12-30")],
    )
    def test_keeps_even_an_offset_of_a_few_days(self, zone: str, day: str) -> None:
        noon = at(f"{day} 12:00")

        for instant in range(noon - 20 * 86_400, noon + 20 * 86_400, 3600):
            stretch = next(each for each in stretches(zone, instant, instant + 1) if instant < each.end)
            assert stretch.offset == offset_at(zone, instant)
