"""E-mails to clients in another language than English."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.utils import translation

from slotdesk.domain.messages.checking import find_problems
from slotdesk.domain.messages.kinds import ABOUT, CodeKind, Kind
from slotdesk.domain.messages.templates import built_in_text, render, render_own
from slotdesk.domain.messages.variables import VARIABLES, sample_values
from slotdesk.domain.messages.words import say_moment

CLIENTS = [kind for kind in Kind if ABOUT[kind].reader != "technician"]
_WORDS_OF_OURS = re.compile(r"\b(?:your|the|appointment|choose|hello|minutes?)\b", re.IGNORECASE)
# Around what is filled in, so that its direction does not disturb the sentence's.
_MARKS = str.maketrans("", "", "\u2068\u2069")


class TestArabic:
    def test_confirmation_reads_so(self) -> None:
        values = sample_values(Kind.CONFIRMATION) | {"ticket": {"number": "", "summary": "", "url": ""}}
        values["appointment"] |= {"agreed_time": "الثلاثاء، 24 نوفمبر 2026، 14:30 CET", "place": ""}

        with translation.override("ar"):
            message = render(Kind.CONFIRMATION, values)

        assert message.subject.translate(_MARKS) == "تم الحجز: Phone call، الثلاثاء، 24 نوفمبر 2026، 14:30 CET"
        assert message.text.translate(_MARKS).splitlines()[:8] == [
            "مرحبًا Ana Ruiz،",
            "",
            "تم حجز موعدك.",
            "",
            "الوقت: الثلاثاء، 24 نوفمبر 2026، 14:30 CET",
            "الموضوع: Phone call، 30 دقيقة",
            "مع: Jordan Doe، Summit MSP",
            "",
        ]

    def test_isolates_what_is_filled_in_but_no_address(self) -> None:
        with translation.override("ar"):
            message = render(Kind.INVITATION, sample_values(Kind.INVITATION))

        assert "\u2068Jordan Doe\u2069" in message.text
        assert re.search(r"https://book\.example/schedule/sample/$", message.text, re.MULTILINE)
        assert 'href="https://book.example/schedule/sample/"' in message.html

    @pytest.mark.parametrize("kind", CLIENTS)
    def test_of_every_kind_runs_from_right_to_left_and_has_no_english_left(self, kind: Kind) -> None:
        values = sample_values(kind)
        values["appointment_type"]["name"] = values["client"]["company"] = "مكالمة"
        values["appointment"] |= {"place": "", "cancellation_reason": "", "note": ""}
        for name in ("agreed_time", "previous_time"):
            if values["appointment"][name]:
                values["appointment"][name] = "الثلاثاء"
        if kind == Kind.OPENING:
            values["opening"]["first_time"] = "الثلاثاء"
        values["ticket"]["summary"] = ""

        with translation.override("ar"):
            message = render(kind, values)

        assert '<html lang="ar" dir="rtl">' in message.html
        body = re.sub(r"<style.*?</style>|<[^>]*>|https?://\S+", " ", message.html, flags=re.DOTALL)
        said = " ".join((message.subject, re.sub(r"https?://\S+", " ", message.text), body))
        assert _WORDS_OF_OURS.findall(said) == []

    def test_code_comes_from_right_to_left_too(self) -> None:
        with translation.override("ar"):
            message = render(CodeKind.EMAIL_CODE, {"account": {"name": "Summit"}, "code": "123456", "minutes": 20})

        assert message.subject.translate(_MARKS) == "123456 هو رمزك لدى Summit"


class TestMoment:
    @pytest.mark.parametrize(
        ("language", "country", "written"),
        [
            ("es", "ES", "martes, 24 de noviembre de 2026, 14:30 CET"),
            ("es", "US", "martes, 24 de noviembre de 2026, 2:30\u00a0p.\u00a0m. CET"),
            ("fr", "FR", "mardi 24 novembre 2026, 14:30 CET"),
            ("de", "DE", "Dienstag, 24. November 2026, 14:30 CET"),
            ("pt-br", "BR", "terça-feira, 24 de novembro de 2026, 14:30 CET"),
            ("ar", "EG", "الثلاثاء، 24 نوفمبر 2026، 2:30 م CET"),
        ],
    )
    def test_is_written_as_in_the_language_and_the_country(self, language: str, country: str, written: str) -> None:
        with translation.override(language):
            said = say_moment(datetime(2026, 11, 24, 13, 30, tzinfo=UTC), zone="Europe/Berlin", country=country)

        assert said == written


@pytest.mark.parametrize("language", ["en", "ar"])
class TestOwnTemplate:
    @pytest.mark.parametrize("kind", CLIENTS)
    def test_begins_with_the_built_in_words_of_the_language(self, language: str, kind: Kind) -> None:
        with translation.override(language):
            subject, body = built_in_text(kind)
            ours, own = (
                render(kind, sample_values(kind)),
                render_own(kind, sample_values(kind), subject=subject, body=body),
            )

            assert "{% translate" not in subject + body
            assert find_problems(kind, subject=subject, body=body, variables=VARIABLES) == []
        assert own.subject == ours.subject

    def test_includes_the_facts_in_it(self, language: str) -> None:
        with translation.override(language):
            message = render_own(
                Kind.CONFIRMATION, sample_values(Kind.CONFIRMATION), subject="Hi", body="{% include 'facts' %}"
            )

        assert ("When" if language == "en" else "الوقت") in message.text
