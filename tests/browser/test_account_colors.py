"""
Whatever colours an account chooses, clients can read its pages: measured on what the browser draws, in light and dark,
also under the pointer and with the focus.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from pytest_django.live_server_helper import LiveServer

from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.links.pages import get_page, save_page
from slotdesk.domain.profile.models import Profile
from slotdesk.domain.tenants.scope import active
from slotdesk.web.public.brand import style_sheet
from tests.browser.booking_page import open_browser
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type

_CORNERS = ["".join(parts) for parts in itertools.product(("00", "80", "ff"), repeat=3)]
_drawn = random.Random(6)  # the same ones each time
COLORS = [f"#{part}" for part in _CORNERS] + [f"#{_drawn.randrange(0x1000000):06x}" for _ in range(40)]

# For each sheet: texts under 4.5:1 (3:1 where they are large), and edges of the focus under 3:1.
_MEASURE = """
(sheets) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const read = (text) => {
    if (!known.has(text)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = text;
      pen.fillRect(0, 0, 1, 1);
      known.set(text, [...pen.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(text);
  };
  const over = (top, ground) => top.slice(0, 3).map((part, i) => part * top[3] / 255 + ground[i] * (1 - top[3] / 255));
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    const own = read(getComputedStyle(element).backgroundColor);
    return own[3] === 255 ? own.slice(0, 3) : over(own, ground(element.parentElement));
  };
  const light = (color) => {
    const [red, green, blue] = color.map((part) => part / 255).map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [more, less] = [light(one), light(other)].sort((a, b) => b - a);
    return (more + 0.05) / (less + 0.05);
  };
  const isOff = (element) => element.closest(":disabled, .over, .square:has(:disabled)");
  const isDrawn = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !element.closest(".hidden, .skip:not(:focus)") && element.getClientRects().length;
  const texts = () => {
    const found = new Set();
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (walk.currentNode.nodeValue.trim()) found.add(walk.currentNode.parentElement);
    return [...found].filter((one) => isDrawn(one) && !isOff(one) && !["OPTION", "SCRIPT"].includes(one.tagName));
  };
  const stops = [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => isDrawn(one) && !isOff(one));
  const all = texts();
  const drawn = new CSSStyleSheet();
  document.adoptedStyleSheets = [drawn];
  const wrong = [];
  for (const [name, sheet] of sheets) {
    // It comes after the account's own.
    drawn.replaceSync(sheet);
    known.clear();
    for (const one of all) {
      const { color, fontSize, fontWeight } = getComputedStyle(one);
      const size = parseFloat(fontSize);
      const isLarge = size >= 24 || size >= 18.66 && fontWeight >= 700;
      const behind = ground(one);
      const found = contrast(over(read(color), behind), behind);
      if (found < (isLarge ? 3 : 4.5)) wrong.push(`${name}: ${found.toFixed(2)} ${one.outerHTML.slice(0, 80)}`);
    }
    for (const one of stops) {
      const outside = ground(one.parentElement);
      one.focus({ focusVisible: true, preventScroll: true });
      const shown = [one, ...one.parentElement.children].flatMap((part) => [null, "::after"].map((pseudo) =>
        getComputedStyle(part, pseudo))).find((style) => style.outlineStyle !== "none");
      const found = shown ? contrast(read(shown.outlineColor).slice(0, 3), outside) : 0;
      if (found < 3) wrong.push(`${name}: focus ${found.toFixed(2)} ${one.outerHTML.slice(0, 80)}`);
      one.blur();
    }
  }
  document.adoptedStyleSheets = [];
  return wrong;
}
"""


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW - timedelta(minutes=5), tick=True):
        yield


@pytest.fixture
def pages(transactional_db: None) -> dict[str, str]:
    """Where each page is, and what the pointer rests on there."""
    account = make_account(support_phone="(212) 555-0142")
    with active(account):
        Profile.objects.create(account=account, header_color="#777777")
        maria = make_agent(account, "Maria Schmidt", slug="maria")
        kind = make_type(account, slug="call", shareable="activity", clients_may_change=True)
        page = get_page(maria)
        page.is_on = True
        save_page(page=page, slug="maria", offers=[], actor="Alex", now=NOW)
        booked = make_request(kind, [maria])
        starts_at = NOW + timedelta(days=2)
        book_slot(request=booked, starts_at=starts_at, answers=Answers("UTC", "Ana Ruiz"), key="key", now=NOW)
    start = int((NOW + timedelta(days=1)).timestamp())
    return {
        "/maria/": ".offer h3 a",
        "/maria/call/": ".slots button >> visible=true",
        f"/maria/call/details/?start={start}&name=Nina": ".main-button >> visible=true",
        f"/schedule/{booked.token}/": ".steps",
        f"/schedule/{booked.token}/appointment/cancellation/": ".button >> visible=true",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
class TestEveryColor:
    def test_leaves_all_texts_and_the_focus_to_be_seen(
        self, live_server: LiveServer, pages: dict[str, str], scheme: str
    ) -> None:
        sheets = [(color, style_sheet(color, color)) for color in COLORS]
        wrong: list[str] = []
        # What moves would be measured on its way.
        with open_browser(color_scheme=scheme, reduced_motion="reduce") as page:
            for path, pointed in pages.items():
                page.goto(f"{live_server.url}{path}")
                page.wait_for_load_state("networkidle")
                page.locator(pointed).first.hover()
                wrong += page.evaluate(_MEASURE, sheets)

        assert wrong == []
