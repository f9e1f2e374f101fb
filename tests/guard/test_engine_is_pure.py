"""The availability engine is plain values in, plain values out."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guard.sources import relative, tracked

# Nothing with which one reads a clock, a file, the network, the environment or chance.
_IMPURE = {
    *("asyncio", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "socket", "sqlite3"),
    *("subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid"),
}
_ALLOWED = (sys.stdlib_module_names - _IMPURE) | {"numpy", "slotdesk"}
_CLOCKS = {"now", "utcnow", "today"}

ENGINE = [path for path in tracked("slotdesk/availability/*.py") if "tests" not in path.parts]


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


@pytest.mark.parametrize("path", ENGINE, ids=relative)
class TestEngine:
    def test_imports_only_what_has_no_effects(self, path: Path) -> None:
        names = set(imported(ast.parse(path.read_text())))

        assert {name for name in names if name.split(".")[0] not in _ALLOWED} == set()
        assert {
            name for name in names if name.startswith("slotdesk") and not name.startswith("slotdesk.availability")
        } == set()

    def test_reads_no_clock(self, path: Path) -> None:
        calls = [
            f"line {node.lineno}: .{node.func.attr}()"
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CLOCKS
        ]

        assert calls == []
