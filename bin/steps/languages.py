"""The catalogues of the languages, compiled so that they can be used."""

from __future__ import annotations

import hashlib
from pathlib import Path

from steps.commands import run_quietly
from steps.places import PYTHON, ROOT
from steps.say import phase

_COMPILER = Path(__file__).with_name("compiling.py")
CATALOGS = ROOT / "slotdesk" / "locale"


def catalog_of(language: str) -> Path:
    """Where the language's texts are; language: as gettext writes it, such as pt_BR."""
    return CATALOGS / language / "LC_MESSAGES" / "django.po"


def prepare() -> None:
    """Compile the catalogues, unless a former run did it for the same texts."""
    sources = sorted(CATALOGS.glob("*/LC_MESSAGES/django.po"))
    wanted = hashlib.sha256(b"".join(source.read_bytes() for source in (_COMPILER, *sources))).hexdigest()
    stamp = CATALOGS / ".made-from"
    with phase("Languages") as current:
        compiled = [source.with_suffix(".mo") for source in sources]
        if stamp.exists() and stamp.read_text() == wanted and all(path.exists() for path in compiled):
            current.note = "unchanged"
            return
        run_quietly(
            [PYTHON, _COMPILER, *sources],
            otherwise="the languages' catalogues cannot be compiled",
        )
        stamp.write_text(wanted)
