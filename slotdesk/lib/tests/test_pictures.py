"""Uploaded pictures: only pixels are left of them."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image

from slotdesk.lib.pictures import MOST_BYTES, BadPicture, clean_picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 32), **options: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "#1f5eff").save(written, kind, **options)
    return written.getvalue()


def clean(data: bytes) -> tuple[int, int]:
    made = clean_picture(data, most_width=480, most_height=96)
    with Image.open(io.BytesIO(made.png), formats=["PNG"]) as opened:
        assert opened.size == (made.width, made.height)
    return made.width, made.height


class TestCleanPicture:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
    def test_takes_what_browsers_show(self, kind: str) -> None:
        assert clean(picture(kind)) == (64, 32)

    def test_makes_it_fit_and_keeps_its_shape(self) -> None:
        assert clean(picture(size=(2000, 200))) == (480, 48)

    def test_turns_it_as_the_camera_says(self) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6

        assert clean(picture("JPEG", exif=exif)) == (32, 64)

    def test_takes_out_everything_but_pixels(self) -> None:
        exif = Image.Exif()
        exif[0x010E] = "taken at home"
        data = picture("PNG", exif=exif) + b"<script>alert(1)</script>"

        made = clean_picture(data, most_width=480, most_height=96)

        assert b"taken at home" in data
        assert b"taken at home" not in made.png
        assert b"script" not in made.png

    @pytest.mark.parametrize("data", [b"", SVG, b"GIF89a" + b"\0" * 20, b"%PDF-1.7", picture("GIF")])
    def test_refuses_what_is_none(self, data: bytes) -> None:
        with pytest.raises(BadPicture, match="not a PNG, JPEG or WebP"):
            clean(data)

    def test_refuses_a_damaged_one(self) -> None:
        with pytest.raises(BadPicture, match="damaged"):
            clean(picture(size=(300, 300))[:150])

    def test_refuses_a_bomb_before_it_is_unpacked(self) -> None:
        with pytest.raises(BadPicture, match="too many pixels"):
            clean(_claiming(picture(size=(1, 1)), 6000, 6000))

    def test_refuses_a_file_that_is_too_large(self) -> None:
        with pytest.raises(BadPicture, match="larger than 2 MB"):
            clean(b"\0" * (MOST_BYTES + 1))


def _claiming(png: bytes, width: int, height: int) -> bytes:
    """The same file, whose header claims another size."""
    head = png[12:16] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + png[24:29]
    return png[:12] + head + zlib.crc32(head).to_bytes(4, "big") + png[33:]
