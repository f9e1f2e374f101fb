"""A request's own questions as fields of the booking form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import phonenumbers
from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from slotdesk.domain.booking.answers import NO, YES
from slotdesk.domain.booking.guests import MOST_GUESTS, NotAnAddress, read_addresses
from slotdesk.domain.catalog.models import Question
from slotdesk.domain.catalog.terms import FrozenQuestion
from slotdesk.lib.habits import locale_of
from slotdesk.lib.numbers import NotANumber, read_decimal, say_plainly
from slotdesk.web.public.countries import country_name, country_of_number, country_options, is_country

# What stands before a question's key in the form.
PREFIX = "answer_"
# What stands before a phone number's name, for the country that it is dialled in.
COUNTRY_PREFIX = "country_"
TOO_LONG = gettext_lazy("That is a little long: please keep it under %(limit_value)d characters.")
_SHORT, _LONG, _DIGITS = 250, 2000, 20
_NATIONAL, _INTERNATIONAL = phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL
# Written with + and country code, or with what stands for + in the chosen country, such as 00.
_WITH_CODE = (
    phonenumbers.CountryCodeSource.FROM_NUMBER_WITH_PLUS_SIGN,
    phonenumbers.CountryCodeSource.FROM_NUMBER_WITH_IDD,
)
# Without its area code, say.
_SHORT_NUMBERS = (
    phonenumbers.ValidationResult.TOO_SHORT,
    phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY,
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a question's field is drawn; see templates/public/field.html."""

    type: str = "text"
    inputmode: str = ""
    autocomplete: str = "off"
    is_long: bool = False
    is_choice: bool = False
    is_checkbox: bool = False
    is_guests: bool = False


LOOKS = {
    Question.Kind.TEXT: Look(),
    Question.Kind.PARAGRAPH: Look(is_long=True),
    Question.Kind.CHOICE: Look(is_choice=True),
    Question.Kind.NUMBER: Look(inputmode="decimal"),
    Question.Kind.PHONE: Look(type="tel", autocomplete="tel"),
    Question.Kind.CHECKBOX: Look(is_checkbox=True),
}


class LineField(forms.CharField):
    """One line: line breaks and runs of blanks become one blank."""

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class PhoneField(LineField):
    """
    A number as one dials it in the country (ISO code), or with + and country code; comes out international.

    The country is chosen beside it, in a field of the same name after COUNTRY_PREFIX. A number without + must be one
    there, or somebody abroad would be called in the wrong country. Of one with + only the length is judged: numbering
    plans grow faster than any list of them, and nobody is kept from booking by that.
    """

    def __init__(self, *, country: str, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.country = country

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, self.country, keep_raw_input=True)
        except phonenumbers.NumberParseException:
            raise self._no_number() from None
        has_code = number.country_code_source in _WITH_CODE
        if not (phonenumbers.is_possible_number(number) if has_code else phonenumbers.is_valid_number(number)):
            is_short = phonenumbers.is_possible_number_with_reason(number) in _SHORT_NUMBERS
            raise self._no_number() if has_code or is_short else self._of_elsewhere()
        return phonenumbers.format_number(number, _INTERNATIONAL)

    def _no_number(self) -> forms.ValidationError:
        text = gettext("This does not look like a phone number. Try it like %(example)s, or with + and country code.")
        return forms.ValidationError(text % {"example": phone_example(self.country)})

    def _of_elsewhere(self) -> forms.ValidationError:
        text = gettext(
            "This phone number does not fit the chosen country (%(country)s). Choose the country that it belongs to, "
            "or begin with + and the country code."
        )
        return forms.ValidationError(text % {"country": country_name(self.country, get_language() or "en")})

    def countries(self) -> SafeString:
        """The countries to choose from, with the field's own selected."""
        return country_options(self.country, get_language() or "en")

    def take_country(self, chosen: str, typed: str) -> None:
        """Dial in the country of a number with its code, else in the chosen one, where either is one."""
        for country in (country_of_number(typed), chosen):
            if is_country(country):
                self.country = country
                return


class NumberField(forms.DecimalField):
    """
    A number as the page's language writes it.

    Browsers read <input type="number"> in their own language, which need not be the page's, and send nothing at all
    where it is none there; so it is a line of text, and read here.
    """

    max_length = 40

    def clean(self, value: Any) -> Any:
        text = str(value or "").strip()
        try:
            return super().clean(read_decimal(text, locale=locale_of(get_language() or "en")) if text else None)
        except NotANumber:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class GuestsField(forms.CharField):
    """E-mail addresses, separated by commas, semicolons, blanks or lines; comes out as a list, nobody twice."""

    most = MOST_GUESTS

    def clean(self, value: Any) -> Any:
        try:
            found = list(dict.fromkeys(each.lower() for each in read_addresses(super().clean(value))))
        except NotAnAddress as error:
            told = gettext("“%(text)s” does not look like an e-mail address.") % {"text": error.text}
            raise forms.ValidationError(told) from None
        if len(found) > MOST_GUESTS:
            raise forms.ValidationError(too_many_guests(MOST_GUESTS))
        return found


def too_many_guests(most: int) -> str:
    """Say how many may be named."""
    text = ngettext("Please name %(most)s guest at most.", "Please name %(most)s guests at most.", most)
    return text % {"most": most}


def phone_example(country: str) -> str:
    """A number as one writes it in the country."""
    number = phonenumbers.example_number(country)
    return "+1 201-555-0123" if number is None else phonenumbers.format_number(number, _NATIONAL)


def fields_of(questions: Iterable[FrozenQuestion], *, country: str) -> dict[str, forms.Field]:
    """Return the form's fields, by name, in the order of the questions."""
    return {f"{PREFIX}{question.key}": _field(question, country) for question in questions}


def _field(question: FrozenQuestion, country: str) -> forms.Field:
    common: dict[str, Any] = {"required": question.is_required, "label": question.label}
    common["error_messages"] = {"required": gettext_lazy("Please answer this."), "max_length": TOO_LONG}
    match question.kind:
        case Question.Kind.PARAGRAPH:
            return forms.CharField(max_length=_LONG, **common)
        case Question.Kind.CHOICE:
            choose = gettext_lazy("Please choose one.")
            common["error_messages"] |= {"required": choose, "invalid_choice": choose}
            return forms.ChoiceField(
                choices=[(each, question.option_texts.get(each, each)) for each in question.options], **common
            )
        case Question.Kind.NUMBER:
            common["error_messages"] |= {"invalid": gettext_lazy("Please write a number, such as 3 or 2.5.")}
            return NumberField(max_digits=_DIGITS, **common)
        case Question.Kind.PHONE:
            return PhoneField(country=country, **common)
        case Question.Kind.CHECKBOX:
            common["error_messages"] |= {"required": gettext_lazy("Please tick this to go on.")}
            return forms.BooleanField(**common)
    return LineField(max_length=_SHORT, **common)


def say_answer(value: Any) -> str:
    """Return what was answered as text, "" for nothing."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Decimal):
        return say_plainly(value)
    return "" if value is None else str(value)
