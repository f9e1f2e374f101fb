"""The models and the migrations agree."""

from __future__ import annotations

import pytest
from django.core.management import call_command


@pytest.mark.django_db
class TestMigrations:
    def test_nothing_is_missing(self, capsys: pytest.CaptureFixture[str]) -> None:
        try:
            call_command("makemigrations", "--check", "--dry-run")
        except SystemExit:
            pytest.fail(f"Models changed without a migration:\n{capsys.readouterr().out}")
