"""CSV that spreadsheet programs open without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

# A cell that begins with one of these is a formula to a spreadsheet. https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# By this mark Excel knows that the text is UTF-8.
BEGIN = "\ufeff"


def csv_lines(rows: Iterable[Iterable[object]]) -> str:
    """Return the rows as CSV lines; text that would be a formula gets an apostrophe in front."""
    written = io.StringIO()
    csv.writer(written).writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
