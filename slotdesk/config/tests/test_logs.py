"""What never reaches a log."""

from __future__ import annotations

import logging

import pytest

from slotdesk.config.logs import hide_keys


class TestHideKeys:
    @pytest.mark.parametrize(
        ("line", "hidden"),
        [
            ("Gone: /schedule/k2Vt8ZqLx0PbRn5WyS7c/", "Gone: /schedule/…/"),
            ("/schedule/k2Vt8ZqLx0PbRn5WyS7c/appointment/invite.ics", "/schedule/…/appointment/invite.ics"),
            ('"/hooks/conn_3GdmFLP4Fm7bRED4ULGcf1/" 401', '"/hooks/…/" 401'),
            ("nothing to hide", "nothing to hide"),
        ],
    )
    def test_takes_the_secret_part_out_of_addresses(self, line: str, hidden: str) -> None:
        assert hide_keys(None, "info", {"event": line, "status": 410}) == {"event": hidden, "status": 410}

    def test_applies_to_what_the_framework_logs(self) -> None:
        handler = logging.getLogger().handlers
        formatter = next(
            each.formatter
            for each in handler
            if each.formatter is not None and "Processor" in type(each.formatter).__name__
        )
        record = logging.LogRecord(
            "django.request", logging.WARNING, "", 0, "Gone: %s", ("/schedule/k2Vt8ZqLx0PbRn5WyS7c/",), None
        )

        assert "k2Vt8ZqLx0PbRn5WyS7c" not in formatter.format(record)
