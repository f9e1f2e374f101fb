"""Colours and how well one is read upon another."""

from __future__ import annotations

import re
from typing import NamedTuple

DEFAULT = "#1f5eff"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def is_color(text: str) -> bool:
    """Whether it reads "#rrggbb"."""
    return _HEX.fullmatch(text) is not None


class Color(NamedTuple):
    """Parts from 0 to 1."""

    red: float
    green: float
    blue: float

    @classmethod
    def read(cls, text: str) -> Color:
        """Return the colour of "#rrggbb"; anything else counts as the product's own."""
        text = text if is_color(text) else DEFAULT
        return cls(*(int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)))

    def write(self) -> str:
        return "#" + "".join(f"{round(part * 255):02x}" for part in self)

    def mixed(self, other: Color, share: float) -> Color:
        return Color(*(a + (b - a) * share for a, b in zip(self, other, strict=True)))


WHITE, BLACK = Color(1, 1, 1), Color(0, 0, 0)


def ink_upon(color: Color) -> Color:
    """Return white or black, whichever is read better; one of the two is always above 4.5."""
    return max(WHITE, BLACK, key=lambda ink: contrast(color, ink))


def contrast(one: Color, other: Color) -> float:
    """The WCAG 2.2 contrast ratio, 1 to 21. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
