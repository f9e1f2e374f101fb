"""The text part of an e-mail whose HTML somebody else wrote."""

from __future__ import annotations

import re
from typing import Any

from inscriptis import get_text
from inscriptis.model.config import ParserConfig
from inscriptis.model.tag import CustomHtmlTagHandlerMapping

_SAID_TWICE = re.compile(r"(\S+) <\1>")
_LINES_APART = re.compile(r"\n{3,}")


def text_of(html: str) -> str:
    """Return the HTML as text: lists and tables in lines, each link behind its words as <https://…>."""
    if not html.strip():
        return ""
    text = get_text(html, ParserConfig(custom_html_tag_handler_mapping=_HANDLERS))
    text = "\n".join(line.rstrip() for line in text.splitlines())
    return _LINES_APART.sub("\n\n", _SAID_TWICE.sub(r"\1", text)).strip()


def _begin_link(state: Any, attributes: dict[str, str]) -> None:
    state.link_target = attributes.get("href", "")


def _end_link(state: Any) -> None:
    if state.link_target:
        state.tags[-1].write(f" <{state.link_target}>")


_HANDLERS = CustomHtmlTagHandlerMapping(start_tag_mapping={"a": _begin_link}, end_tag_mapping={"a": _end_link})
