"""The catalogues hold every text that clients read, and translations that can be filled in."""

from __future__ import annotations

import re

import pytest
from babel.messages import Catalog, Message

from steps.catalogs import LANGUAGES, is_translated, read_catalog, read_marked

# Languages whose translation is under way. None may be here in a release.
INCOMPLETE: set[str] = set()

_PLACE = re.compile(r"%\(\w+\)[a-z]|%%|%[a-z]")
_TAG = re.compile(r"</?[a-z][^>]*>")


@pytest.fixture(scope="module")
def marked() -> Catalog:
    return read_marked()


def texts_of(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def ids_of(catalog: Catalog) -> set[object]:
    return {(message.context, originals(message)) for message in texts_of(catalog)}


def originals(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def translations(message: Message) -> list[str]:
    texts = (message.string,) if isinstance(message.string, str) else message.string
    return [text for text in texts or () if text]


@pytest.mark.parametrize("language", LANGUAGES)
class TestCatalog:
    def test_holds_the_texts_that_are_marked_and_no_others(self, language: str, marked: Catalog) -> None:
        """Otherwise: run bin/translate."""
        stored = ids_of(read_catalog(language))

        assert stored - ids_of(marked) == set()
        assert ids_of(marked) - stored == set()

    def test_is_translated_in_full(self, language: str) -> None:
        lacking = [message.id for message in texts_of(read_catalog(language)) if not is_translated(message)]

        if language in INCOMPLETE:
            pytest.skip(f"{len(lacking)} texts are to be translated")
        assert lacking == []

    def test_keeps_what_is_filled_in(self, language: str) -> None:
        wrong = []
        for message in texts_of(read_catalog(language)):
            wanted = [set(_PLACE.findall(text)) for text in originals(message)]
            for text in translations(message):
                found = set(_PLACE.findall(text))
                # A plural may spell its number out: "one minute".
                if found not in wanted and not (
                    len(wanted) > 1 and found < wanted[-1] and len(wanted[-1] - found) == 1
                ):
                    wrong.append((message.id, text))

        assert wrong == []

    def test_keeps_the_markup(self, language: str) -> None:
        wrong = []
        for message in texts_of(read_catalog(language)):
            wanted = sorted(_TAG.findall(originals(message)[0]))
            for text in translations(message):
                quotes = '"' in _TAG.sub("", text) and '"' not in _TAG.sub("", originals(message)[0])
                if sorted(_TAG.findall(text)) != wanted or quotes:
                    wrong.append((message.id, text))

        assert wrong == []

    def test_has_every_plural(self, language: str) -> None:
        catalog = read_catalog(language)
        plurals = [message for message in texts_of(catalog) if message.pluralizable]

        assert plurals
        assert [message.id for message in plurals if len(message.string or ()) != catalog.num_plurals] == []
