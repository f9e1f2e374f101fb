"""docs/reference/events.md and the audit log's words list exactly the events that the code records."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from slotdesk.web.staff.audit_kinds import KINDS
from tests.guard.sources import ROOT, relative, tracked

PAGE = ROOT / "docs" / "reference" / "events.md"

Function = ast.FunctionDef | ast.AsyncFunctionDef
_RECORDS = ("record", "record_sql")


class TestEventsPage:
    def test_has_a_heading_for_every_event_that_is_recorded_and_for_no_other(self) -> None:
        headings = re.findall(r"^### `([^`]+)`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

        assert sorted(headings) == sorted(recorded_kinds())

    def test_has_words_in_the_audit_log_for_each(self) -> None:
        assert sorted(KINDS) == sorted(recorded_kinds())

    def test_is_held_against_events_that_were_really_found(self) -> None:
        assert {"appointment.booked", "appointment_type.restored", "agent.not_schedulable"} <= recorded_kinds()


def recorded_kinds() -> set[str]:
    """Every kind that a call of record() or record_sql() may be given, read from the sources."""
    kinds: set[str] = set()
    for path in tracked("slotdesk/*.py"):
        if "tests" in path.parts:
            continue
        for call, function in _calls_of_record(ast.parse(path.read_text(encoding="utf-8"))):
            kind = next(keyword.value for keyword in call.keywords if keyword.arg == "kind")
            try:
                kinds |= _texts(kind, function)
            except LookupError as error:
                where = f"{relative(path)}:{call.lineno}"
                raise AssertionError(f"{where}: write the kind so that one can read it here: {error}") from None
    return kinds


def _calls_of_record(tree: ast.Module) -> Iterator[tuple[ast.Call, Function]]:
    for function in ast.walk(tree):
        if not isinstance(function, Function):
            continue
        for node in ast.walk(function):
            # record() itself hands on what it was given.
            if isinstance(node, ast.Call) and _name(node.func) in _RECORDS and function.name not in _RECORDS:
                yield node, function


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _texts(node: ast.expr, function: Function) -> set[str]:
    """Every text that the expression may be. Raises LookupError when that cannot be read from the function."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp():
            return _texts(node.body, function) | _texts(node.orelse, function)
        case ast.JoinedStr():
            parts = (_texts(part, function) for part in node.values)
            return {"".join(chosen) for chosen in itertools.product(*parts)}
        case ast.FormattedValue():
            return _texts(node.value, function)
        case ast.Name():
            found = [
                statement.value
                for statement in ast.walk(function)
                if isinstance(statement, ast.Assign) and any(_name(each) == node.id for each in statement.targets)
            ]
            if found:
                return set().union(*(_texts(value, function) for value in found))
    raise LookupError(ast.unparse(node))
