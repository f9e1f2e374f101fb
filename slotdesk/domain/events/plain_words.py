"""Words for what is stored: they are English, whoever happens to look and whatever they read."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.utils.functional import Promise
from django.utils.translation import override


def plain_words() -> AbstractContextManager[None]:
    """Within it, marked texts are as they stand in the code."""
    return override(None)


def in_plain_words(text: str | Promise) -> str:
    """Return a marked text as it stands in the code."""
    with plain_words():
        return str(text)
