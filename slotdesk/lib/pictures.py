"""Pictures that people upload, made harmless: read by a decoder and written anew, so that only pixels are left."""

from __future__ import annotations

import io
from collections import Counter
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from slotdesk.lib.colors import Color, contrast

MOST_BYTES = 2_000_000
_MOST_PIXELS = 16_000_000
# SVG is left out on purpose: it is a document that can load and run things.
_FORMATS = ("PNG", "JPEG", "WEBP")
# Below this contrast a pixel is hard to tell from what it stands on.
_LOST = 2.0
_FULL = 255


class BadPicture(Exception):
    """It cannot be taken; the text says why."""


class Picture(NamedTuple):
    """width, height: pixels."""

    png: bytes
    width: int
    height: int


def clean_picture(data: bytes, *, most_width: int, most_height: int) -> Picture:
    """
    Return the picture as PNG, turned as its camera says, made smaller to fit, without anything that is no pixel.

    Raises BadPicture for what is too large or no PNG, JPEG or WebP.
    """
    if len(data) > MOST_BYTES:
        raise BadPicture(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise BadPicture("The picture has too many pixels; 2000 × 500 is plenty.")
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except UnidentifiedImageError:
        raise BadPicture("This is not a PNG, JPEG or WebP picture.") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise BadPicture("The file is damaged or too large.") from None
    picture.thumbnail((most_width, most_height))
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return Picture(written.getvalue(), *picture.size)


def share_lost_on(png: bytes, ground: Color) -> float:
    """
    Return which part of the picture, 0 to 1, can hardly be told from the ground it is put on.

    A picture without transparency brings its own ground along: nothing of it is lost.
    """
    with Image.open(io.BytesIO(png), formats=("PNG",)) as opened:
        picture = opened.convert("RGBA")
    picture.thumbnail((96, 96))
    raw = picture.tobytes()
    counted = Counter(zip(raw[0::4], raw[1::4], raw[2::4], raw[3::4], strict=True))
    if all(alpha == _FULL for *_color, alpha in counted):
        return 0.0
    all_seen = lost = 0
    for (red, green, blue, alpha), times in counted.items():
        if alpha < _FULL / 2:
            continue
        all_seen += times
        if contrast(Color(red / _FULL, green / _FULL, blue / _FULL), ground) < _LOST:
            lost += times
    return lost / (all_seen or 1)
