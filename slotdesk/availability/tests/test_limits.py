"""When a request's own limits are over."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from slotdesk.availability.limits import are_past
from slotdesk.availability.terms import Limits

NEW_YORK, KATHMANDU = "America/New_York", "Asia/Kathmandu"


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


class TestPastLimits:
    @pytest.mark.parametrize(
        ("zone", "midnight"),
        [(NEW_YORK, "2027-05-04 04:00"), (KATHMANDU, "2027-05-03 18:15"), ("UTC", "2027-05-04 00:00")],
    )
    def test_are_those_whose_last_day_is_over_on_their_own_clock(self, zone: str, midnight: str) -> None:
        limits, ends = Limits(zone, latest_date=date(2027, 5, 3)), epoch(midnight)

        assert [are_past(limits, ends + seconds) for seconds in (-1, 0, 86_400)] == [False, True, True]

    def test_are_past_on_the_last_day_after_the_latest_time(self) -> None:
        limits = Limits("UTC", latest_date=date(2027, 5, 3), latest_time=time(16))
        four = epoch("2027-05-03 16:00")

        assert [are_past(limits, four + seconds) for seconds in (-86_400 + 1, 0, 1)] == [False, False, True]

    @pytest.mark.parametrize(
        "limits",
        [
            Limits("UTC"),
            Limits("UTC", earliest_date=date(2020, 1, 1)),
            Limits("UTC", earliest_time=time(8), latest_time=time(9)),
        ],
    )
    def test_are_none_without_a_last_day(self, limits: Limits) -> None:
        assert not are_past(limits, epoch("2027-05-03 23:00"))

    def test_end_with_a_day_that_clocks_make_longer(self) -> None:
        """In New York 7 November 2027 has 25 hours."""
        limits = Limits(NEW_YORK, latest_date=date(2027, 11, 7))
        begins = epoch("2027-11-07 04:00")

        ends = begins + int(timedelta(hours=25).total_seconds())
        assert [are_past(limits, moment) for moment in (begins, ends - 1, ends)] == [False, False, True]
