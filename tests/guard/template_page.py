"""A template as a browser sees it: what people read, with a place for whatever Django's own lexer says is filled in."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType

# What Django fills in is one character that means nothing, a different one each time.
_FIRST_PLACE = 0xF0000
PLACE = re.compile(r"[\U000f0000-\U000ffffd]")
WORD = re.compile(r"[^\W\d_]")

MARKS = {"translate", "trans", "blocktranslate", "blocktrans"}
_ENDS = {"blocktranslate": "endblocktranslate", "blocktrans": "endblocktrans", "comment": "endcomment"}

_READ = {
    "alt", "aria-description", "aria-label", "aria-roledescription", "aria-valuetext", "label", "placeholder", "title"
}  # fmt: skip
_READ_OF_META = {"author", "description", "site_name", "title"}
_READ_OF_INPUT = {"button", "reset", "submit"}
# Their values are for scripts: Bootstrap's, and what a button writes into a text.
_FOR_SCRIPTS = re.compile(r"data-(bs-\w+|wrap)$")
_CODE = {"code", "kbd", "samp", "script", "style"}
_IN_A_LINE = {"a", "abbr", "b", "bdi", "code", "em", "i", "kbd", "small", "span", "strong", "time"}


@dataclass(frozen=True, order=True)
class Found:
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.line}: {' '.join(PLACE.sub('…', self.text).split())}"


@dataclass(frozen=True)
class Piece:
    """Of what stands between tags: a text, the place of a token, an element of the same line, or the end of a line."""

    kind: str
    line: int
    value: str = ""


@dataclass
class Page:
    """
    tokens   by their place.
    marked   the texts that are marked for translation, by their place, with "…" for what is filled in.
    read     every line with a word that nobody marked, in texts and attributes that people see or hear.
    seen     the places in those.
    pieces   what lies between tags, in order.
    silent_blocks  Django's blocks in attributes that nobody reads.
    """

    tokens: dict[str, Token] = field(default_factory=dict)
    marked: dict[str, str] = field(default_factory=dict)
    read: list[Found] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    pieces: list[Piece] = field(default_factory=list)
    silent_blocks: set[str] = field(default_factory=set)


def name_of(token: Token) -> str:
    """The tag that it is; empty for anything else."""
    return token.contents.partition(" ")[0] if token.token_type == TokenType.BLOCK else ""


def read_page(source: str, silent_blocks: Collection[str] = ()) -> Page:
    """Read a template. silent_blocks: blocks whose content nobody reads, as they fill an attribute of a page above."""
    page = Page()
    reader = _Reader(page)
    reader.feed(_as_html(source, page, silent_blocks))
    reader.close()
    return page


def _as_html(source: str, page: Page, silent_blocks: Collection[str]) -> str:
    """As many lines as the template has. What is marked, commented or silent is a place as well."""
    html: list[str] = []
    inside: list[str] = []
    until = place = ""
    for token in Lexer(source).tokenize():
        name = name_of(token)
        if until:
            inside.append(token.contents if token.token_type == TokenType.TEXT else "…")
            html.append("\n" * token.contents.count("\n"))
            if name == until:
                if place in page.marked:
                    page.marked[place] = "".join(inside[:-1]).strip()
                inside, until = [], ""
        elif token.token_type == TokenType.TEXT:
            html.append(token.contents)
        elif token.token_type != TokenType.COMMENT:
            place = chr(_FIRST_PLACE + len(page.tokens))
            page.tokens[place] = token
            if name in MARKS:
                page.marked[place] = " ".join(token.split_contents()[1:2]).strip("\"'")
            until = _ENDS.get(name, "")
            if name == "block" and token.split_contents()[1] in silent_blocks:
                until = "endblock"
            # An element whose name Django chooses is an element.
            html.append(f"x{place}" if html and html[-1].endswith(("<", "</")) else place)
    return "".join(html)


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self._page = page
        self._code: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._between(tag)
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            if _is_read(tag, name, values) or _is_shown(name, value):
                self._take(value)
            else:
                self._page.silent_blocks.update(
                    self._page.tokens[place].split_contents()[1]
                    for place in PLACE.findall(value)
                    if name_of(self._page.tokens[place]) == "block"
                )
        if tag in _CODE or tag in self._code:
            self._code.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._between(tag)
        if self._code and tag == self._code[-1]:
            self._code.pop()

    def handle_data(self, data: str) -> None:
        if self._code:
            return
        self._take(data)
        line = self.getpos()[0]
        for part in re.split(f"({PLACE.pattern})", data):
            if part:
                self._page.pieces.append(Piece("place" if PLACE.match(part) else "text", line, part))
            line += part.count("\n")

    def _between(self, tag: str) -> None:
        self._page.pieces.append(Piece("element" if tag in _IN_A_LINE else "end", self.getpos()[0]))

    def _take(self, text: str) -> None:
        self._page.seen.update(PLACE.findall(text))
        for number, line in enumerate(text.split("\n"), start=self.getpos()[0]):
            if WORD.search(line):
                self._page.read.append(Found(number, line))


def _is_read(tag: str, name: str, values: dict[str, str]) -> bool:
    if tag == "meta":
        kind = values.get("name") or values.get("property") or ""
        return name == "content" and kind.rpartition(":")[2] in _READ_OF_META
    if tag == "input" and name == "value":
        return values.get("type") in _READ_OF_INPUT
    return name in _READ


def _is_shown(name: str, value: str) -> bool:
    """Whether a script or a style shows it: the name of a column on a phone, what a button says meanwhile."""
    return name.startswith("data-") and not _FOR_SCRIPTS.match(name) and is_for_people(value)


def is_for_people(text: str) -> bool:
    """Whether it looks like a text, where its place does not tell: two words, or a capital letter in front."""
    return bool(re.search(r"[^\W\d_] +[^\W\d_]|^\W*[A-Z][a-z]", text))
