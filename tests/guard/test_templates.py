"""What the content security policy would refuse is never written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Engine

from tests.guard.sources import relative, tracked

# E-mails are no pages: their styles must be inline.
PAGES = [
    path
    for path in tracked("slotdesk/*.html", "sandbox/*.html")
    if not {"messages", "mail_templates", "tests"} & set(path.parts)
]


@pytest.mark.parametrize("path", PAGES, ids=relative)
class TestTemplates:
    def test_have_no_inline_script(self, path: Path) -> None:
        text = path.read_text()
        scripts = re.findall(r"<script\b([^>]*)>", text)

        assert [script for script in scripts if "src=" not in script and "application/json" not in script] == []
        assert re.findall(r"\son[a-z]+\s*=\s*[\"']", text) == []
        assert "javascript:" not in text

    def test_load_nothing_from_elsewhere(self, path: Path) -> None:
        loads = re.findall(
            r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*(?:src|href)=[\"'](https?:)?//", path.read_text()
        )

        assert loads == []


@pytest.mark.parametrize("path", [path for path in PAGES if relative(path).startswith("slotdesk/")], ids=relative)
class TestOurTemplates:
    def test_have_no_inline_style(self, path: Path) -> None:
        text = path.read_text()

        assert re.findall(r"<style\b", text) == []
        assert re.findall(r"\sstyle\s*=", text) == []

    def test_load_the_tags_that_they_use(self, path: Path) -> None:
        assert Engine.get_default().from_string(path.read_text())
