"""The list of zones, and which names are taken."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from slotdesk.web.public.zones import all_options, city_of, is_zone, likely_options, offset_text


class TestIsZone:
    @pytest.mark.parametrize("name", ["Europe/Berlin", "Asia/Calcutta", "US/Eastern", "UTC", "Etc/UTC"])
    def test_takes_what_browsers_report(self, name: str) -> None:
        assert is_zone(name)

    @pytest.mark.parametrize("name", ["", "Berlin", "../../etc/passwd", "Europe/Berlin\x00", "localtime", "Factory"])
    def test_refuses_everything_else(self, name: str) -> None:
        assert not is_zone(name)


class TestCityOf:
    @pytest.mark.parametrize(
        ("zone", "city"),
        [
            ("America/New_York", "New York"),
            ("Asia/Calcutta", "Kolkata"),
            ("America/Argentina/Buenos_Aires", "Buenos Aires"),
            ("America/Sao_Paulo", "Sao Paulo"),
            ("Etc/UTC", "UTC"),
        ],
    )
    def test_says_what_people_call_the_place(self, zone: str, city: str) -> None:
        assert city_of(zone) == city

    @pytest.mark.parametrize(
        ("zone", "language", "city"),
        [
            ("Asia/Kolkata", "de", "Kalkutta"),
            ("Asia/Calcutta", "ar", "كالكتا"),
            ("Europe/Kyiv", "de", "Kiew"),
            ("America/Argentina/Buenos_Aires", "ar", "بوينوس أيرس"),
        ],
    )
    def test_says_it_in_their_language_whatever_the_zone_was_called_before(
        self, zone: str, language: str, city: str
    ) -> None:
        assert city_of(zone, language) == city


class TestOffsetText:
    def test_follows_the_season(self) -> None:
        assert offset_text("Europe/Berlin", datetime(2027, 1, 1, tzinfo=UTC)) == "UTC+01:00"
        assert offset_text("Europe/Berlin", datetime(2027, 7, 1, tzinfo=UTC)) == "UTC+02:00"

    def test_knows_quarter_hours_and_the_west(self) -> None:
        assert offset_text("Asia/Kathmandu", datetime(2027, 1, 1, tzinfo=UTC)) == "UTC+05:45"
        assert offset_text("America/St_Johns", datetime(2027, 1, 1, tzinfo=UTC)) == "UTC−03:30"


class TestOptions:
    def test_name_a_zone_as_people_search_for_it(self) -> None:
        options = all_options(date(2027, 1, 1))

        assert ">New York, United States · Eastern Time · UTC−05:00</option>" in options

    def test_carry_what_people_type_who_look_for_them(self) -> None:
        options = all_options(date(2027, 1, 1))

        assert '<option value="America/New_York" data-find="EST EDT ET US USA America">' in options
        assert '<option value="Europe/London" data-find="GMT BST UKT GB UK England Scotland Wales">' in options

    def test_begin_with_the_shown_zone_and_the_countrys_own(self) -> None:
        options = likely_options("Asia/Tokyo", "DE", date(2027, 1, 1))

        assert options.startswith('<option value="Asia/Tokyo" data-find="JST JT JP" selected>')
        assert '<option value="Europe/Berlin" ' in options
        assert "New York" not in options
