"""`slotdesk slots`: free times from a JSON file, without a database."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from slotdesk.availability.caches import clear_caches
from slotdesk.availability.explain import Finding, explain_slot
from slotdesk.availability.question import BadQuestion, Question, Resource
from slotdesk.availability.slots import list_slots
from slotdesk.availability.workload import BadWorkload, read_workload


def main(argv: list[str]) -> int:
    """Print the answer to the workload and return the exit code: 0 done, 2 wrongly asked."""
    options = _parser().parse_args(argv)
    try:
        question = read_workload(_load(options.file))
        if options.explain is not None:
            answer = _explanation(question, options.explain)
        else:
            answer = _slots(question, with_agents=options.agents)
    except (BadWorkload, BadQuestion) as error:
        print(f"slotdesk slots: {error}", file=sys.stderr)
        return 2
    print(json.dumps(answer))
    if options.repeat:
        _report("cold", _times(options.repeat, lambda: _unremembered(question)))
        _report("warm", _times(options.repeat, lambda: question))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="slotdesk slots",
        description="Compute free times from a JSON workload. The format: docs/concepts/availability.md.",
    )
    parser.add_argument("file", nargs="?", default="-", help="the workload; - or nothing reads standard input")
    parser.add_argument("--no-agents", dest="agents", action="store_false", help="leave out who could take each slot")
    parser.add_argument("--explain", type=int, metavar="EPOCH", help="say why this start is offered or not")
    parser.add_argument(
        "--repeat",
        type=_count,
        metavar="N",
        help="answer N times more and print the engine's own time to standard error, with nothing remembered (cold) "
        "and with what it remembers of the agents (warm)",
    )
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number, 1 or more.")
    return int(text)


def _load(file: str) -> object:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return json.loads(content)
    except OSError as error:
        raise BadWorkload(f"{file}: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise BadWorkload(f"{file}: is not JSON: {error}.") from error


def _slots(question: Question, *, with_agents: bool) -> dict[str, Any]:
    slots = list_slots(question)
    if not with_agents:
        return {"slots": slots.starts}
    return {"slots": slots.starts, "agents": {str(slot.start): slot.agent_ids for slot in slots}}


def _explanation(question: Question, start: int) -> dict[str, Any]:
    explanation = explain_slot(question, start)
    return {
        "start": explanation.start,
        "end": explanation.end,
        "is_offered": explanation.is_offered,
        "agent_ids": explanation.agent_ids,
        "findings": [_finding(each) for each in explanation.findings],
        "agents": [
            {"id": agent.agent_id, "can_take": agent.can_take, "findings": [_finding(each) for each in agent.findings]}
            for agent in explanation.agents
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    facts = {"reason": finding.reason, "start": finding.start, "end": finding.end, "remedy": finding.remedy}
    return {name: value for name, value in facts.items() if value is not None}


def _unremembered(question: Question) -> Question:
    """The same question as it comes from plain values, with every cache of the engine empty."""
    clear_caches()
    resources = (
        Resource(tuple(replace(agent) for agent in each.agents), each.is_team, each.rule) for each in question.resources
    )
    return replace(question, resources=tuple(resources))


def _times(count: int, prepare: Callable[[], Question]) -> list[float]:
    """The milliseconds of each of `count` answers, in order of length; reading and writing JSON is no part of it."""
    times = []
    for _ in range(count):
        question = prepare()
        begun = time.perf_counter()
        list_slots(question)
        times.append((time.perf_counter() - begun) * 1000)
    return sorted(times)


def _report(name: str, times: list[float]) -> None:
    median, late = times[(len(times) - 1) // 2], times[-(-len(times) * 95 // 100) - 1]
    print(f"{name}: median {median:.3f} ms, p95 {late:.3f} ms, {len(times)} runs", file=sys.stderr)
