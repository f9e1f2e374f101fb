"""Edge cases B: hours, overrides, holidays. 15 June 2027 is a Tuesday."""

from __future__ import annotations

from datetime import date

from slotdesk.availability.slots import list_slots
from slotdesk.availability.tests.questions import (
    BERLIN,
    LONDON,
    NEW_YORK,
    WORKDAYS,
    agent,
    ask,
    labels,
    span,
    team,
    terms,
    time_off,
    weekly,
)
from slotdesk.availability.values import HoursFrom, OpeningHours

HOURLY = terms(60, 60)
MONDAY, TUESDAY, SATURDAY = date(2027, 6, 14), date(2027, 6, 15), date(2027, 6, 19)
MONDAYS = frozenset({1})


def hours_of(found: list[str], day: str) -> list[int]:
    return [int(label[3:5]) for label in found if label.startswith(day)]


class TestANightShift:
    def test_b1_runs_on_into_a_date_that_is_not_listed(self) -> None:
        ann = agent("ann", "22:00-06:00", days=MONDAYS)

        found = labels(ask(ann, "2027-06-14", "2027-06-16", asked=HOURLY))

        assert found == ["14 22:00", "14 23:00", *(f"15 {hour:02}:00" for hour in range(6))]

    def test_b2_ends_at_midnight_before_a_date_with_an_override(self) -> None:
        closed = agent("ann", "22:00-06:00", days=MONDAYS, overrides={TUESDAY: ()})
        own = agent("ann", "22:00-06:00", days=MONDAYS, overrides={TUESDAY: (span("09:00-10:00"),)})

        assert labels(ask(closed, "2027-06-14", "2027-06-16", asked=HOURLY)) == ["14 22:00", "14 23:00"]
        assert labels(ask(own, "2027-06-14", "2027-06-16", asked=HOURLY)) == ["14 22:00", "14 23:00", "15 09:00"]

    def test_b2_may_itself_be_an_override_that_runs_on(self) -> None:
        ann = agent("ann", overrides={MONDAY: (span("22:00-02:00"),)})

        found = labels(ask(ann, "2027-06-14", "2027-06-16", asked=HOURLY))

        assert found == ["14 22:00", "14 23:00", "15 00:00", "15 01:00"]

    def test_b2_that_is_an_override_ends_before_the_next_override(self) -> None:
        ann = agent("ann", overrides={MONDAY: (span("22:00-02:00"),), TUESDAY: (span("09:00-10:00"),)})

        found = labels(ask(ann, "2027-06-14", "2027-06-16", asked=HOURLY))

        assert found == ["14 22:00", "14 23:00", "15 09:00"]

    def test_b3_has_seven_or_nine_real_hours_when_the_clock_changes(self) -> None:
        ann = agent("ann", "22:00-06:00", zone=NEW_YORK)

        spring = ask(ann, "2027-03-13 12:00", "2027-03-14 12:00", zone=NEW_YORK, asked=HOURLY)
        autumn = ask(ann, "2027-11-06 12:00", "2027-11-07 12:00", zone=NEW_YORK, asked=HOURLY)

        assert (len(list_slots(spring)), len(list_slots(autumn))) == (7, 9)

    def test_b12_ends_at_midnight_before_a_holiday(self) -> None:
        ann = agent("ann", "22:00-06:00", days=MONDAYS, holidays={TUESDAY: "Founders' Day"})

        assert labels(ask(ann, "2027-06-14", "2027-06-16", asked=HOURLY)) == ["14 22:00", "14 23:00"]


class TestRanges:
    def test_b4_that_touch_are_one_stretch(self) -> None:
        ann = agent("ann", "09:00-12:00", "12:00-17:00")

        assert "15 11:45" in labels(ask(ann, "2027-06-15", "2027-06-16", asked=terms(30, 15)))

    def test_b5_that_overlap_double_nothing(self) -> None:
        ann = agent("ann", "09:00-11:00", "10:00-12:00", "09:00-11:00")

        assert hours_of(labels(ask(ann, "2027-06-15", "2027-06-16", asked=HOURLY)), "15") == [9, 10, 11]

    def test_b6_leave_the_lunch_hole_alone(self) -> None:
        ann = agent("ann", "09:00-12:00", "13:00-17:00")

        found = labels(ask(ann, "2027-06-15", "2027-06-16", asked=terms(60, 30)))

        assert not {"15 11:30", "15 12:00", "15 12:30"} & set(found)
        assert {"15 11:00", "15 13:00"} <= set(found)

    def test_b8_may_be_none(self) -> None:
        idle, ann = agent("idle"), agent("ann", "09:00-10:00")

        assert labels(ask(team(idle, ann), "2027-06-15", "2027-06-16")) == ["15 09:00", "15 09:30"]
        assert labels(ask([idle, ann], "2027-06-15", "2027-06-16")) == []

    def test_b17_that_cover_the_whole_week_allow_slots_across_midnight(self) -> None:
        ann = agent("ann", "00:00-24:00")

        assert "15 23:45" in labels(ask(ann, "2027-06-15", "2027-06-17", asked=terms(30, 15)))


