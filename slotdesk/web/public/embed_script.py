"""
/embed.js: the script by which other websites show booking pages.

Its address never changes, since it stands in pages that we do not know; so neither does what it promises. It is put
together here of a script, its style sheet and its words in every language.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, override
from django.views.decorators.http import condition, require_safe

from slotdesk.web.access import public

_FOLDER = Path(__file__).parent
# An hour old at most; for another week it may be used once more while the browser asks whether there is a newer one.
_CACHE = "public, max-age=3600, stale-while-revalidate=604800"


def _etag(request: HttpRequest) -> str:
    return f'W/"{hashlib.sha256(script().encode()).hexdigest()[:16]}"'


@public
@condition(etag_func=_etag)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Any website may load it, as a module too, which browsers let pages do only where the server allows it."""
    is_compressed = re.search(r"\bgzip\b", request.headers.get("Accept-Encoding", "")) is not None
    return HttpResponse(
        _compressed() if is_compressed else script(),
        content_type="text/javascript; charset=utf-8",
        headers={
            "Cache-Control": _CACHE,
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Vary": "Accept-Encoding",
            **({"Content-Encoding": "gzip"} if is_compressed else {}),
        },
    )


@cache
def script() -> str:
    """The whole script, without what is there for its readers only."""
    lines = (line.strip() for line in (_FOLDER / "embed.js").read_text().splitlines())
    code = "\n".join(line for line in lines if line and not line.startswith("//"))
    return code.replace('"CSS"', _json(_style_sheet())).replace('"WORDS"', _json(_words()))


@cache
def _compressed() -> bytes:
    """It holds no secret that its length could tell, and is the same for everybody."""
    return gzip.compress(script().encode(), mtime=0)


def _style_sheet() -> str:
    text = " ".join((_FOLDER / "embed.css").read_text().split())
    return re.sub(r" ?([{};,]) ?", r"\1", text).replace(": ", ":").replace(";}", "}")


def _words() -> dict[str, list[str]]:
    """Language → what the script itself says, in the order in which it knows it."""
    words = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            words[language] = [
                gettext("Book a time"),
                gettext("Loading…"),
                gettext("The booking page cannot be shown here."),
                gettext("Open it in a new tab"),
                gettext("Close"),
            ]
    return words


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
