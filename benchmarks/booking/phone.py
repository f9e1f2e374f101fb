"""
The booking page on a slow phone, in a real Chromium, from the real web server.

    python -m benchmarks.booking.phone

The line and the processor are slowed down as Lighthouse does for phones: 150 ms there and back, 1.6 Mbit/s, a quarter
of the speed. Each visit begins with nothing kept. Budgets: first contentful paint under 0.8 s, every interaction under
100 ms until it is painted, 60 kB on the line.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.database import fresh_database
from benchmarks.figures import Figure, publish
from benchmarks.measure import machine, median

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_VISITS = 15
_LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
_SLOWER = 4
# The browser's own measure of each interaction, from the press until its result is painted.
_WATCH = """
window.interactions = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.interactionId) window.interactions.push(entry.duration);
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
_PAINTED = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))"


def main() -> None:
    """Print medians beside their budgets."""
    with fresh_database("bench_phone"):
        _measure()


def _measure() -> None:
    from django.utils import timezone
    from playwright.sync_api import sync_playwright

    from slotdesk.domain.tenants.scope import active
    from tests.support.factories import make_account, make_agent, make_request, make_type
    from tests.support.web_server import web_server

    now, account = timezone.now(), make_account()
    with active(account):
        kind = make_type(account, window_amount=60)
        invited = make_request(kind, [make_agent(account, "Maria Schmidt", now=now)], now=now)
    paints, bare, slowest, sizes = [], [], [], []
    with web_server(os.environ["DATABASE_URL"]) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=["--no-sandbox"]
        )
        for visit in range(_VISITS + 1):
            with _phone(browser) as (page, bytes_of):
                page.goto(f"{address}/schedule/{invited.token}/")
                page.wait_for_load_state("networkidle")
                if not visit:  # the server's first page
                    continue
                paints.append(page.evaluate(_PAINT))
                sizes.append(sum(bytes_of) / 1024)
                slowest.append(_use(page))
            with _phone(browser) as (page, _):
                page.goto(f"{address}/schedule/nobody/")
                page.wait_for_load_state("networkidle")
                bare.append(page.evaluate(_PAINT))
        browser.close()
    print(f"booking page on a slow phone, {_VISITS} visits ({machine()})")
    print(f"  first contentful paint  {min(paints):.0f} to {max(paints):.0f} ms")
    print(f"  of a page of three lines with the same style sheet, median {median(bare):.0f} ms")
    print(f"  slowest interaction     {min(slowest):.0f} to {max(slowest):.0f} ms")
    publish(
        Figure("booking page on a slow phone, first contentful paint", median(paints), "ms", 800),
        Figure("booking page on a slow phone, slowest interaction of a visit", median(slowest), "ms", 100),
        Figure("booking page, everything on the line", max(sizes), "kB", 60),
    )


@contextmanager
def _phone(browser: Browser) -> Iterator[tuple[Page, list[float]]]:
    """A page of a phone that has never been here, and the sizes of what it is sent."""
    context = browser.new_context(
        viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True, timezone_id="America/New_York"
    )
    page = context.new_page()
    page.add_init_script(_WATCH)
    session = context.new_cdp_session(page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", _LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    yield page, sizes
    context.close()


def _use(page: Page) -> float:
    """Choose days, look for a zone; return what the slowest of it took, in milliseconds."""
    free = page.locator("label.square:has(input:enabled)")
    for number in (3, 6, 9):
        free.nth(number).tap()
        page.evaluate(_PAINTED)
    page.locator("#zone summary").tap()
    page.evaluate(_PAINTED)
    page.keyboard.type("berl")
    page.evaluate(_PAINTED)
    slowest: float = page.evaluate("Math.max(0, ...window.interactions)")
    return slowest


if __name__ == "__main__":
    main()
