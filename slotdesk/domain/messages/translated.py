"""The built-in e-mails in the language that is spoken just now; see docs/how-to/languages.md."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import translation

FOLDER = Path(__file__).parent / "builtin"
_TRANSLATED = re.compile(r"{% translate (.*?)%}(.*?)(?:{% plural %}(.*?))?{% endtranslate %}", re.DOTALL)
_NAMED = re.compile(r"(\w+): ([\w.]+)")
_FILLED_IN = re.compile(r"{{ (\w+) }}")
# Which of a language's plurals an e-mail of the account's own begins with: half an hour is what most types take.
_MANY = 30


def spoken() -> dict[str, Any]:
    """What every built-in template is given besides its variables: the language, and how it is translated to."""
    direction = "rtl" if translation.get_language_bidi() else "ltr"
    return {
        "language": {"code": translation.to_locale(language_code()).replace("_", "-"), "direction": direction},
        "translations": translation,
    }


def language_code() -> str:
    return translation.get_language() or "en"


def source_in_plain_words(name: str) -> str:
    """Return a built-in template's source in the spoken language, without the tags that translate it."""
    return _in_plain_words(name, language_code())


@lru_cache(maxsize=500)
def _in_plain_words(name: str, language: str) -> str:
    source = (FOLDER / name).read_text(encoding="utf-8")
    with translation.override(language):
        return _TRANSLATED.sub(_translate, source)


def _translate(found: re.Match[str]) -> str:
    arguments, one, many = found.groups()
    values = dict(_NAMED.findall(arguments))
    text = translation.ngettext(_message(one), _message(many), _MANY) if many else translation.gettext(_message(one))
    return text % {name: f"{{{{ {path} }}}}" for name, path in values.items()}


def _message(block: str) -> str:
    """As the library's own tag looks it up."""
    return _FILLED_IN.sub(r"%(\1)s", block.replace("%", "%%").strip())
