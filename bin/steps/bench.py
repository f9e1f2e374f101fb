"""bin/bench: everything that has a budget, measured."""

from __future__ import annotations

import subprocess

from steps import environment, frontend, languages
from steps.places import PYTHON, ROOT


def main(arguments: list[str]) -> int:
    """Set up what is missing, then measure; arguments name the parts."""
    environment.prepare("development")
    frontend.prepare()
    languages.prepare()
    return subprocess.call([PYTHON, "-m", "benchmarks", *arguments], cwd=ROOT, stdin=subprocess.DEVNULL)
