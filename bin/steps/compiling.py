"""
Compiles catalogues, for languages.py: `python compiling.py <catalogue>.po …`.

What is filled into a sentence that runs from right to left may run from left to right: a name, a number with its sign.
There each place is isolated from the words around it, which translators need not think of.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

# Whatever stands inside of a tag is no text. Programs that make links of addresses would take the mark along.
_TAG_OR_PLACE = re.compile(r"<[^>]*>|%\((?!\w*url\))\w+\)s")
_ISOLATE, _END = "\u2068", "\u2069"


def main(sources: list[str]) -> int:
    for source in map(Path, sources):
        with source.open("rb") as file:
            catalog = read_po(file)
        if catalog.locale and catalog.locale.text_direction == "rtl":
            _isolate_places(catalog)
        # Written aside and then put in place, since a running server may be reading the old one.
        unfinished = source.with_suffix(".unfinished")
        with unfinished.open("wb") as file:
            write_mo(file, catalog)
        unfinished.replace(source.with_suffix(".mo"))
    return 0


def _isolate_places(catalog: Catalog) -> None:
    for message in catalog:
        if isinstance(message.string, str):
            message.string = _isolated(message.string)
        elif message.string:
            message.string = tuple(map(_isolated, message.string))


def _isolated(text: str) -> str:
    return _TAG_OR_PLACE.sub(lambda found: found[0] if found[0][0] == "<" else f"{_ISOLATE}{found[0]}{_END}", text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
