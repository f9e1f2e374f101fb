"""bin/build: the wheel for production, and what it is installed with."""

from __future__ import annotations

from steps import environment, frontend, languages
from steps.commands import run_quietly
from steps.places import LOCKS, PYTHON, ROOT
from steps.say import phase


def main(_arguments: list[str]) -> int:
    """Build dist/slotdesk-VERSION-py3-none-any.whl."""
    environment.prepare("development")
    frontend.prepare()
    languages.prepare()
    with phase("Wheel"):
        run_quietly(
            [PYTHON, "-m", "build", "--wheel", "--no-isolation", "--outdir", ROOT / "dist", ROOT],
            otherwise="the wheel cannot be built",
        )
    newest = max((ROOT / "dist").glob("*.whl"), key=lambda path: path.stat().st_mtime)
    print(f"\n{newest.relative_to(ROOT)}")
    print(f"Install it with: pip install --require-hashes -r {LOCKS.name}/production.txt")
    print(f"                 pip install --no-deps {newest.name}")
    return 0
