"""A page in a frame can be dark on a light device, so its dark colours stand a second time, and must be the same."""

from __future__ import annotations

import re
from pathlib import Path

STYLES = Path(__file__).parents[2] / "slotdesk" / "web" / "static" / "public"
ON_A_DARK_DEVICE = r"@media \(prefers-color-scheme: dark\) \{\s*:root[^{]*\{([^}]*)\}"
ASKED_FOR = r':root\[data-theme="dark"\] \{([^}]*)\}'


def colors(name: str, block: str) -> dict[str, str]:
    """What the file's first block of that kind sets, by the name of the variable."""
    found = re.search(block, (STYLES / name).read_text())
    assert found, f"{name} has no such block"
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", found[1]))


class TestDarkColors:
    def test_are_those_of_a_dark_device_where_a_website_asks_for_them(self) -> None:
        device, asked_for = colors("booking.css", ON_A_DARK_DEVICE), colors("frame.css", ASKED_FOR)

        assert device == asked_for
        assert "--page" in device
