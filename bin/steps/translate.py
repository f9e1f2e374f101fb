"""bin/translate: the catalogues of all languages, brought up to date with the texts in the code."""

from __future__ import annotations

from steps import environment
from steps.places import continue_in_venv


def main(arguments: list[str]) -> int:
    """Set up, then go on in the virtual environment, which has the libraries that read the texts."""
    environment.prepare("development")
    return continue_in_venv("catalogs", arguments)
