"""A real Chromium: one for all tests of a process, since starting it costs more than most of them."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_ARGUMENTS = [
    # Chromium calls home otherwise, and a root user has no sandbox to put it in.
    *("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # In frames of other websites it keeps no cookies, as in a private window; its shell would.
    "--test-third-party-cookie-phaseout",
    # In place of Playwright's list, which turns that off again. Pages come sooner when each needs no new frame.
    "--disable-features=RenderDocument,HttpsUpgrades,LensOverlay,MediaRouter,OptimizationHints,PaintHolding",
]
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

_on_exit = ExitStack()
_running: list[tuple[Browser, asyncio.AbstractEventLoop | None]] = []


@contextmanager
def chromium() -> Iterator[Browser]:
    """
    Lend the browser that CHROMIUM names, the machine's own, or the one that Playwright installed; it is the same for
    all who ask. Each makes contexts or pages of their own, which know nothing of others', and are closed in the end.

    Meanwhile Playwright runs an event loop in this thread, which Django takes for an asynchronous caller; it is not.
    """
    with pytest.MonkeyPatch.context() as environment, lent_chromium() as browser:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield browser


@contextmanager
def lent_chromium() -> Iterator[Browser]:
    """As chromium(), but Django refuses to ask the database from this thread meanwhile."""
    around = asyncio._get_running_loop()
    browser, loop = _started()
    others = set(browser.contexts)
    asyncio._set_running_loop(loop)
    try:
        yield browser
    finally:
        for context in set(browser.contexts) - others:
            context.close()
        # Between its tests it is as if the loop was not there: others may run one of their own.
        asyncio._set_running_loop(around)


def stop_chromium() -> None:
    """End it, if it was ever started."""
    _running.clear()
    _on_exit.close()


def _started() -> tuple[Browser, asyncio.AbstractEventLoop | None]:
    if _running and not _running[0][0].is_connected():
        stop_chromium()  # a crash spoils one test, not those after it
    if not _running:
        from playwright.sync_api import sync_playwright

        around = asyncio._get_running_loop()
        playwright = _on_exit.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=_found(), args=_ARGUMENTS)
        _on_exit.callback(browser.close)
        _running.append((browser, asyncio._get_running_loop()))
        asyncio._set_running_loop(around)
    return _running[0]


def _found() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return next((path for path in map(shutil.which, _NAMES) if path and Path(path).exists()), None)
