"""
The API's filter language: what `conditions`, `childConditions` and `customFieldConditions` hold.

    expr := and ("or" and)* ;  and := term ("and" term)*
    term := "(" expr ")" | path op value | path ["not"] "in" "(" value ("," value)* ")"
    op   := = != < <= > >= ["not"] contains | ["not"] like
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from .clock import read_instant
from .errors import ApiError
from .store import Doc

Test = Callable[[Doc], bool]

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<instant>\[[^\]]*\])
    | (?P<number>-?\d+(?:\.\d+)?(?![\w/]))
    | (?P<op>!=|<=|>=|=|<|>)
    | (?P<mark>[(),])
    | (?P<word>[A-Za-z_][\w]*(?:/[\w]+)*)
    )""",
    re.VERBOSE,
)
_TEXT_OPERATORS = ("contains", "like")


def compile_conditions(text: str, *, known_field: Callable[[str], bool] = lambda _name: True) -> Test:
    """
    A test for documents.

    known_field says whether a first path segment exists; an unknown one is refused, as the vendor refuses it.
    Text compares without regard to case. Raises ApiError (400) on anything that is not in the language.
    """
    return _Parser(text, known_field).parse()


def compile_child_conditions(text: str, *, known_field: Callable[[str], bool] = lambda _name: True) -> Test:
    """A test that holds when one and the same child of a list satisfies all of the expression."""
    parser = _Parser(text, known_field)
    test = parser.parse()
    lists = {path.split("/")[0] for path in parser.paths}

    def holds(doc: Doc) -> bool:
        return any(test(variant) for variant in _one_child_each(doc, sorted(lists)))

    return holds


def _one_child_each(doc: Doc, names: list[str]) -> Iterator[Doc]:
    if not names:
        yield doc
        return
    children = doc.get(names[0])
    for child in children if isinstance(children, list) else [children]:
        yield from _one_child_each({**doc, names[0]: child}, names[1:])


def read_path(doc: Doc, path: str) -> list[Any]:
    """The values at a path; several when it goes through a list, one None when there is nothing."""
    if path == "lastUpdated":
        path = "_info/lastUpdated"
    values: list[Any] = [doc]
    for name in path.split("/"):
        found = [value.get(name) if isinstance(value, dict) else None for value in values]
        values = [item for value in found for item in (value if isinstance(value, list) else [value])]
    return values or [None]


class _Parser:
    def __init__(self, text: str, known_field: Callable[[str], bool]) -> None:
        self._text = text
        self._tokens = list(self._split(text))
        self._at = 0
        self._known_field = known_field
        self.paths: list[str] = []

    def _split(self, text: str) -> Iterator[tuple[str, str]]:
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if not match or match.end() == at:
                raise self._refuse(f"unexpected character at position {at + 1}")
            at = match.end()
            yield str(match.lastgroup), match[str(match.lastgroup)]

    def _refuse(self, why: str) -> ApiError:
        return ApiError(400, "InvalidObject", f"The conditions are not valid: {why} in: {self._text[:200]}")

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _take(self, *words: str) -> str:
        kind, text = self._peek()
        if kind in ("word", "mark", "op") and text.lower() in words:
            self._at += 1
            return text.lower()
        return ""

    def _need(self, word: str) -> None:
        if not self._take(word):
            raise self._refuse(f"expected {word!r} instead of {self._peek()[1] or 'the end'!r}")

    def parse(self) -> Test:
        test = self._either()
        if self._peek()[0] != "end":
            raise self._refuse(f"unexpected {self._peek()[1]!r}")
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._take("or"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda doc: any(test(doc) for test in tests)

    def _both(self) -> Test:
        tests = [self._term()]
        while self._take("and"):
            tests.append(self._term())
        return tests[0] if len(tests) == 1 else lambda doc: all(test(doc) for test in tests)

    def _term(self) -> Test:
        if self._take("("):
            inner = self._either()
            self._need(")")
            return inner
        kind, path = self._next()
        if kind != "word":
            raise self._refuse(f"expected a field instead of {path or 'the end'!r}")
        if path != "lastUpdated" and not self._known_field(path.split("/")[0]):
            raise self._refuse(f"there is no field {path!r}")
        self.paths.append(path)
        return self._comparison(path)

    def _comparison(self, path: str) -> Test:
        negated = bool(self._take("not"))
        if self._take("in"):
            self._need("(")
            values = [self._value()]
            while self._take(","):
                values.append(self._value())
            self._need(")")
            return lambda doc: any(_equal(v, w) for v in read_path(doc, path) for w in values) is not negated
        if word := self._take(*_TEXT_OPERATORS):
            matches = _text_test(word, self._value())
            return lambda doc: any(matches(v) for v in read_path(doc, path)) is not negated
        kind, op = self._next()
        if negated or kind != "op":
            raise self._refuse(f"expected an operator after {path!r}")
        value = self._value()
        if op in ("=", "!="):
            return lambda doc: any(_equal(v, value) for v in read_path(doc, path)) is (op == "=")
        if value is None or isinstance(value, bool):
            raise self._refuse(f"{op!r} cannot compare {path!r} with that value")
        return lambda doc: any(_ordered(v, op, value) for v in read_path(doc, path))

    def _value(self) -> Any:
        kind, text = self._next()
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "instant":
            try:
                return read_instant(text[1:-1].strip())
            except ValueError:
                raise self._refuse(f"{text} is not a date") from None
        if kind == "word" and text.lower() in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[text.lower()]
        raise self._refuse(f"expected a value instead of {text or 'the end'!r}")


def _equal(held: Any, asked: Any) -> bool:
    if isinstance(asked, bool):
        return bool(held) is asked
    if isinstance(held, str) and isinstance(asked, str):
        return held.casefold() == asked.casefold()
    left, right = _alike(held, asked)
    return bool(left == right)


def _ordered(held: Any, op: str, asked: Any) -> bool:
    left, right = _alike(held, asked)
    if left is None or type(left) is not type(right):
        return False
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op])


def _alike(held: Any, asked: Any) -> tuple[Any, Any]:
    if isinstance(asked, datetime) and isinstance(held, str):
        try:
            return read_instant(held), asked
        except ValueError:
            return None, asked
    if isinstance(held, (int, float)) and isinstance(asked, (int, float)):
        return float(held), float(asked)
    if isinstance(held, str) and isinstance(asked, str):
        return held.casefold(), asked.casefold()
    return held, asked


def _text_test(op: str, asked: Any) -> Callable[[Any], bool]:
    wanted = str(asked).casefold()
    if op == "contains":
        return lambda held: held is not None and wanted in str(held).casefold()
    pattern = re.compile(".*".join(re.escape(part) for part in re.split(r"[*%]", wanted)), re.DOTALL)
    return lambda held: held is not None and pattern.fullmatch(str(held).casefold()) is not None
