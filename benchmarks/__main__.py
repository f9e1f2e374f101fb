"""
Measure everything that has a budget, and print one table.

    python -m benchmarks            or bin/bench, which sets up what is missing first
    python -m benchmarks booking    only the parts with this in their name

Each part runs in a process of its own, and can be run alone: python -m benchmarks.booking.listing
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import GATHERED, print_table, read_gathered
from benchmarks.measure import machine

PARTS = (
    "benchmarks.availability",
    "benchmarks.booking.transaction",
    "benchmarks.booking.listing",
    "benchmarks.booking.phone",
    "benchmarks.booking.visitors",
    "benchmarks.workflows.sweep",
    "benchmarks.demo",
)
_ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Exit code 1 when a part fails or a figure is over its budget."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure everything that has a budget, and print one table."
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="only parts with this in their name")
    wanted = parser.parse_args().parts
    parts = [part for part in PARTS if not wanted or any(word in part for word in wanted)]
    if not parts:
        parser.error(f"no part is called so; there are {', '.join(PARTS)}")
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        gathered = Path(folder) / "figures"
        gathered.touch()
        for part in parts:
            print(f"== {part}\n", flush=True)
            if subprocess.call([sys.executable, "-m", part], cwd=_ROOT, env={**os.environ, GATHERED: str(gathered)}):
                failed.append(part)
            print(flush=True)
        figures = read_gathered(gathered)
    print(f"== All budgets, {datetime.now(UTC):%Y-%m-%d}, {machine()}\n")
    print_table(figures)
    for part in failed:
        print(f"\n{part} failed; see above.")
    return 1 if failed or any(figure.verdict == "over" for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
