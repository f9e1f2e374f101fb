"""Every text of a page is marked for translation, for staff as for clients: whole sentences with named places."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.guard.sources import relative, tracked
from tests.guard.template_page import WORD, Found, Page, read_page
from tests.guard.template_texts import find_counted, find_glued, find_literals

PAGES = tracked("slotdesk/web/templates/*.html")

# The same in every language: names of products and protocols, and addresses that are made up.
NAMES = re.compile(r"\b(Slotdesk|ConnectWise|Autotask|HaloPSA|Google|Microsoft|SAML|OpenID|CSV|example\.com)\b")


@cache
def silent_blocks() -> frozenset[str]:
    return frozenset(name for path in PAGES for name in read_page(path.read_text(encoding="utf-8")).silent_blocks)


@cache
def page_of(path: Path) -> Page:
    return read_page(path.read_text(encoding="utf-8"), silent_blocks())


def shown(found: list[Found]) -> list[str]:
    return [str(each) for each in found]


def nameless(found: list[Found]) -> list[str]:
    return shown([each for each in found if WORD.search(NAMES.sub("", each.text))])


@pytest.mark.parametrize("path", PAGES, ids=relative)
class TestTemplate:
    def test_marks_its_texts(self, path: Path) -> None:
        assert nameless(page_of(path).read) == []

    def test_marks_the_texts_that_it_hands_on(self, path: Path) -> None:
        assert nameless(find_literals(page_of(path))) == []

    def test_lets_languages_count(self, path: Path) -> None:
        """By {% blocktranslate count … %}: few languages have one plural, made by an ending."""
        assert shown(find_counted(page_of(path))) == []

    def test_marks_whole_sentences(self, path: Path) -> None:
        """With named places: in other languages the pieces stand in another order."""
        assert shown(find_glued(page_of(path))) == []


class TestGuard:
    """It sees what it is there for."""

    def test_reads_texts_and_attributes_but_no_code(self) -> None:
        page = read_page(
            """<p class="Some thing">{% translate "Marked" %} bare</p>
            <script>let word = 1;</script><code>setting</code>{# a remark #}{% comment %}and one more{% endcomment %}
            <input type="submit" value="Send it"><input type="hidden" value="Never seen">
            <td data-label="Name" data-key="name"></td><img alt="A {{ thing }}">
            {% blocktranslate %}Whole{% endblocktranslate %}
            <meta name="description" content="What it is"><meta name="robots" content="noindex, nofollow">"""
        )

        assert shown(page.read) == ["1: … bare", "3: Send it", "4: Name", "4: A …", "6: What it is"]

    def test_skips_blocks_that_fill_an_attribute(self) -> None:
        above = read_page('<main class="{% block layout %}narrow{% endblock %}">')

        below = read_page(
            "{% block layout %}wide card{% endblock %}{% block main %} Bare {% endblock %}", above.silent_blocks
        )

        assert shown(below.read) == ["1: …… Bare …"]

    def test_finds_strings_in_tags_and_filters(self) -> None:
        page = read_page(
            """{{ name|default:"nobody" }}{{ name|default:_("nobody") }}<p class="{{ is_on|yesno:'on,off' }}">
            {{ is_on|yesno:"on,off" }}{% include "a.html" with title="A title" kind="date" %}{{ day|date:"j F Y" }}"""
        )

        assert shown(find_literals(page)) == ["1: nobody", "2: on,off", "2: A title"]

    def test_finds_plurals_made_by_hand(self) -> None:
        assert shown(find_counted(read_page("{{ n }} {{ n|pluralize }}"))) == ["1: n|pluralize"]

    @pytest.mark.parametrize(
        "pieces",
        [
            '{% translate "Booked by" %} {{ name }}',
            '{{ count }} {% translate "minutes" %}',
            '{% translate "Booked" %}{% if name %} {% translate "by somebody" %}{% endif %}',
            '{% translate "Preview" %}<span> {% translate "in a new tab" %}</span>',
            '{% translate "until" %} {% moment last_day "day" %}',
        ],
    )
    def test_finds_pieces_of_sentences(self, pieces: str) -> None:
        assert find_glued(read_page(f"<p>{pieces}</p>"))

    @pytest.mark.parametrize(
        "whole",
        [
            '{% translate "Sent by:" %} {{ name }}',
            '{% translate "Not sent." %} {% translate "Nobody is there." %}',
            '{{ name }} <span>{% translate "Paused" %}</span>',
            '<b>{% translate "Client" %}</b> <bdi>{{ name }}</bdi>',
            '{% if name %}{{ name }}{% else %}{% translate "nobody" %}{% endif %}',
            "{% blocktranslate %}{{ count }} minutes{% endblocktranslate %}",
        ],
    )
    def test_leaves_whole_sentences_alone(self, whole: str) -> None:
        assert find_glued(read_page(f"<p>{whole}</p>")) == []
