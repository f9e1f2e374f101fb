"""What is wrong with a template before anybody is sent it, and what is only worth a thought."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.utils.translation import pgettext, pgettext_lazy

from slotdesk.domain.messages.kinds import ABOUT, Kind
from slotdesk.domain.messages.own_language import BadTemplate, line_of, names_in, parse, unknown_names, write
from slotdesk.domain.messages.templates import TAGS
from slotdesk.domain.messages.variables import Variable, sample_values


@dataclass(frozen=True, slots=True)
class Problem:
    """field: "subject" or "body". line: from 1, 0 = nowhere in particular."""

    field: str
    line: int
    text: str

    def __str__(self) -> str:
        if not self.line or self.field != "body":
            return self.text
        return pgettext("staff", "Line %(line)s: %(text)s") % {"line": self.line, "text": self.text}


def find_problems(kind: Kind, *, subject: str, body: str, variables: Iterable[Variable]) -> list[Problem]:
    """Return why the texts cannot be a template of this kind; it is tried with the variables' examples."""
    values = sample_values(kind, variables)
    parts = (("subject", subject, False), ("body", body, True))
    return [problem for field, text, is_html in parts for problem in _problems_of(field, text, values, is_html=is_html)]


def find_hints(kind: Kind, *, subject: str, body: str, variables: Iterable[Variable]) -> list[str]:
    """Return what may be meant otherwise: links that readers need, values that are empty, tags that are taken out."""
    try:
        names = names_in(parse(body, is_html=True)) | names_in(parse(subject, is_html=False))
    except BadTemplate:
        return []
    hints = [str(_MISSING[link]) for link in ABOUT[kind].links if link not in names]
    empty = sorted(item.name for item in variables if item.name in names and kind not in item.kinds)
    texts = {item.name for item in variables if isinstance(item.example, str)}
    hints += [_TRUE_ANYWAY.format(name) for name in asked_alone(subject, body) if name in texts]
    hints += [
        pgettext("staff", "%(name)s has no value in this kind of e-mail and comes out empty.") % {"name": name}
        for name in empty
    ]
    seen = _Tags()
    seen.feed(body)
    hints += [
        pgettext("staff", "<%(tag)s> in line %(line)s is taken out: it has no place in an e-mail.")
        % {"tag": tag, "line": line}
        for tag, line in seen.refused
    ]
    return hints


def asked_alone(*texts: str) -> list[str]:
    """Return the names that an `if`, `elsif` or `unless` asks about without comparing them, each once, in order."""
    asked = (part.strip() for text in texts for rule in _ASKED.findall(text) for part in _BETWEEN.split(rule))
    return list(dict.fromkeys(part for part in asked if _NAME.fullmatch(part)))


def lacks_links(kind: Kind, *, body: str) -> bool:
    """Whether the template leaves its readers without a link that they need, as those do that are older than it."""
    try:
        names = names_in(parse(body, is_html=True))
    except BadTemplate:
        return False
    return any(link not in names for link in ABOUT[kind].links)


_ASKED = re.compile(r"{%-?\s*(?:if|elsif|unless)\s+(.*?)-?%}", re.DOTALL)
_BETWEEN = re.compile(r"\s+(?:and|or)\s+")
_NAME = re.compile(r"[a-z_]+(?:\.[A-Za-z0-9_]+)+")
_TRUE_ANYWAY = pgettext_lazy(
    "staff", 'In Liquid, “if {0}” holds for an empty text as well. Ask “if {0} != ""” instead.'
)
_MISSING = {
    "request.url": pgettext_lazy("staff", "Clients find no link to choose a time: add {{ request.url }}."),
    "appointment.reschedule_url": pgettext_lazy(
        "staff", "Clients find no link to choose another time: add {{ appointment.reschedule_url }}."
    ),
    "appointment.cancel_url": pgettext_lazy(
        "staff", "Clients find no link to cancel: add {{ appointment.cancel_url }}."
    ),
}


def _problems_of(field: str, text: str, values: Mapping[str, Any], *, is_html: bool) -> list[Problem]:
    try:
        template = parse(text, is_html=is_html)
        unknown = unknown_names(template, values)
        if not unknown:
            write(template, values)
    except BadTemplate as error:
        return [Problem(field, error.line, error.reason)]
    return [Problem(field, line_of(text, place), _unknown(name, values)) for name, place in unknown]


def _unknown(name: str, values: Mapping[str, Any]) -> str:
    known = _flat(values)
    inside = next((other for other in known if other.startswith(f"{name}.")), None)
    if inside:
        return pgettext("staff", "“%(name)s” is a group of values: name one of them, such as %(inside)s.") % {
            "name": name,
            "inside": inside,
        }
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if not close:
        return pgettext("staff", "There is no variable “%(name)s”.") % {"name": name}
    return pgettext("staff", "There is no variable “%(name)s”. Do you mean %(close)s?") % {
        "name": name,
        "close": close[0],
    }


def _flat(values: Mapping[str, Any], before: str = "") -> list[str]:
    names = []
    for name, value in values.items():
        names += _flat(value, f"{before}{name}.") if isinstance(value, Mapping) else [f"{before}{name}"]
    return names


class _Tags(HTMLParser):
    """Collects the tags that are taken out, each once, with its line."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS and tag not in {known for known, _line in self.refused}:
            self.refused.append((tag, self.getpos()[0]))
