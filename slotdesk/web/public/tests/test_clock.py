"""How times read in other zones and countries, and on the nights when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from slotdesk.web.public.clock import Clock, territory_of

NIGHT_OF_TWO_ONES = date(2027, 11, 7)


def epoch(year: int, month: int, day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


class TestTime:
    def test_has_twelve_hours_in_the_united_states(self) -> None:
        clock = Clock("America/New_York", "US")

        assert clock.time(clock.local(epoch(2027, 5, 3, 18, 30))) == "2:30 PM"

    def test_says_noon_and_midnight_without_a_zero(self) -> None:
        clock = Clock("UTC", "US")

        assert clock.time(clock.local(epoch(2027, 5, 3, 0, 5))) == "12:05 AM"
        assert clock.time(clock.local(epoch(2027, 5, 3, 12))) == "12:00 PM"

    def test_has_twenty_four_hours_in_germany(self) -> None:
        clock = Clock("Europe/Berlin", "DE")

        assert clock.time(clock.local(epoch(2027, 5, 3, 12, 30))) == "14:30"

    def test_a5_tells_the_two_halves_of_a_repeated_hour_apart(self) -> None:
        clock = Clock("America/New_York", "US")

        labels = [clock.time(clock.local(epoch(2027, 11, 7, hour, 30))) for hour in (4, 5, 6, 7)]

        assert labels == ["12:30 AM", "1:30 AM EDT", "1:30 AM EST", "2:30 AM"]

    def test_names_the_offset_where_a_zone_has_no_letters(self) -> None:
        clock = Clock("America/Nuuk", "GB")

        # Clocks go back at midnight from UTC-1 to UTC-2.
        labels = [clock.time(clock.local(epoch(2027, 10, 31, hour, 30))) for hour in (0, 1)]

        assert labels == ["23:30 UTC-01:00", "23:30 UTC-02:00"]

    def test_adds_nothing_on_the_day_when_clocks_go_forward(self) -> None:
        clock = Clock("America/New_York", "US")

        labels = [clock.time(clock.local(epoch(2027, 3, 14, hour, 30))) for hour in (6, 7)]

        assert labels == ["1:30 AM", "3:30 AM"]


class TestPeriod:
    def test_names_the_day_when_it_ends_after_midnight(self) -> None:
        clock = Clock("UTC", "GB")

        text = clock.period(clock.local(epoch(2027, 5, 3, 23, 45)), clock.local(epoch(2027, 5, 4, 0, 15)))

        assert text == "23:45 – Tue 00:15"


class TestDates:
    @pytest.mark.parametrize(
        ("territory", "short", "full"),
        [("US", "Mon, May 3", "Monday, May 3, 2027"), ("GB", "Mon 3 May", "Monday, 3 May 2027")],
    )
    def test_come_in_the_order_of_the_country(self, territory: str, short: str, full: str) -> None:
        clock = Clock("UTC", territory)

        assert clock.short_day(date(2027, 5, 3)) == short
        assert clock.full_day(date(2027, 5, 3)) == full

    @pytest.mark.parametrize(
        ("first", "last", "text"),
        [
            (date(2027, 5, 3), date(2027, 5, 31), "May 2027"),
            (date(2027, 5, 31), date(2027, 6, 6), "May – June 2027"),
            (date(2027, 12, 27), date(2028, 1, 2), "December 2027 – January 2028"),
        ],
    )
    def test_of_months_repeat_no_more_than_is_needed(self, first: date, last: date, text: str) -> None:
        assert Clock("UTC", "GB").months(first, last) == text

    @pytest.mark.parametrize(("territory", "first"), [("US", 2), ("DE", 3), ("EG", 1)])
    def test_begin_their_week_as_the_country_does(self, territory: str, first: int) -> None:
        week = [Clock("UTC", territory).first_of_week(date(2027, 5, day)).day for day in (3, 4)]

        assert week == [first, first]


class TestZoneLabel:
    @pytest.mark.parametrize(("zone", "label"), [("Asia/Kolkata", "Kolkata (UTC+05:30)"), ("Etc/UTC", "UTC")])
    def test_says_place_and_offset_and_neither_twice(self, zone: str, label: str) -> None:
        assert Clock(zone=zone, territory="US").zone_label(datetime(2027, 5, 3, tzinfo=UTC)) == label


class TestBounds:
    def test_of_a_long_day_are_twenty_five_hours_apart(self) -> None:
        starts_at, ends_at = Clock("America/New_York", "US").bounds(NIGHT_OF_TWO_ONES, NIGHT_OF_TWO_ONES)

        assert (ends_at - starts_at).total_seconds() == 25 * 3600

    def test_a9_of_a_day_without_midnight_begin_with_its_first_instant(self) -> None:
        starts_at, _ends_at = Clock("Africa/Cairo", "EG").bounds(date(2027, 4, 30), date(2027, 4, 30))

        assert starts_at == datetime(2027, 4, 29, 22, tzinfo=UTC)


class TestTerritory:
    @pytest.mark.parametrize(
        ("header", "territory"),
        [
            ("en-GB,en;q=0.9,de;q=0.8", "GB"),
            ("de", "DE"),
            ("zh-Hant-TW", "TW"),
            ("en", "AU"),
            ("", "AU"),
            ("*", "AU"),
            ("nonsense;;;q=x", "AU"),
        ],
    )
    def test_is_what_the_browser_asks_for_else_the_accounts(self, header: str, territory: str) -> None:
        assert territory_of(header, country="AU") == territory
