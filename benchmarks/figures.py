"""What a benchmark found, beside its budget: for whoever runs it alone, and for `python -m benchmarks`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

# The file in which `python -m benchmarks` gathers what its parts found.
GATHERED = "BENCHMARK_FIGURES"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number and the most that it may be, in the same unit."""

    name: str
    value: float
    unit: str
    budget: float

    @property
    def verdict(self) -> str:
        return "within" if self.value <= self.budget else "over"


def publish(*figures: Figure) -> None:
    """Print the figures, and hand them to whoever gathers them."""
    print()
    print_table(figures)
    if gathered := os.environ.get(GATHERED):
        with Path(gathered).open("a") as file:
            file.writelines(f"{json.dumps(asdict(figure))}\n" for figure in figures)


def read_gathered(path: Path) -> list[Figure]:
    return [Figure(**json.loads(line)) for line in path.read_text().splitlines()]


def print_table(figures: Iterable[Figure]) -> None:
    """A table that can be pasted into docs/reference/benchmarks.md as it is."""
    print("| figure | measured | budget | |")
    print("| --- | ---: | ---: | --- |")
    for figure in figures:
        measured, budget = f"{_say(figure.value)} {figure.unit}", f"{figure.budget:g} {figure.unit}"
        print(f"| {figure.name} | {measured} | {budget} | {figure.verdict} |")


def _say(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"
