"""Hours of one date as text: "09:00-12:00, 13:00-17:00"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext

from slotdesk.availability.values import MinuteRange
from slotdesk.domain.people.hours import BadHours, clock_minutes


def read_ranges(text: str) -> list[MinuteRange]:
    """Return the ranges in minutes since midnight; none for an empty text. Raises BadHours, which says what is bad."""
    ranges = []
    for part in text.replace("–", "-").replace(";", ",").split(","):
        if not part.strip():
            continue
        start, dash, end = part.partition("-")
        if not dash:
            raise BadHours(gettext("“%(text)s” is not a stretch such as 09:00-12:00.") % {"text": part.strip()})
        first, last = clock_minutes(start.strip()), clock_minutes(end.strip())
        if first == last:
            raise BadHours(
                gettext("“%(text)s” must not end when it starts; 00:00-24:00 is the whole day.")
                % {"text": part.strip()}
            )
        ranges.append((first, last))
    return ranges


def say_ranges(stored: Iterable[dict[str, Any]]) -> str:
    """Return stored ranges as people read them; empty for a closed date."""
    return ", ".join(f"{each['start']}–{each['end']}" for each in stored)
