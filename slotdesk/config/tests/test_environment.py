"""The typed readers of environment variables."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from slotdesk.config.environment import (
    BadSetting,
    read_choice,
    read_flag,
    read_int,
    read_list,
    read_networks,
    read_text,
)


class TestReadText:
    def test_takes_the_value_from_a_file_that_another_variable_names(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "key").write_text("s3cret\n")
        monkeypatch.setenv("SOME_KEY_FILE", str(tmp_path / "key"))

        assert read_text("SOME_KEY") == "s3cret"

    def test_says_which_variable_is_missing(self) -> None:
        with pytest.raises(BadSetting, match="SOME_KEY: is required"):
            read_text("SOME_KEY")

    def test_says_which_file_cannot_be_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOME_KEY_FILE", "/nowhere/key")

        with pytest.raises(BadSetting, match="SOME_KEY_FILE: cannot read /nowhere/key"):
            read_text("SOME_KEY")


class TestReadOthers:
    def test_read_what_people_write(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FLAG", " Yes ")
        monkeypatch.setenv("NUMBER", "12")
        monkeypatch.setenv("LIST", "a, b,,c ")
        monkeypatch.setenv("NETWORKS", "10.0.0.0/8, 192.0.2.7")
        monkeypatch.setenv("LEVEL", "debug")

        assert read_flag("FLAG") is True
        assert read_int("NUMBER", 0) == 12
        assert read_list("LIST") == ["a", "b", "c"]
        assert read_networks("NETWORKS") == (ip_network("10.0.0.0/8"), ip_network("192.0.2.7/32"))
        assert read_choice("LEVEL", "INFO", ("DEBUG", "INFO")) == "DEBUG"

    def test_name_the_variable_that_cannot_be_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ODD", "maybe")

        with pytest.raises(BadSetting, match="ODD: must be true or false"):
            read_flag("ODD")
        with pytest.raises(BadSetting, match="ODD: must be a whole number"):
            read_int("ODD", 0)
        with pytest.raises(BadSetting, match="ODD: 'maybe' is no network"):
            read_networks("ODD")
        with pytest.raises(BadSetting, match="ODD: must be one of A, B"):
            read_choice("ODD", "A", ("A", "B"))
