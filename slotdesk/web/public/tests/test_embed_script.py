"""The script that other websites load."""

from __future__ import annotations

import gzip
import re

import pytest
from django.conf import settings
from django.test import Client

from slotdesk.web.public.embed_script import script

MOST_BYTES = 5 * 1024


class TestEmbedScript:
    def test_is_small_and_asks_nobody_else(self) -> None:
        assert len(gzip.compress(script().encode(), 6)) < MOST_BYTES
        assert re.findall(r"https?://|\bimport\b|\bfetch\(|XMLHttpRequest", script()) == []

    def test_writes_nothing_into_pages_that_a_policy_could_refuse(self) -> None:
        forbidden = (
            r"\beval\b|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|createElement\(.style"
        )

        assert re.findall(forbidden, script()) == []
        assert 'setAttribute("style"' not in script()

    def test_speaks_every_language(self) -> None:
        for language, _name in settings.LANGUAGES:
            assert f'"{language}":["' in script()
        assert '"WORDS"' not in script()
        assert '"CSS"' not in script()

    def test_posts_to_addresses_that_it_knows_alone(self) -> None:
        assert re.findall(r"postMessage\(.*, ([^,)]*)\)", script()) == ["this.address.origin"]


class TestAnswer:
    @pytest.fixture
    def browser(self) -> Client:
        return Client(headers={"accept-encoding": "gzip", "origin": "https://www.summit.example"})

    def test_may_be_used_by_every_website_in_every_way(self, browser: Client) -> None:
        answer = browser.get("/embed.js")

        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.cookies == {}
        assert len(answer.content) < MOST_BYTES
        assert gzip.decompress(answer.content).decode() == script()

    def test_is_asked_for_once_an_hour_and_sent_only_when_it_is_new(self, browser: Client) -> None:
        first = browser.get("/embed.js")

        again = browser.get("/embed.js", headers={"if-none-match": first.headers["ETag"]})

        assert "max-age=3600" in first.headers["Cache-Control"]
        assert (again.status_code, again.content) == (304, b"")

    def test_is_read_only(self, browser: Client) -> None:
        assert browser.post("/embed.js").status_code == 405
