"""
bin/translate, second half: gettext's catalogues, one a language, made of the texts that are marked in the code.

Nothing in a catalogue changes from day to day: no date, no line number, and texts in the order of the alphabet, so that
two people who add texts at the same time seldom meet.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize
from liquid import Environment, FileSystemLoader
from liquid.messages import extract_from_templates

from steps.languages import catalog_of
from steps.places import ROOT

LANGUAGES = ("ar", "de", "es", "fr", "pt_BR")
_SOURCES = ROOT / "slotdesk"
# What only staff read is marked as well, and stays English until somebody wants to translate it: see the decision.
_FOR_CLIENTS = "public"
_FOR_STAFF = tuple(_SOURCES / "web" / folder for folder in ("join", "panel", "staff"))
# The context of texts for staff in files that have some for clients too.
_STAFF = "staff"
_MAILS = _SOURCES / "domain" / "messages" / "builtin"
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_COMMENTS = ("Translators:",)
_NEEDLESS = re.compile(
    rb'(?m)^"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By):.*\n'
)


def main(_arguments: list[str]) -> int:
    """Add what is new, take out what is gone, keep every translation, and say what is still to be translated."""
    marked = read_marked()
    for language in LANGUAGES:
        catalog = read_catalog(language)
        catalog.update(marked, no_fuzzy_matching=True)
        write_catalog(catalog, language)
        lacking = sum(not is_translated(message) for message in catalog if message.id)
        print(f"  {language:6} {len(catalog)} texts, {lacking or 'none'} to be translated")
    return 0


def read_marked() -> Catalog:
    """Return every text for clients that is marked, in templates, Python and e-mails, with the files that it is in."""
    marked = Catalog(project="Slotdesk", charset="utf-8")
    for path in sorted(_SOURCES.rglob("*")):
        if "tests" in path.parts or "vendor" in path.parts:
            continue
        if path.suffix == ".py" and not any(path.is_relative_to(folder) for folder in _FOR_STAFF):
            _add(marked, path, path.read_bytes())
        elif path.suffix == ".html" and _FOR_CLIENTS in path.parts:
            _add(marked, path, _as_python(path.read_text(encoding="utf-8")))
    for message in _in_mails():
        marked.add(message.id, locations=message.locations, auto_comments=message.auto_comments)
    return marked


def _add(marked: Catalog, path: Path, source: bytes) -> None:
    name = path.relative_to(ROOT).as_posix()
    found = extract("python", BytesIO(source), keywords=_KEYWORDS, comment_tags=_COMMENTS, strip_comment_tags=True)
    for _line, text, comments, context in found:
        if context == _STAFF:
            continue
        marked.add(text, locations=[(name, 0)], auto_comments=comments, context=context)


def _as_python(template: str) -> bytes:
    """A Django template as the calls that its tags stand for; what lies between them is no indentation."""
    return "\n".join(line.strip() for line in templatize(template).splitlines()).encode()


def _in_mails() -> Iterator[Message]:
    environment = Environment(extra=True, loader=FileSystemLoader(_MAILS))
    for path in sorted(_MAILS.glob("*.liquid")):
        name = path.relative_to(ROOT).as_posix()
        for message in extract_from_templates(environment.get_template(path.name), strip_comment_tags=True):
            if message.id:
                message.locations = [(name, 0)]
                yield message


def read_catalog(language: str) -> Catalog:
    """Return the language's catalogue as it is stored; an empty one where there is none."""
    path = catalog_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Slotdesk", charset="utf-8")
    stored = path.read_bytes()
    if b"\n<<<<<<< " not in stored:
        return read_po(BytesIO(stored), locale=language)
    # Two branches have added texts at the same place: each one's translations hold.
    catalog, other = (read_po(BytesIO(_side(side, path)), locale=language) for side in (2, 3))
    for message in other:
        if message.id and is_translated(message):
            catalog[message.id] = message
    return catalog


def _side(side: int, path: Path) -> bytes:
    """One side of a conflict, as git keeps it: 2 = what is there, 3 = what is to be put upon it."""
    name = path.relative_to(ROOT).as_posix()
    return subprocess.run(["git", "show", f":{side}:{name}"], cwd=ROOT, capture_output=True, check=True).stdout


def write_catalog(catalog: Catalog, language: str) -> None:
    name = catalog.locale.english_name if catalog.locale else language
    catalog.header_comment = f"# {name}. The texts to translate are put here by bin/translate."
    catalog.fuzzy = False
    written = BytesIO()
    write_po(written, catalog, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
    path = catalog_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_NEEDLESS.sub(b"", written.getvalue()))


def is_translated(message: Message) -> bool:
    """Whether nothing of it is empty, and nobody has still to look at it."""
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(texts) and all(texts) and not message.fuzzy
