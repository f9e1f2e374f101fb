"""Dates and times as languages write them."""

from __future__ import annotations

from datetime import date

import pytest

from slotdesk.lib.dates import say_day_and_time, say_full_day, say_reading, say_short_day
from slotdesk.lib.habits import locale_of

DAY = date(2026, 11, 24)


class TestMoments:
    @pytest.mark.parametrize(
        ("language", "full", "short"),
        [
            ("en", "Tuesday, 24 November 2026, 09:05", "Tue 24 Nov, 09:05"),
            ("es", "martes, 24 de noviembre de 2026, 09:05", "mar, 24 nov, 09:05"),
            ("pt-br", "terça-feira, 24 de novembro de 2026, 09:05", "ter., 24 de nov., 09:05"),
        ],
    )
    def test_have_a_comma_before_the_time(self, language: str, full: str, short: str) -> None:
        locale = locale_of(language)
        reading = say_reading(9, 5, locale, twelve_hours=False)

        assert say_day_and_time(say_full_day(DAY, locale), reading, locale) == full
        assert say_day_and_time(say_short_day(DAY, locale), reading, locale) == short
