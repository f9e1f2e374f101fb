"""bin/lock: write the lock files, with hashes, for every system and Python that we support."""

from __future__ import annotations

import re
from pathlib import Path

from steps import environment
from steps.commands import run_quietly
from steps.places import LOCKS, ROOT, VENV
from steps.say import phase

# What each lock file is for, and the extras of pyproject.toml that it holds. The first one is made first and the others
# take its versions, so that one environment can hold them all.
FILES = {
    "development": ("bin/test and bin/check", ["demo", "dev", "embedded"]),
    "run": ("bin/run", ["demo", "embedded"]),
    "production": ("a server", []),
    "frontend": ("npm, where the machine has none", []),
    "uv": ("the set-up itself", []),
}


def main(arguments: list[str]) -> int:
    """Take the newest versions that fit, or with a package's name as argument, of that package only."""
    environment.prepare("development")
    for name, (purpose, extras) in FILES.items():
        with phase(f"requirements/{name}.txt"):
            _lock(name, purpose, extras, arguments)
    with phase("package-lock.json"):
        run_quietly(
            ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"],
            otherwise="the front-end packages cannot be locked",
        )
    return 0


def _lock(name: str, purpose: str, extras: list[str], packages: list[str]) -> None:
    target = LOCKS / f"{name}.txt"
    command: list[str | Path] = [
        *(VENV / "bin" / "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
        *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--output-file", target),
    ]
    if name != "development":
        command += ["--constraint", LOCKS / "development.txt", "--upgrade"]
    elif packages:
        command += [part for package in packages for part in ("--upgrade-package", package)]
    else:
        command += ["--upgrade"]
    source = ROOT / "pyproject.toml"
    if (LOCKS / f"{name}.in").exists():
        source = LOCKS / f"{name}.in"
    else:
        command += [part for extra in extras for part in ("--extra", extra)]
    run_quietly([*command, source], otherwise=f"{target.name} cannot be made")
    text = re.sub(r"(?m)^(#.*|--.*)\n", "", target.read_text())
    target.write_text(f"# For {purpose}. Made by bin/lock from pyproject.toml.\n{text}")
