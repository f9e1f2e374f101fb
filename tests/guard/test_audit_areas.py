"""The audit log's filter reaches every event that docs/reference/events.md lists."""

from __future__ import annotations

import re

from slotdesk.domain.events.areas import AREAS
from tests.guard.test_docs_events import PAGE

KINDS = re.findall(r"^### `([^`]+)`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


class TestTheAreas:
    def test_hold_every_documented_event_in_exactly_one(self) -> None:
        placed = [prefix for _label, prefixes in AREAS.values() for prefix in prefixes]

        assert len(placed) == len(set(placed))
        assert set(placed) == {kind.partition(".")[0] for kind in KINDS}, "Put it into domain/events/areas.py."

    def test_were_held_against_a_page_that_really_lists_events(self) -> None:
        assert {"join_domain.added", "privacy.erased"} <= set(KINDS)
