"""Marks for texts that are translated elsewhere."""

from __future__ import annotations


def gettext_noop(text: str) -> str:
    """
    Return the text; it is marked for translation, and given its words where it is shown.

    Django's function of this name wants settings, which where texts are declared need not be there yet.
    """
    return text
