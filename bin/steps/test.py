"""bin/test: every check and every test, on a machine that may have nothing but Python."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from io import StringIO

from steps import browser, check, environment, frontend, languages
from steps.places import PYTHON, ROOT, VAR
from steps.say import Failed

# Two processes, since tests mostly wait: for servers, browsers and the database. Each begins with one half, file by
# file; whoever is ready first takes over from the other's end, so that none of them idles.
_EVERYTHING = ["-q", "-n", "2", "--dist", "worksteal"]


def main(arguments: list[str]) -> int:
    """Run every check and every test, even when some fail; with arguments (pytest's own) only those tests."""
    environment.prepare("development")
    frontend.prepare()
    languages.prepare()
    chromium = browser.prepare()
    settings = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(VAR / "cache" / "playwright"), "CHROMIUM": chromium}
    settings.pop("DJANGO_SETTINGS_MODULE", None)  # the tests bring their own settings
    pytest = [str(PYTHON), "-m", "pytest", *(arguments or _EVERYTHING)]
    # The guards are tests too, and run with them.
    checks = [] if arguments else [name for name, _, _ in check.CHECKS if name != "guards"]
    # The checks are one process at a time, most of it mypy's: beside the tests they take what those leave. What they
    # say comes after them.
    with redirect_stdout(StringIO()) as said, ThreadPoolExecutor(1) as beside:
        failing = beside.submit(check.failing, checks)
        code = subprocess.call(pytest, cwd=ROOT, env=settings, stdin=subprocess.DEVNULL)
        failed = failing.result()
    print(said.getvalue(), end="", flush=True)
    if failed:
        raise Failed(f"not clean: {', '.join(failed)}")
    return code
