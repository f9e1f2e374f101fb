"""Texts are marked such that a catalogue can have them, and that they are given their words for whoever reads them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import TypeGuard

import pytest

from tests.guard.sources import relative, tracked

_MARK = re.compile(r"gettext(_lazy|_noop)?$")


def hidden_in(tree: ast.AST) -> Iterator[ast.AST]:
    """Those within an f-string, where nobody looks for them."""
    return (part for part in ast.walk(tree) if isinstance(part, ast.JoinedStr) and "gettext(" in ast.unparse(part))


def put_together_in(tree: ast.AST) -> Iterator[ast.AST]:
    """Those that are filled in first: what comes of it is in no catalogue."""
    return (
        mark
        for mark in ast.walk(tree)
        if _is_mark(mark) and any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in _texts_of(mark))
    )


def early_in(tree: ast.AST) -> Iterator[ast.AST]:
    """Those without gettext_lazy that are done when the module is read: nobody's language is known then."""
    for part in ast.iter_child_nodes(tree):
        if _is_mark(part) and ast.unparse(part.func).endswith("gettext"):
            yield part
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            for done_now in (*part.decorator_list, part.args):
                yield from early_in(done_now)
        elif not isinstance(part, ast.Lambda):
            yield from early_in(part)


def _is_mark(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and _MARK.search(ast.unparse(node.func)) is not None


def _texts_of(mark: ast.Call) -> list[ast.expr]:
    """What it is given, without the number of a plural, which comes last."""
    return mark.args[:-1] if re.search(r"np?gettext", ast.unparse(mark.func)) else mark.args


@pytest.mark.parametrize("find", [hidden_in, put_together_in, early_in])
def test_none_is(find: Callable[[ast.AST], Iterator[ast.AST]]) -> None:
    found = [
        f"{relative(path)}: {ast.unparse(part)}"
        for path in tracked("slotdesk/*.py")
        for part in find(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("find", "source"),
    [
        (hidden_in, "def f(): return f'{gettext(\"Saved.\")} {more}'"),
        (put_together_in, "def f(): return gettext(f'{name} is saved.')"),
        (put_together_in, "def f(): return ngettext('%s day' % n, '%s days' % n, n)"),
        (early_in, "SAVED = gettext('Saved.')"),
        (early_in, "class Form:\n    name = Field(label=pgettext('staff', 'Name'))"),
        (early_in, "def f(text=gettext('Saved.')): ..."),
    ],
)
def test_finds(find: Callable[[ast.AST], Iterator[ast.AST]], source: str) -> None:
    assert list(find(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "SAVED = gettext_lazy('Saved.')",
        "def f(): return gettext('%(name)s is saved.') % {'name': name}",
        "def f(): return npgettext('staff', '%(n)s day', '%(n)s days', hours // 24)",
    ],
)
def test_lets_pass(source: str) -> None:
    assert not [part for find in (hidden_in, put_together_in, early_in) for part in find(ast.parse(source))]
