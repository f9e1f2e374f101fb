"""
What can be filled into an attribute, as canonical text: one way to write each value, so that equal values are equal.

text and choice: as entered, without spaces around; number: plain decimal notation, such as "1.5"; date: ISO 8601;
checkbox: "yes". Nothing, also a box that is not ticked, is "".
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import pgettext

from slotdesk.domain.attributes.models import Attribute

Kind = Attribute.Kind
TICKED = "yes"
_MOST_DIGITS = 18
_LONGEST = 500


class BadValue(ValueError):
    """The value cannot be filled in; the text says why, and what would do, as staff read it."""


def canonical(attribute: Attribute, entered: str, *, before: str = "") -> str:
    """
    Return what is stored for what was entered.

    before   what is filled in now: a choice that is not offered any more may stay. Raises BadValue.
    """
    text = entered.strip()
    if not text:
        return ""
    if "\x00" in text:
        raise BadValue(pgettext("staff", "There is a character in it that cannot be stored; type it anew."))
    match attribute.kind:
        case Kind.NUMBER:
            return _number(text)
        case Kind.DATE:
            return _date(text)
        case Kind.CHECKBOX:
            if text != TICKED:
                raise BadValue(pgettext("staff", "Tick the box, or leave it."))
        case Kind.CHOICE:
            if text not in attribute.choices and text != before:
                raise BadValue(pgettext("staff", "Choose one of those that are offered."))
        case _:
            if len(text) > _LONGEST:
                raise BadValue(
                    pgettext("staff", "At most %(most)s characters; it has %(count)s.")
                    % {"most": _LONGEST, "count": len(text)}
                )
    return text


def _number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not text.isascii():
        raise BadValue(pgettext("staff", "Enter a number, such as 12 or 1.5."))
    if not number:
        return "0"
    # An exponent of a million would be a text of a million digits; a longer text would be rounded.
    if len(text) > 25 or not -_MOST_DIGITS < number.adjusted() < _MOST_DIGITS:
        raise BadValue(pgettext("staff", "Enter a number of at most %(most)s digits.") % {"most": _MOST_DIGITS})
    return format(number.normalize(), "f")


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadValue(pgettext("staff", "Enter a date as year, month and day, such as 2027-05-31.")) from None
