"""Edge cases C: busy time and buffers. 15 June 2027 is a Tuesday."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from slotdesk.availability.slots import list_starts
from slotdesk.availability.terms import Terms
from slotdesk.availability.tests.questions import NEW_YORK, agent, ask, at, busy, labels, team, terms
from slotdesk.availability.values import Busy
from slotdesk.availability.wall_clock import day_bounds

QUARTERS = terms(30, 15)


def free(entries: list[Busy], *, asked: Terms = QUARTERS, hours: str = "09:00-12:00") -> list[str]:
    """The times of 15 June that an agent with this busy time offers."""
    question = ask(agent("ann", hours, busy=entries), "2027-06-15", "2027-06-16", asked=asked)
    return [label[3:] for label in labels(question)]


def on_15(start: str, end: str) -> Busy:
    return busy(f"2027-06-15 {start}", f"2027-06-15 {end}")


class TestBusyTime:
    def test_c1_that_only_touches_a_slot_leaves_it(self) -> None:
        assert free([on_15("09:00", "10:00"), on_15("10:30", "12:00")]) == ["10:00"]

    def test_c3_of_a_whole_day_is_the_calendars_own_date(self) -> None:
        day = date(2027, 6, 15)
        ann = agent("ann", "00:00-24:00", zone=NEW_YORK, busy=[Busy(*day_bounds(NEW_YORK, day, day))])

        found = labels(ask(ann, "2027-06-14", "2027-06-17", zone=NEW_YORK, asked=terms(60, 60)))

        assert {label[:2] for label in found} == {"14", "16"}

    def test_c5_of_three_days_blocks_all_three(self) -> None:
        trip = Busy(*day_bounds(NEW_YORK, date(2027, 6, 15), date(2027, 6, 17)))
        ann = agent("ann", "09:00-17:00", zone=NEW_YORK, busy=[trip])

        found = labels(ask(ann, "2027-06-14", "2027-06-19", zone=NEW_YORK, asked=terms(60, 60)))

        assert {label[:2] for label in found} == {"14", "18"}

    def test_c8_without_length_is_ignored_also_with_buffers(self) -> None:
        padded = terms(30, 15, 15, 15)

        assert free([on_15("10:00", "10:00")], asked=padded) == free([], asked=padded)

    def test_c9_that_ends_before_it_starts_is_ignored(self) -> None:
        assert free([on_15("11:00", "10:00")]) == free([])

    def test_c10_at_odd_minutes_does_not_move_the_grid(self) -> None:
        meeting = [on_15("10:07", "10:41")]

        assert free(meeting) == ["09:00", "09:15", "09:30", "10:45", "11:00", "11:15", "11:30"]
        assert free(meeting, asked=terms(30, 15, 15)) == ["09:00", "09:15", "09:30", "11:00", "11:15", "11:30"]

    def test_at_odd_seconds_blocks_every_second_of_it(self) -> None:
        ten = at("2027-06-15 10:00")

        assert "10:00" not in free([Busy(ten - 60, ten + 1)])
        assert "09:30" not in free([Busy(ten - 1, ten)])

    def test_c16_that_could_not_be_read_makes_an_agent_unknown_and_never_free(self) -> None:
        ann, ben = agent("ann", "09:00-10:00"), agent("ben", "09:00-10:00", is_readable=False)
        asked = ("2027-06-15", "2027-06-16")

        assert labels(ask(ben, *asked)) == []
        assert labels(ask(team(ann, ben), *asked)) == ["15 09:00", "15 09:30"]
        assert labels(ask([ann, ben], *asked)) == []

    def test_c18_that_overlaps_or_repeats_is_merged(self) -> None:
        entries = [on_15("09:00", "11:00"), on_15("09:30", "10:00"), on_15("09:00", "11:00"), on_15("10:30", "11:15")]

        assert free(entries) == free([on_15("09:00", "11:15")]) == ["11:15", "11:30"]

    def test_c18_may_come_in_any_order(self) -> None:
        entries = [on_15("11:00", "11:30"), on_15("09:00", "09:30"), on_15("10:00", "10:15")]

        assert free(entries) == free(sorted(entries))

    def test_c18_may_lie_on_top_of_itself_more_often_than_a_byte_can_count(self) -> None:
        assert free([on_15("10:00", "10:30")] * 1000) == free([on_15("10:00", "10:30")])

    def test_c19_that_covers_the_whole_window_leaves_nothing(self) -> None:
        assert free([Busy(0, 1 << 52)]) == []


class TestBuffers:
    def test_c20_reach_into_the_window_from_before_it(self) -> None:
        ann = agent("ann", "00:00-24:00", busy=[busy("2027-06-15 09:20", "2027-06-15 09:50")])

        found = labels(ask(ann, "2027-06-15 10:00", "2027-06-15 11:30", asked=terms(30, 15, 30)))

        assert found == ["15 10:30", "15 10:45", "15 11:00"]

    def test_c22_need_freedom_and_not_opening_hours(self) -> None:
        padded = terms(30, 15, 15)

        assert free([], asked=padded)[0] == "09:00"
        assert free([on_15("08:30", "08:50")], asked=padded)[0] == "09:15"

    def test_c22_stay_inside_the_hours_when_the_type_says_so(self) -> None:
        padded = terms(30, 15, 15, 30, keeps_buffers_in_hours=True)

        assert free([], asked=padded) == [
            "09:15", "09:30", "09:45", "10:00", "10:15", "10:30", "10:45", "11:00",
        ]  # fmt: skip

    def test_c23_differ_before_and_after(self) -> None:
        found = free([on_15("10:00", "10:30")], asked=terms(15, 5, 5, 30), hours="09:00-11:00")

        # Ends by 09:30 and 30 minutes after it are free; starts at 10:35, 5 minutes after the entry.
        assert (found[-1], found[found.index("09:15") + 1]) == ("10:45", "10:35")

    def test_c24_add_up_with_those_that_an_own_appointment_brings_along(self) -> None:
        already_widened = on_15("10:00", "11:00")  # 10:00 to 10:30 and its own 30 minutes after

        assert free([already_widened], asked=terms(30, 15, 15))[-2:] == ["11:15", "11:30"]

    def test_c25_are_real_minutes_over_midnight_and_clock_changes(self) -> None:
        ann = agent("ann", "00:00-24:00", zone=NEW_YORK, busy=[busy("2027-03-14 03:00", "2027-03-14 03:30", NEW_YORK)])

        found = labels(ask(ann, "2027-03-14 00:00", "2027-03-14 05:00", zone=NEW_YORK, asked=terms(30, 30, after=60)))

        # 00:30 ends at 01:00 and is kept free until 02:00, which the clock calls 03:00.
        assert found == ["14 00:00", "14 00:30", "14 03:30", "14 04:00", "14 04:30"]

    def test_d4_do_not_thin_the_grid(self) -> None:
        asked = terms(20, 5, after=15)

        assert len(free([], asked=asked, hours="09:00-10:00")) == 9
        # Another appointment at 10:00 to 10:20 comes with its own 15 minutes after.
        after = [time for time in free([on_15("10:00", "10:35")], asked=asked) if time > "10:00"]
        assert after[0] == "10:35"

    def test_d16_of_the_appointment_that_moves_are_out_of_its_own_way(self) -> None:
        other, own = on_15("11:15", "11:30"), on_15("09:45", "11:00")
        ann = agent("ann", "09:00-12:00", busy=[other, own])

        moving = replace(ann, busy=[entry for entry in ann.busy if entry is not own])

        ten_fifteen = at("2027-06-15 10:15")
        assert ten_fifteen not in list_starts(ask(ann, "2027-06-15", "2027-06-16", asked=terms(60, 15)))
        assert ten_fifteen in list_starts(ask(moving, "2027-06-15", "2027-06-16", asked=terms(60, 15)))
