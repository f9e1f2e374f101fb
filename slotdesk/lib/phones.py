"""Phone numbers as people write them."""

from __future__ import annotations

import phonenumbers


def read_number(text: str, *, country: str) -> str:
    """
    Return the number in E.164 form ("+16145550123"), or nothing when this cannot be one.

    country   two letters; where numbers without a country code are called from. Only the length is judged, since
    numbering plans grow faster than any list of them: in the USA, ten digits.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ""
    # A number without its area code is "possible" to the library as well, and nobody elsewhere could call it.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
