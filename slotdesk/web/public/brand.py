"""An account's colours, made safe to read in light and in dark."""

from __future__ import annotations

from slotdesk.lib.colors import BLACK, WHITE, Color, contrast, ink_upon, is_color

# The lightest and the darkest surface that text in the brand's colour stands on; the style sheet's own values.
_LIGHT_SURFACE, _DARK_SURFACE = Color.read("#eef1f6"), Color.read("#222936")
# The pages themselves, which logos without a header colour stand on.
LIGHT_PAGE, DARK_PAGE = Color.read("#f4f6fa"), Color.read("#0e1218")
# WCAG 2.2 asks 4.5:1 of text; a little more, so that a tinted surface passes as well.
ENOUGH = 5.0
_STRONGER = 0.12


def style_sheet(color: str, header: str = "") -> str:
    """
    Return a style sheet with the account's colours as CSS variables; a color that is no "#rrggbb" counts as the
    default, such a header as none.

    --brand fills, as it was chosen; --on-brand is text upon it; --brand-strong fills what the pointer is on, a step
    further from that text, so that it is read there too; --brand-text is the colour for text and edges, moved
    as far as it takes to be read on every surface of ours. --header is the band above the page, --on-header what is
    written on it: the same in light and dark, since the logo upon it was made for one ground.
    """
    brand = Color.read(color)
    light = _variables(brand, surface=_LIGHT_SURFACE, towards=BLACK)
    dark = _variables(brand, surface=_DARK_SURFACE, towards=WHITE)
    # In the frame of a website that wants it light, or dark, it is so on any device: see frame.css.
    return (
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:where(:not([data-theme=light])){{{dark}}}}}\n"
        f":root[data-theme=dark]{{{dark}}}\n"
        f"{_band(Color.read(header)) if is_color(header) else ''}"
    )


def _variables(brand: Color, *, surface: Color, towards: Color) -> str:
    ink, text = ink_upon(brand), until_readable(brand, surface, towards)
    strong = brand.mixed(BLACK if ink == WHITE else WHITE, _STRONGER)
    return (
        f"--brand:{brand.write()};--on-brand:{ink.write()};--brand-strong:{strong.write()};--brand-text:{text.write()}"
    )


def _band(header: Color) -> str:
    return f":root{{--header:{header.write()};--on-header:{ink_upon(header).write()}}}\n"


def until_readable(color: Color, surface: Color, towards: Color) -> Color:
    """Move the colour towards black or white, in small steps, until text in it can be read on the surface."""
    for step in range(21):
        moved = color.mixed(towards, step / 20)
        if contrast(moved, surface) >= ENOUGH:
            return moved
    return towards


def is_moved_in_light(color: Color) -> bool:
    """Whether text in this colour is made darker than it was chosen, since light pages would hide it."""
    return contrast_in_light(color) < ENOUGH


def contrast_in_light(color: Color) -> float:
    """The contrast of text in this colour upon light pages."""
    return contrast(color, _LIGHT_SURFACE)
