"""bin/test: every check and every test, on a machine that may have nothing but Python."""

from __future__ import annotations

import os
import subprocess

import browser
import check
import environment
import frontend
from places import PYTHON, ROOT, VAR
from say import Failed


def main(arguments: list[str]) -> int:
    """Run bin/check and all tests; with arguments (pytest's own) only the tests."""
    environment.prepare("development")
    frontend.prepare()
    chromium = browser.prepare()
    if not arguments and check.main([]) != 0:
        raise Failed("the checks failed")
    settings = {"PLAYWRIGHT_BROWSERS_PATH": str(VAR / "cache" / "playwright")}
    if chromium:
        settings = {"CHROMIUM": chromium}
    return subprocess.call(
        [str(PYTHON), "-m", "pytest", *(arguments or ["-q"])],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
    )
