"""The order of an alphabet."""

from __future__ import annotations

import unicodedata


def by_letters(text: str) -> str:
    """
    A key that sorts names as people look for them: accents and capitals count for nothing, so É stands at E.

    Arabic names stand without their article, as they do in its dictionaries.
    """
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    return plain.removeprefix("\u0627\u0644")
