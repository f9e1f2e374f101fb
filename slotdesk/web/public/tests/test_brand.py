"""Any colour an account may choose can be read."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from slotdesk.lib.colors import Color, contrast
from slotdesk.web.public.brand import style_sheet

WHITE, DARK = Color.read("#ffffff"), Color.read("#222936")
COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def colors(sheet: str) -> list[dict[str, Color]]:
    """The variables of the light scheme, then those of the dark one."""
    return [
        {name: Color.read(value) for name, value in re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", part)}
        for part in sheet.split("@media")
    ]


def _ink(scheme: dict[str, Color]) -> str:
    return scheme["on-header"].write()


class TestStyleSheet:
    @given(COLORS)
    def test_text_on_the_brand_can_be_read(self, color: str) -> None:
        for scheme in colors(style_sheet(color)):
            assert contrast(scheme["brand"], scheme["on-brand"]) >= 4.5
            assert contrast(scheme["brand-strong"], scheme["on-brand"]) >= 4.5

    @given(COLORS)
    def test_text_in_the_brand_can_be_read_in_light_and_dark(self, color: str) -> None:
        light, dark = colors(style_sheet(color))

        assert contrast(light["brand-text"], WHITE) >= 4.5
        assert contrast(dark["brand-text"], DARK) >= 4.5

    @given(COLORS)
    def test_text_on_the_header_can_be_read_and_is_the_same_in_light_and_dark(self, color: str) -> None:
        light, dark = colors(style_sheet("#1f5eff", color))

        # It follows the media query, and stands outside of it.
        assert "header" not in light
        assert style_sheet("#1f5eff", color).endswith(f"}}\n:root{{--header:{color};--on-header:{_ink(dark)}}}\n")
        assert contrast(dark["header"], dark["on-header"]) >= 4.5

    def test_without_a_header_names_none(self) -> None:
        assert "header" not in style_sheet("#1f5eff", "")

    @given(st.text(max_size=20))
    def test_nothing_but_a_colour_gets_into_it(self, text: str) -> None:
        sheet = style_sheet(text, text)

        assert re.fullmatch(r"[-:root{}#;a-z0-9@()\[=\] \n]+", sheet)
