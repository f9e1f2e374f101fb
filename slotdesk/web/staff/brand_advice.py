"""What an administrator should know of a colour before clients see it."""

from __future__ import annotations

import math
from typing import Any

from django.utils.translation import gettext

from slotdesk.lib.colors import WHITE, Color, contrast, ink_upon, is_color
from slotdesk.lib.pictures import share_lost_on
from slotdesk.web.public.brand import DARK_PAGE, ENOUGH, LIGHT_PAGE, contrast_in_light, is_moved_in_light

# From this share of its pixels on, somebody should look whether a logo can still be seen.
_MUCH = 0.5


def advice_on_color(text: str) -> dict[str, Any]:
    """What can be said of "#rrggbb" as the colour of buttons and links."""
    color = Color.read(text)
    return _ink_upon(color) | {
        "is_color": is_color(text),
        "is_weak_on_light": is_moved_in_light(color),
        "enough": f"{ENOUGH:g}",
        "on_light": _cut(contrast_in_light(color)),
    }


def advice_on_header(text: str, *, logo: bytes | None) -> dict[str, Any]:
    """What can be said of "#rrggbb" as the ground of name and logo; "" is the page itself, light or dark."""
    if not text:
        losing = [name for name, page in (("light", LIGHT_PAGE), ("dark", DARK_PAGE)) if _loses(logo, page)]
        return {"is_plain": True, "losing": losing}
    color = Color.read(text)
    return _ink_upon(color) | {"is_color": is_color(text), "loses_logo": _loses(logo, color), "has_logo": bool(logo)}


def _loses(logo: bytes | None, ground: Color) -> bool:
    return logo is not None and share_lost_on(logo, ground) >= _MUCH


def _ink_upon(color: Color) -> dict[str, str]:
    ink = ink_upon(color)
    return {"ink": gettext("White") if ink == WHITE else gettext("Black"), "ratio": _cut(contrast(color, ink))}


def _cut(ratio: float) -> str:
    """One decimal, cut and not rounded: 4.46 is not enough, and must not read as 4.5."""
    return f"{math.floor(ratio * 10) / 10:.1f}"
