"""A Chromium for the browser tests."""

from __future__ import annotations

import os
import shutil
import subprocess

from steps.commands import run_quietly
from steps.places import PYTHON, VAR
from steps.say import Failed, phase

# The shell is the same engine without windows, menus and extensions, and needs half the time for the same page.
_SHELL = "chromium-headless-shell"
_NAMES = (_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def prepare() -> str:
    """Return the path of a Chromium, installed first when there is none; empty when it is Playwright's own."""
    with phase("Chromium") as current:
        if found := _find():
            current.note = "there"
            return found
        if os.geteuid() == 0 and shutil.which("apt-get"):
            _install_debian_package()
            if found := _find():
                return found
        run_quietly(
            [PYTHON, "-m", "playwright", "install", "chromium"],
            otherwise="Chromium cannot be installed (a system package called chromium will do as well)",
            environment={"PLAYWRIGHT_BROWSERS_PATH": str(VAR / "cache" / "playwright")},
        )
    return ""


def _find() -> str | None:
    given = os.environ.get("CHROMIUM")
    if given and not shutil.which(given):
        raise Failed(f"CHROMIUM: there is no program {given}")
    return given or next((found for name in _NAMES if (found := shutil.which(name))), None)


def _install_debian_package() -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run_quietly(["apt-get", "update", "-q"], otherwise="apt-get update failed", environment=quiet)
    # Not every release has the shell.
    package = _SHELL if _is_known(_SHELL) else "chromium"
    run_quietly(
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", package, "fonts-dejavu-core"],
        otherwise="Chromium cannot be installed",
        environment=quiet,
    )


def _is_known(package: str) -> bool:
    return subprocess.run(["apt-cache", "show", package], capture_output=True, check=False).returncode == 0
