"""bin/check: everything that can be said about the code without running the tests."""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Collection, Mapping

from steps import environment, frontend, languages
from steps.places import PYTHON, ROOT
from steps.say import Failed

# Settings for tools that import the code, but need no database.
_NO_DATABASE = {
    "DJANGO_SETTINGS_MODULE": "slotdesk.config.settings",
    "DATABASE_URL": "postgresql:///none",
    "DEBUG": "1",
}
# A production machine's settings, to see what Django's own check says of them.
_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "slotdesk.config.settings",
    "DATABASE_URL": "postgresql:///none",
    "SECRET_KEY": "k3Qz9-this-is-only-for-the-check-0f8b2c7d5e1a4963_xYvWqRtU",
    "PUBLIC_URL": "https://scheduling.example",
    "DEFAULT_FROM_EMAIL": "Slotdesk <scheduling@slotdesk.example>",
}

CHECKS: tuple[tuple[str, tuple[str, ...], Mapping[str, str]], ...] = (
    ("style", ("-m", "ruff", "check", "."), {}),
    ("format", ("-m", "ruff", "format", "--check", "."), {}),
    ("types", ("-m", "mypy"), {}),
    ("imports", ("-c", "import sys, importlinter.cli; sys.exit(importlinter.cli.lint_imports())"), {}),
    ("migrations", ("-m", "django", "makemigrations", "--check", "--dry-run"), _NO_DATABASE),
    ("deployment", ("-m", "django", "check", "--deploy", "--fail-level", "WARNING"), _PRODUCTION),
    ("guards", ("-m", "pytest", "tests/guard", "-q"), {}),
)


def main(arguments: list[str]) -> int:
    """Run every check, or those named, and fail when one of them does."""
    names = [name for name, _, _ in CHECKS]
    parser = argparse.ArgumentParser(prog="bin/check", description="Check the code: " + ", ".join(names) + ".")
    parser.add_argument("names", nargs="*", choices=[[], *names], help="only these")
    parser.add_argument("--fix", action="store_true", help="first let ruff mend what it can")
    options = parser.parse_args(arguments)
    environment.prepare("development")
    frontend.prepare()
    languages.prepare()
    if options.fix:
        for command in (["check", "--fix", "--quiet", "."], ["format", "--quiet", "."]):
            subprocess.call([PYTHON, "-m", "ruff", *command], cwd=ROOT)
    if failed := failing(options.names or names):
        raise Failed(f"not clean: {', '.join(failed)}")
    return 0


def failing(names: Collection[str]) -> list[str]:
    """Run the checks of these names, print what they complain about, and return the names of those that do."""
    return [name for name, command, settings in CHECKS if name in names and not _passes(name, command, settings)]


def _passes(name: str, command: tuple[str, ...], settings: Mapping[str, str]) -> bool:
    print(f"  {name} ".ljust(34, "."), end=" ", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as var:
        run = subprocess.run(
            [PYTHON, *command],
            cwd=ROOT,
            env={**os.environ, "SLOTDESK_VAR": var, **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    print(f"{time.monotonic() - started:.1f} s" if run.returncode == 0 else "failed", flush=True)
    if run.returncode != 0:
        print(run.stdout.rstrip(), flush=True)
    return run.returncode == 0
