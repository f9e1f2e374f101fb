"""
What an account wrote itself, in other languages.

Each translation is kept beside its original, in the owner's `translations`: language → name of the text → text. Where
one is missing, the original is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from slotdesk.domain.events.changes import Changes

Translations = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class OwnText:
    """
    One text that can be translated.

    name    within its owner, such as "question.device.label"
    label   what staff call it
    most    characters that a translation may have
    """

    name: str
    label: str
    original: str
    most: int
    is_long: bool = False


def in_spoken(translations: Translations, name: str, original: str) -> str:
    """Return the text in the language that is spoken just now, the original where it has none."""
    return translations.get(get_language() or "", {}).get(name) or original


def put_translation(owner: Any, language: str, texts: Mapping[str, str]) -> Changes:
    """
    Store an owner's texts in one language, in the caller's transaction, and return what changes, to be told.

    owner   a stored row with `translations`, which has them afterwards
    What is empty or not named has no translation any more. Other languages stay.
    """
    rows = type(owner)._default_manager  # noqa: SLF001 — documented by Django
    stored: dict[str, dict[str, str]] = rows.select_for_update(no_key=True).get(pk=owner.pk).translations
    before, after = stored.get(language, {}), {name: text for name, text in texts.items() if text}
    owner.translations = {code: said for code, said in {**stored, language: after}.items() if said}
    if before != after:
        rows.filter(pk=owner.pk).update(translations=owner.translations)
    names = sorted({*before, *after})
    told = {f"{name} ({language})": (before.get(name), after.get(name)) for name in names}
    return {name: (old, new) for name, (old, new) in told.items() if old != new}
