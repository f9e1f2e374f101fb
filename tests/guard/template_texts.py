"""What of a template's texts is not marked for translation, or is no sentence of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.template import Engine
from django.template.base import FilterExpression, Parser, Token, TokenType

from tests.guard.template_page import MARKS, WORD, Found, Page, is_for_people, name_of

# Their strings are names of files, routes, icons, blocks and formats, or are compared.
_TAGS_WITH_NAMES = {"block", "elif", "extends", "icon", "if", "load", "moment", "static", "templatetag", "url"}
# Their arguments are formats, permissions, and pieces of addresses and texts.
_FILTERS_WITH_NAMES = {"cut", "date", "json_script", "member_may", "slice_filter", "stringformat", "time", "urlencode"}

_FILLED_IN = {"ago", "moment", "until"}
_BRANCHES = {"if", "for", "ifchanged"}
_OTHERWISE = {"elif", "else", "empty"}
_ENDED = re.compile(r"[.?!:…”)]\W*$")


def find_literals(page: Page) -> list[Found]:
    """
    Return the strings, handed to tags and filters, that people read and nobody marked.

    What `_("…")` says is marked. Where a string ends up inside of an attribute nobody reads, it is none of them; where
    one cannot tell, it is when it looks like a text.
    """
    parser = _parser(page)
    return [
        Found(token.lineno or 0, text)
        for place, token in page.tokens.items()
        for expression in _expressions(token, parser)
        for text in _strings(expression)
        if WORD.search(text) and (is_for_people(text) or (place in page.seen and _is_shown(token)))
    ]


def find_counted(page: Page) -> list[Found]:
    """Return the plurals that are made of a word and an ending, as only some languages make them."""
    parser = _parser(page)
    return [
        Found(token.lineno or 0, token.contents)
        for token in page.tokens.values()
        for expression in _expressions(token, parser)
        if any(function.__name__ == "pluralize" for function, _arguments in expression.filters)
    ]


def find_glued(page: Page) -> list[Found]:
    """
    Return the marked texts that are pieces of a sentence.

    They follow, in the same line of text, one that is marked as well and has not ended, with a small letter; or what is
    filled in stands right beside them. Names and values beside a label are in an element of their own.
    """
    glued = []
    before: tuple[str, str] | None = None
    apart, gap = False, ""
    branches: list[tuple[tuple[str, str] | None, bool, str]] = []
    for piece in page.pieces:
        if piece.kind == "end":
            before, apart, gap = None, False, ""
        elif piece.kind == "element":
            apart = True
        elif piece.kind == "text":
            gap += piece.value
        else:
            token = page.tokens[piece.value]
            name = name_of(token)
            if name in _BRANCHES:
                branches.append((before, apart, gap))
            elif name in _OTHERWISE and branches:
                before, apart, gap = branches[-1]
            elif name == f"end{name[3:]}" and name[3:] in _BRANCHES and branches:
                branches.pop()
            elif piece.value in page.marked or _is_filled_in(token):
                now = ("marked", page.marked[piece.value]) if piece.value in page.marked else ("filled in", "…")
                if before and not gap.strip() and _belong_together(before, now, apart=apart):
                    glued.append(Found(piece.line, f"{before[1]} | {now[1]}"))
                before, apart, gap = now, False, ""
    return glued


def _belong_together(before: tuple[str, str], now: tuple[str, str], *, apart: bool) -> bool:
    if before[0] == now[0] == "filled in" or (before[0] == "marked" and _ENDED.search(before[1])):
        return False
    begins_small = now[1][:1].islower()
    if before[0] == now[0]:
        return begins_small
    return not apart and (now[0] == "filled in" or begins_small)


def _is_filled_in(token: Token) -> bool:
    if token.token_type == TokenType.VAR:
        return True
    return name_of(token) in _FILLED_IN and " as " not in token.contents


def _is_shown(token: Token) -> bool:
    """Whether its strings are shown where it stands, as those of a variable and a marked text are."""
    return token.token_type == TokenType.VAR or name_of(token) in MARKS


def _parser(page: Page) -> Parser:
    engine = Engine.get_default()
    parser = Parser([], engine.template_libraries, engine.template_builtins)
    for token in page.tokens.values():
        if name_of(token) == "load":
            for name in token.split_contents()[1:]:
                if name in engine.template_libraries:
                    parser.add_library(engine.template_libraries[name])
    return parser


def _expressions(token: Token, parser: Parser) -> Iterator[FilterExpression]:
    if token.token_type == TokenType.VAR:
        yield parser.compile_filter(token.contents)
        return
    name, *bits = token.split_contents()
    if name in _TAGS_WITH_NAMES:
        bits = [bit for bit in bits if "|" in bit]
    elif name == "include":
        bits = bits[1:]
    elif name in MARKS:
        bits = [bit for bit in bits if "|" in bit and not bit.startswith(('"', "'"))]
    for bit in bits:
        value = bit[named.end() :] if (named := re.match(r"[\w.]+=", bit)) else bit
        if "|" in value or value.startswith(('"', "'")):
            yield parser.compile_filter(value)


def _strings(expression: FilterExpression) -> Iterator[str]:
    """The plain strings in it: those that are marked are promises."""
    values: list[object] = [] if expression.is_var else [expression.var]
    for function, arguments in expression.filters:
        if function.__name__ not in _FILTERS_WITH_NAMES:
            values += [value for is_variable, value in arguments if not is_variable]
    return (value for value in values if isinstance(value, str))
