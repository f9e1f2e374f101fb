"""Pictures that people upload, made harmless: read by a decoder and written anew, so that only pixels are left."""

from __future__ import annotations

import io
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 2_000_000
_MOST_PIXELS = 16_000_000
# SVG is left out on purpose: it is a document that can load and run things.
_FORMATS = ("PNG", "JPEG", "WEBP")


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
