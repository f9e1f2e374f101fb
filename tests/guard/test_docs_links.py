"""No page points to nowhere, and every page can be found from the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.guard.sources import ROOT, relative, tracked

DOCS = ROOT / "docs"
INDEX = DOCS / "README.md"
PAGES = tracked("*.md")

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def links(page: Path) -> list[tuple[Path, str]]:
    """Where the page points to in this repository: the file, and the heading's anchor or nothing."""
    found = []
    for target in _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8"))):
        path, _, anchor = target.partition("#")
        if "://" not in target and not target.startswith("mailto:"):
            found.append(((page.parent / path).resolve() if path else page, anchor))
    return found


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, made as code hosts make them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


class TestLinks:
    @pytest.mark.parametrize("page", PAGES, ids=relative)
    def test_lead_to_a_file_and_a_heading_that_exist(self, page: Path) -> None:
        lost = [
            f"{path.name}#{anchor}"
            for path, anchor in links(page)
            if not path.exists() or (anchor and anchor not in anchors(path))
        ]

        assert lost == []


class TestIndex:
    def test_leads_to_every_page(self) -> None:
        reached, ahead = {INDEX}, [INDEX]
        while ahead:
            for path, _anchor in links(ahead.pop()):
                if path.suffix == ".md" and path.is_relative_to(DOCS) and path.exists() and path not in reached:
                    reached.add(path)
                    ahead.append(path)

        assert [relative(page) for page in tracked("docs/*.md") if page not in reached] == []
