"""Countries to choose from beside a phone number."""

from __future__ import annotations

from functools import cache, lru_cache

import phonenumbers
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from slotdesk.lib.habits import locale_of
from slotdesk.lib.sorting import by_letters
from slotdesk.web.public.clock import region_of
from slotdesk.web.public.zones import country_of_zone

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


def country_name(code: str, language: str) -> str:
    """What the ISO country is called in the language."""
    return str(locale_of(language).territories.get(code, code))


def country_of_visitor(*, zone: str, accept_language: str, otherwise: str) -> str:
    """
    Return the ISO country that somebody's own number is probably of: the one of the zone they read times in, else the
    one that their browser's language names.

    zone   "" where neither they nor their browser have named one
    """
    found = (country_of_zone(zone), region_of(accept_language))
    return next((country for country in found if is_country(country)), otherwise)


def known_number(text: str, *, country: str) -> str:
    """
    Return a number from the account's PSA as it can be read anywhere, with + and the country's code.

    country   where the account is. What is no number there stays as it was written: the client reads and mends it.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_valid_number(number):
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


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
