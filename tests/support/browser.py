"""A real Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

# Chromium calls home otherwise, and a root user has no sandbox to put it in.
_ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser that CHROMIUM names, the machine's own, or the one that Playwright installed."""
    # Playwright runs an event loop in this thread, which Django takes for an asynchronous caller; it is not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_found(), args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _found() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return next((path for path in map(shutil.which, _NAMES) if path and Path(path).exists()), None)
