"""Print the engine's times beside a textbook's, for the same questions in the same run."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks.availability import textbook
from benchmarks.availability.workloads import in_columns, make_question, with_team
from benchmarks.figures import Figure, publish
from benchmarks.measure import machine, median, percentile_95
from slotdesk.availability.caches import clear_caches
from slotdesk.availability.question import Question
from slotdesk.availability.slots import list_slots, next_slot
from slotdesk.availability.values import Slot

_WORKLOADS = ((1, 60), (50, 30), (200, 60), (200, 120), (400, 120))
# Milliseconds.
_BUDGETS = {(1, 60): {"cold": 1}, (50, 30): {"cold": 6}, (200, 60): {"cold": 25, "warm": 3}}
_NEXT_BUDGET = 50


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.availability", description=__doc__)
    parser.add_argument("--times", type=int, default=15, help="runs of each measurement")
    times = parser.parse_args().times
    print(machine())
    print("processor time of one core, so that a busy machine blurs it less")
    print("busy entries are kept by column (BusyColumns), except for the textbook and where it says tuples")
    print("cold: computed from plain values; warm: with what is remembered of agents who have not changed")
    print("slots: all that can be offered, and bits that say who could take each; ids: these written out as well")
    print("ratio: the textbook's time divided by the engine's")
    figures = []
    for size in _WORKLOADS:
        taken = _compare(make_question(*size), "{} x {}".format(*size), times)
        for state, budget in _BUDGETS.get(size, {}).items():
            name = "engine, {} agents x {} days, {}".format(*size, state)
            figures.append(Figure(name, median(taken[f"{state} slots"]), "ms", budget))
    found = _find_next(times)
    publish(*figures, Figure("engine, next free time of 200 agents in a year, cold", median(found), "ms", _NEXT_BUDGET))


def _compare(question: Question, name: str, times: int) -> dict[str, list[float]]:
    """Print how this question fares, and return the times by what was measured."""
    by_textbook = textbook.list_slots(question)
    by_engine = {slot.start: list(slot.agent_ids) for slot in list_slots(question)}
    if by_engine != by_textbook:
        raise SystemExit(f"{name}: the engine and the textbook do not agree")
    ids = sum(map(len, by_textbook.values()))
    print(f"\n{name} agents x days: {len(by_textbook):,} slots, {ids:,} agent ids")
    slow = _timed(textbook.list_slots, lambda: question, max(3, times // 5))
    _line("textbook", slow)
    _line("cold slots, entries as tuples", _cold(list_slots, question, times), slow)
    question = in_columns(question)
    taken = {
        "cold slots": _cold(list_slots, question, times),
        "cold slots and ids": _cold(_written_out, question, times),
    }
    list_slots(question)
    taken |= {
        "warm slots": _timed(list_slots, lambda: question, times),
        "warm slots and ids": _timed(_written_out, lambda: question, times),
    }
    for what, each in taken.items():
        _line(what, each, slow)
    _line("warm slots, one agent changed", _timed(list_slots, lambda: _one_changed(question), times), slow)
    return taken


def _written_out(question: Question) -> list[Slot]:
    return list(list_slots(question))


def _find_next(times: int) -> list[float]:
    """Print how long the next free time takes to be found, and return the times, cold."""
    question = in_columns(make_question(200, 365, is_full=True))
    slot = next_slot(question)
    if slot is None or slot.start < question.window_end - 7 * 86_400:
        raise SystemExit("next free time: the team should be free on the last working day only")
    print("\nnext free time of 200 agents who have none for a year")
    cold = _cold(next_slot, question, times)
    _line("cold", cold)
    next_slot(question)
    _line("warm", _timed(next_slot, lambda: question, times))
    return cold


def _cold(ask: Callable[[Question], object], question: Question, times: int) -> list[float]:
    def unremembered() -> Question:
        clear_caches()
        return with_team(question, *(replace(agent) for agent in question.resources[0].agents))

    return _timed(ask, unremembered, times)


def _one_changed(question: Question) -> Question:
    first, *others = question.resources[0].agents
    return with_team(question, replace(first), *others)


def _timed(ask: Callable[[Question], object], prepare: Callable[[], Question], times: int) -> list[float]:
    """The milliseconds of processor time of each answer, preparation excluded."""
    taken = []
    for _ in range(times):
        question = prepare()
        begun = time.process_time()
        ask(question)
        taken.append((time.process_time() - begun) * 1000)
    return sorted(taken)


def _line(name: str, taken: list[float], slow: list[float] | None = None) -> None:
    ratio = f"   {median(slow) / median(taken):7.1f} x" if slow and slow is not taken else ""
    print(f"  {name:<32} median {median(taken):8.3f} ms   p95 {percentile_95(taken):8.3f} ms{ratio}")


if __name__ == "__main__":
    main()
