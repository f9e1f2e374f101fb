"""Numbers as people write them."""

from __future__ import annotations

import re
from decimal import Decimal

from babel import Locale
from babel.numbers import NumberFormatError, get_decimal_symbol, get_group_symbol, parse_decimal

# Digits of any script with points and commas between.
_WRITTEN = re.compile(r"[+-]?\d(?:[\d.,]*\d)?")
# One point or comma that sets no thousands apart.
_ONE_PART = re.compile(r"[+-]?(?:0[.,]\d+|\d+[.,](?!\d{3}$)\d+)")
# Thousands set apart by an apostrophe or any kind of space, narrow or not to be broken.
_THOUSANDS_APART = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")


class NotANumber(Exception):
    """What was written is no number, or may be one of two."""


def read_decimal(text: str, *, locale: Locale) -> Decimal:
    """
    Return the number in the text, as the language writes it: "1.250,5" in German, "1,250.5" in English.

    "2.5" and "2,5" are understood in every language, since nothing else can be meant. "1.250" is what the language
    says; where it says neither a whole nor a part by it, as in French, it is not guessed. Raises NotANumber.
    """
    point, group = get_decimal_symbol(locale), get_group_symbol(locale)
    written = _THOUSANDS_APART.sub("", text.strip())
    written = written.replace("٫", point).replace("٬", group).replace("−", "-")
    if not _WRITTEN.fullmatch(written):
        raise NotANumber
    if _ONE_PART.fullmatch(written):
        return Decimal(written.replace(",", "."))
    if "." in written and "." not in (point, group):
        raise NotANumber
    try:
        return parse_decimal(written, locale, strict=True)
    except NumberFormatError:
        raise NotANumber from None


def say_plainly(number: Decimal) -> str:
    """Return the number in the one form that programs compare: "1250", "2.5", "-3"."""
    return format(number.normalize() + 0, "f")
