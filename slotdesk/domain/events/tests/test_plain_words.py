from __future__ import annotations

from django.utils.translation import gettext_lazy, override

from slotdesk.domain.events.plain_words import in_plain_words, plain_words


class TestPlainWords:
    def test_are_english_whatever_is_spoken(self) -> None:
        text = gettext_lazy("Your name")

        with override("es"):
            assert str(text) != "Your name"
            assert in_plain_words(text) == "Your name"
            with plain_words():
                assert str(text) == "Your name"
