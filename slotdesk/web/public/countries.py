"""Countries to choose from beside a phone number."""

from __future__ import annotations

from functools import cache, lru_cache

import phonenumbers
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from slotdesk.lib.habits import locale_of
from slotdesk.lib.sorting import by_letters

_SELECTED = mark_safe(" selected")


def is_country(code: str) -> bool:
    """Whether numbers can be dialled in this ISO country."""
    return code in phonenumbers.SUPPORTED_REGIONS


def country_of_number(text: str) -> str:
    """Return the ISO country of a number that begins with + and country code, "" when it does not say."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(number) or ""


@lru_cache(maxsize=100)
def country_options(selected: str, language: str) -> SafeString:
    """Every country as <option>s, by name, with what one dials before its numbers."""
    return format_html_join(
        "",
        '<option value="{}"{}>{} (+{})</option>',
        ((code, _SELECTED if code == selected else "", name, dialled) for name, code, dialled in _countries(language)),
    )


@cache
def _countries(language: str) -> list[tuple[str, str, int]]:
    names = locale_of(language).territories
    return sorted(
        (
            (names[code], code, phonenumbers.country_code_for_region(code))
            for code in phonenumbers.SUPPORTED_REGIONS
            if code in names
        ),
        key=lambda country: by_letters(country[0]),
    )
