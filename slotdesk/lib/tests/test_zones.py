from zoneinfo import ZoneInfo

import pytest
from babel.core import get_global

from slotdesk.lib.zones import find_zone


class TestFindZone:
    @pytest.mark.parametrize(
        ("name", "zone"),
        [
            ("America/New_York", "America/New_York"),
            ("Europe/Stockholm", "Europe/Stockholm"),
            ("Etc/UTC", "Etc/UTC"),
            ("UTC", "Etc/UTC"),
        ],
    )
    def test_keeps_an_iana_name_that_is_in_use(self, name: str, zone: str) -> None:
        assert find_zone(name) == zone

    @pytest.mark.parametrize(
        ("alias", "zone"),
        [
            ("US/Eastern", "America/New_York"),
            ("Asia/Calcutta", "Asia/Kolkata"),
            ("Europe/Kiev", "Europe/Kyiv"),
            ("US Eastern", "America/New_York"),
            ("us mountain", "America/Denver"),
            ("US Arizona", "America/Phoenix"),
        ],
    )
    def test_follows_an_alias(self, alias: str, zone: str) -> None:
        assert find_zone(alias) == zone

    @pytest.mark.parametrize(
        ("windows", "zone"),
        [
            ("W. Europe Standard Time", "Europe/Berlin"),
            ("Eastern Standard Time", "America/New_York"),
            ("US Eastern Standard Time", "America/Indiana/Indianapolis"),
            ("India Standard Time", "Asia/Kolkata"),
            ("AUS Eastern Standard Time", "Australia/Sydney"),
            ("AUS Eastern", "Australia/Sydney"),
            ("eastern time", "America/New_York"),
        ],
    )
    def test_reads_a_windows_name(self, windows: str, zone: str) -> None:
        assert find_zone(windows) == zone

    def test_knows_every_windows_name_of_the_unicode_list(self) -> None:
        for windows in get_global("windows_zone_mapping"):
            zone = find_zone(windows)
            assert zone is not None, windows
            ZoneInfo(zone)

    @pytest.mark.parametrize(
        ("label", "zone"),
        [
            ("(GMT-05:00) Eastern Time (US & Canada)", "America/New_York"),
            ("(UTC-06:00)  Central Time (US & Canada)", "America/Chicago"),
            ("(GMT-07:00) Arizona", "America/Phoenix"),
            ("(GMT-05:00) Indiana (East)", "America/Indiana/Indianapolis"),
            ("(GMT-03:30) Newfoundland", "America/St_Johns"),
            ("(GMT) Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London", "Europe/London"),
            ("(GMT+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
            ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", "Asia/Kolkata"),
            ("(UTC+05:45) Kathmandu", "Asia/Kathmandu"),
            ("(UTC+09:30) Adelaide", "Australia/Adelaide"),
            ("(UTC) Coordinated Universal Time", "Etc/UTC"),
        ],
    )
    def test_reads_a_windows_label(self, label: str, zone: str) -> None:
        assert find_zone(label) == zone

    def test_refuses_a_label_whose_offset_is_not_that_of_its_places(self) -> None:
        assert find_zone("(GMT-08:00) Eastern Time (US & Canada)") is None
        assert find_zone("(GMT-05:00) Central Time (US & Canada)") is None  # its summer time, which labels never show

    @pytest.mark.parametrize(
        "name", ["", "Mars", "Customized Time Zone", "EST", "GMT", "Eastern", "(GMT-05:00) Atlantis", "(GMT) Mars"]
    )
    def test_says_none_for_the_unknown_and_the_ambiguous_and_never_utc(self, name: str) -> None:
        assert find_zone(name) is None
