"""An account's colour, made safe to read in light and in dark."""

from __future__ import annotations

import re
from typing import NamedTuple

_DEFAULT = "#1f5eff"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
# The lightest and the darkest surface that text in the brand's colour stands on; the style sheet's own values.
_LIGHT_SURFACE, _DARK_SURFACE = "#eef1f6", "#222936"
# WCAG 2.2 asks 4.5:1 of text; a little more, so that a tinted surface passes as well.
_ENOUGH = 5.0


class _Color(NamedTuple):
    red: float
    green: float
    blue: float

    @classmethod
    def read(cls, text: str) -> _Color:
        return cls(*(int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)))

    def write(self) -> str:
        return "#" + "".join(f"{round(part * 255):02x}" for part in self)

    def mixed(self, other: _Color, share: float) -> _Color:
        return _Color(*(a + (b - a) * share for a, b in zip(self, other, strict=True)))


_WHITE, _BLACK = _Color(1, 1, 1), _Color(0, 0, 0)


def style_sheet(color: str) -> str:
    """
    Return a style sheet with the account's colours as CSS variables; what is no "#rrggbb" counts as the default.

    --brand fills, as it was chosen; --on-brand is text upon it; --brand-text is the colour for text and edges, moved
    as far as it takes to be read on every surface of ours.
    """
    brand = _Color.read(color if _HEX.fullmatch(color) else _DEFAULT)
    return (
        f":root{{{_variables(brand, surface=_Color.read(_LIGHT_SURFACE), towards=_BLACK)}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{"
        f"{_variables(brand, surface=_Color.read(_DARK_SURFACE), towards=_WHITE)}}}}}\n"
    )


def _variables(brand: _Color, *, surface: _Color, towards: _Color) -> str:
    ink = max(_WHITE, _BLACK, key=lambda color: contrast(brand, color))  # one of the two is always above 4.5
    text = _until_readable(brand, surface, towards)
    return f"--brand:{brand.write()};--on-brand:{ink.write()};--brand-text:{text.write()}"


def _until_readable(color: _Color, surface: _Color, towards: _Color) -> _Color:
    """Move the colour towards black or white, in small steps, until text in it can be read on the surface."""
    for step in range(21):
        moved = color.mixed(towards, step / 20)
        if contrast(moved, surface) >= _ENOUGH:
            return moved
    return towards


def contrast(one: _Color, other: _Color) -> float:
    """The WCAG 2.2 contrast ratio, 1 to 21. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: _Color) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
