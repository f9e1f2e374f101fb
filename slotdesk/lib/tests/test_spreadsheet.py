"""CSV for spreadsheets."""

from __future__ import annotations

import pytest

from slotdesk.lib.spreadsheet import csv_lines


class TestCsvLines:
    def test_quotes_what_needs_it(self) -> None:
        assert csv_lines([["a", 1, None], ['say "x"', "b,c", "d\ne"]]) == 'a,1,\r\n"say ""x""","b,c","d\ne"\r\n'

    @pytest.mark.parametrize("text", ["=1+1", "+49 30", "-2", "@SUM(A1)", "\tx"])
    def test_makes_no_formula(self, text: str) -> None:
        assert csv_lines([[text]]).strip('"\r\n').startswith("'")
