"""docs/reference/settings.md and the code speak of the same environment variables."""

from __future__ import annotations

import ast
import re

from tests.guard.sources import ROOT, relative, tracked

_READERS = {"read_choice", "read_flag", "read_int", "read_list", "read_networks", "read_text"}
_REFERENCE = ROOT / "docs" / "reference" / "settings.md"


def read_by_settings() -> set[str]:
    """Every variable that a typed reader is asked for in slotdesk/."""
    names = set()
    for path in tracked("slotdesk/*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _READERS:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    names.add(str(first.value))
    return names


def documented() -> set[str]:
    """Every variable that has a row of its own in the reference."""
    return set(re.findall(r"(?m)^\| `([A-Z][A-Z0-9_]+)` ", _REFERENCE.read_text()))


class TestSettings:
    def test_every_variable_is_documented_and_nothing_else(self) -> None:
        assert read_by_settings() == documented()

    def test_only_the_settings_read_the_environment(self) -> None:
        allowed = {
            "slotdesk/config/environment.py",
            # Variables that are not ours: Django's settings module, and the folder Prometheus shares counters in.
            "slotdesk/config/command.py",
            "slotdesk/config/metrics.py",
            "slotdesk/config/web_command.py",
            "slotdesk/config/wsgi.py",
        }
        readers = {
            relative(path)
            for path in tracked("slotdesk/*.py")
            if "tests" not in path.parts and re.search(r"\bos\.(environ|getenv)\b", path.read_text())
        }

        assert readers <= allowed