class TestAnOverride:
    def test_b9_opens_a_closed_saturday_once(self) -> None:
        ann = agent("ann", "09:00-10:00", days=WORKDAYS, overrides={SATURDAY: (span("10:00-11:00"),)})

        found = labels(ask(ann, "2027-06-18", "2027-06-28", asked=HOURLY))

        assert found == ["18 09:00", "19 10:00", *(f"{day} 09:00" for day in range(21, 26))]

    def test_b10_that_closes_one_agents_day_takes_it_from_a_panel_only(self) -> None:
        away, ann = agent("away", "09:00-10:00", overrides={TUESDAY: ()}), agent("ann", "09:00-10:00")

        assert labels(ask(team(away, ann), "2027-06-15", "2027-06-16", asked=HOURLY)) == ["15 09:00"]
        assert labels(ask([away, ann], "2027-06-15", "2027-06-16", asked=HOURLY)) == []

    def test_beats_a_holiday_since_it_is_about_that_very_date(self) -> None:
        ann = agent("ann", "09:00-17:00", holidays={TUESDAY: "Day"}, overrides={TUESDAY: (span("10:00-11:00"),)})

        assert labels(ask(ann, "2027-06-15", "2027-06-16", asked=HOURLY)) == ["15 10:00"]


class TestAHoliday:
    def test_b11_closes_each_agents_own_local_date(self) -> None:
        sydney = agent("sydney", "09:00-17:00", zone="Australia/Sydney", holidays={TUESDAY: "Day"})
        new_york = agent("new york", "09:00-17:00", zone=NEW_YORK, holidays={TUESDAY: "Day"})
        whole_week = ("2027-06-13", "2027-06-18")

        def closed(name: str) -> list[str]:
            who, zone = {"s": (sydney, "Australia/Sydney"), "n": (new_york, NEW_YORK)}[name]
            open_days = {label[:2] for label in labels(ask(who, *whole_week, zone=zone, asked=HOURLY))}
            return [day for day in ("14", "15", "16") if day not in open_days]

        assert closed("s") == closed("n") == ["15"]


class TestTimeOff:
    def test_b13_of_half_a_day_leaves_the_morning(self) -> None:
        leave = time_off("2027-06-15 13:00", "2027-06-15 17:00")
        ann = agent("ann", "09:00-17:00", time_off=[leave])

        assert hours_of(labels(ask(ann, "2027-06-15", "2027-06-16", asked=HOURLY)), "15") == [9, 10, 11, 12]

    def test_of_several_days_takes_them_all_on_the_local_clock(self) -> None:
        leave = time_off("2027-06-15", "2027-06-18")
        ann = agent("ann", "00:00-24:00", zone=NEW_YORK, time_off=[leave])

        found = labels(ask(ann, "2027-06-14", "2027-06-20", zone=NEW_YORK, asked=terms(60, 720)))

        assert found == ["14 00:00", "14 12:00", "18 00:00", "18 12:00", "19 00:00", "19 12:00"]

    def test_beats_an_override(self) -> None:
        leave = time_off("2027-06-15", "2027-06-16")
        ann = agent("ann", overrides={TUESDAY: (span("09:00-17:00"),)}, time_off=[leave])

        assert labels(ask(ann, "2027-06-15", "2027-06-16")) == []


class TestSeveralHours:
    def test_b14_must_all_be_open(self) -> None:
        firm = OpeningHours(LONDON, weekly("09:00-17:00"))
        desk = OpeningHours(NEW_YORK, weekly("07:00-11:00"))
        ann = agent("ann", "12:00-20:00", zone=BERLIN, within=(firm, desk))

        # London 09–17 is 08–16 UTC, New York 07–11 is 11–15 UTC, Berlin 12–20 is 10–18 UTC.
        assert hours_of(labels(ask(ann, "2027-06-15", "2027-06-16", asked=HOURLY)), "15") == [11, 12, 13, 14]

    def test_b15_hold_from_their_date_on(self) -> None:
        rota = (
            HoursFrom(date(2027, 6, 16), weekly("10:00-11:00")),
            HoursFrom(date(2027, 6, 18), weekly("22:00-02:00")),
        )
        ann = agent("ann", "09:00-10:00", later_hours=rota)

        found = labels(ask(ann, "2027-06-14", "2027-06-19", asked=HOURLY))

        assert found == ["14 09:00", "15 09:00", "16 10:00", "17 10:00", "18 22:00", "18 23:00"]

    def test_b15_leave_a_shift_that_began_under_the_old_ones_alone(self) -> None:
        ann = agent("ann", "22:00-02:00", later_hours=(HoursFrom(TUESDAY, weekly("09:00-10:00")),))

        found = labels(ask(ann, "2027-06-14 12:00", "2027-06-16", asked=HOURLY))

        assert found == ["14 22:00", "14 23:00", "15 00:00", "15 01:00", "15 09:00"]
