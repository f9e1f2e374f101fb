from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from slotdesk.lib.habits import locale_of
from slotdesk.lib.numbers import NotANumber, read_decimal, say_plainly

LANGUAGES = ("en", "es", "fr", "de", "pt-br", "ar")
numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=3)


class TestReadDecimal:
    @settings(deadline=None)
    @given(number=numbers, language=st.sampled_from(LANGUAGES))
    def test_reads_what_the_language_writes(self, number: Decimal, language: str) -> None:
        locale = locale_of(language)
        # Arabic puts a mark of direction before a minus, which nobody types.
        written = format_decimal(number, locale=locale).replace("\u200e", "")

        assert read_decimal(written, locale=locale) == number

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("3", "3"),
            (" -3 ", "-3"),
            ("−3", "-3"),
            ("2.5", "2.5"),
            ("2,5", "2.5"),
            ("12,50", "12.50"),
            ("1 250", "1250"),
            ("1'250", "1250"),
            ("1\u202f250\u00a0000", "1250000"),
            ("٣", "3"),
            ("٢٫٥", "2.5"),
            ("0,1234", "0.1234"),
            ("0.125", "0.125"),
        ],
    )
    def test_understands_everywhere_what_can_mean_one_thing_only(self, language: str, written: str, read: str) -> None:
        assert read_decimal(written, locale=locale_of(language)) == Decimal(read)

    @pytest.mark.parametrize(
        ("language", "written", "read"),
        [
            ("en", "1,250", "1250"),
            ("en", "1.250", "1.25"),
            ("en", "1,250.50", "1250.5"),
            ("ar", "1,250", "1250"),
            ("de", "1.250", "1250"),
            ("de", "1,250", "1.25"),
            ("de", "1.250,50", "1250.5"),
            ("es", "1.250", "1250"),
            ("pt-br", "1.250", "1250"),
            ("fr", "1,250", "1.25"),
            ("fr", "1 250,5", "1250.5"),
        ],
    )
    def test_leaves_the_rest_to_the_language(self, language: str, written: str, read: str) -> None:
        assert read_decimal(written, locale=locale_of(language)) == Decimal(read)

    @pytest.mark.parametrize(
        ("language", "written"),
        [
            ("fr", "1.250"),  # a thousand and more, or a little over one
            ("en", "1.250,50"),
            ("de", "1,250.50"),
            ("en", "12,34,5"),
            ("en", "1.2.3"),
            *(("en", text) for text in ("", " ", "-", ".", ",5", "5.", "1 25", "a few", "NaN", "1e3", "3 people", "²")),
        ],
    )
    def test_guesses_nothing(self, language: str, written: str) -> None:
        with pytest.raises(NotANumber):
            read_decimal(written, locale=locale_of(language))


class TestSayPlainly:
    @pytest.mark.parametrize(
        ("number", "said"),
        [("2.50", "2.5"), ("1250", "1250"), ("100", "100"), ("-0", "0"), ("0.10", "0.1"), ("-3.0", "-3")],
    )
    def test_has_one_form_for_each_number(self, number: str, said: str) -> None:
        assert say_plainly(Decimal(number)) == said
