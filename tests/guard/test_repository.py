"""What is in the repository, and what is not."""

from __future__ import annotations

import re
from pathlib import Path

from tests.guard.sources import ROOT, relative, tracked

# The idea of a second file begins here.
_LONG = 300
_LONGEST = 500


def lines_of(path: Path) -> int:
    return path.read_text().count("\n")


class TestFiles:
    def test_no_source_file_is_longer_than_a_reader_can_hold(self) -> None:
        lengths = {relative(path): lines_of(path) for path in tracked("*.py", "*.js", "*.css", "*.html")}
        long = sorted((length, name) for name, length in lengths.items() if length > _LONG)

        # The report; see it with `pytest tests/guard -rP`.
        for length, name in long:
            print(f"{length:5} lines: {name}, look for the second idea in it")
        assert [name for length, name in long if length > _LONGEST] == []

    def test_no_file_of_others_is_committed(self) -> None:
        minified = tracked("*.min.js", "*.min.css", "*.map", "*.woff2", "*.whl", "*.jar")
        folders = {"node_modules", "vendor", "site-packages", ".venv"}
        foreign = [path for path in tracked() if folders & set(path.relative_to(ROOT).parts)]

        assert [relative(path) for path in [*minified, *foreign]] == []

    def test_no_lock_file_names_a_registry(self) -> None:
        locks = [*tracked("requirements/*"), ROOT / "package-lock.json", ROOT / ".npmrc", ROOT / "pyproject.toml"]
        named = {
            relative(path): found
            for path in locks
            if (
                found := re.findall(r"(?m)^.*(?:\"resolved\"|--(?:extra-)?index-url|registry\s*=).*$", path.read_text())
            )
        }

        assert named == {}

    def test_every_locked_package_has_hashes(self) -> None:
        for path in tracked("requirements/*.txt"):
            for pin in re.split(r"\n(?=\S)", path.read_text()):
                if "==" in pin:
                    assert "--hash=sha256:" in pin, f"{relative(path)}: {pin.split()[0]}"


class TestMigrations:
    def test_are_named_for_what_they_do(self) -> None:
        names = [relative(path) for path in tracked("slotdesk/**/migrations/0*.py")]

        assert names
        assert [name for name in names if re.search(r"/\d{4}_(auto_|initial\b|\w+_and_more)", name)] == []

    def test_import_nothing_of_ours_that_may_change(self) -> None:
        allowed = re.compile(r"(?m)^(?:from|import) slotdesk\.(?!domain\.\w+\.models\b)\S+")
        importing = {
            relative(path): found
            for path in tracked("slotdesk/**/migrations/0*.py")
            if (found := allowed.findall(path.read_text()))
        }

        assert importing == {}
