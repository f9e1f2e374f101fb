"""Keeps the demo's processes running until somebody says stop, and then leaves none behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from steps.places import ROOT
from steps.say import Failed

_GRACE_SECONDS = 20
# A process that dies this soon after its start, this many times in a row, will not get better.
_SOON_SECONDS = 10
_TRIES = 3
_ASK_EVERY_SECONDS = 2


@dataclass
class Program:
    """One process of the demo: how it is started, and how one sees that it answers."""

    name: str
    command: Sequence[str]
    answers: Callable[[], bool]
    deaths: int = 0
    started_at: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)


class Supervisor:
    """
    Starts programs in their own sessions, so that Ctrl-C reaches us alone, and stops them, last one first.

    A program that dies is started again: killing the worker is something that people try. On Linux the programs stop
    by themselves even when we are killed.
    """

    def __init__(self, log_folder: Path, environment: Mapping[str, str], *, is_loud: bool) -> None:
        self._log_folder = log_folder
        self._environment = environment
        self._is_loud = is_loud
        self._programs: list[Program] = []

    def start(self, program: Program, *, seconds: float = 60) -> None:
        """Start the program and wait until it answers. Raises Failed when it dies or stays silent."""
        self._programs.append(program)
        self._spawn(program)
        deadline = time.monotonic() + seconds
        while not program.answers():
            if _process(program).poll() is not None:
                raise Failed(f"{program.name} did not start: {self._last_words(program)}")
            if time.monotonic() > deadline:
                raise Failed(f"{program.name} does not answer; see {self._log(program)}")
            time.sleep(0.1)

    def watch(self, find_fault: Callable[[], str] = lambda: "") -> None:
        """
        Start again what dies, until KeyboardInterrupt.

        find_fault   says what has gone that nobody here can start again, "" while all is there; asked every so often
        Raises Failed with that, and when something keeps dying.
        """
        asked_at = time.monotonic()
        while True:
            if time.monotonic() - asked_at > _ASK_EVERY_SECONDS:
                if fault := find_fault():
                    raise Failed(fault)
                asked_at = time.monotonic()
            for program in self._programs:
                code = _process(program).poll()
                if code is None:
                    continue
                is_soon = time.monotonic() - program.started_at < _SOON_SECONDS
                program.deaths = program.deaths + 1 if is_soon else 1
                if program.deaths >= _TRIES:
                    raise Failed(f"{program.name} keeps stopping: {self._last_words(program)}")
                print(f"  {program.name} stopped ({_ending(code)}) and is started again.", flush=True)
                self._spawn(program)
            time.sleep(0.3)

    def stop(self) -> None:
        """Ask every program to stop, all at once, and kill those that have not done so in time."""
        running = [program for program in reversed(self._programs) if program.process]
        for program in running:
            if _process(program).poll() is None:
                _process(program).terminate()
        deadline = time.monotonic() + _GRACE_SECONDS
        for program in running:
            try:
                _process(program).wait(max(0.1, deadline - time.monotonic()))
            except (subprocess.TimeoutExpired, KeyboardInterrupt):
                deadline = 0
            # The session may hold children of its own, which a killed parent leaves behind.
            try:
                os.killpg(_process(program).pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            _process(program).wait()

    def _spawn(self, program: Program) -> None:
        program.started_at = time.monotonic()
        with self._log(program).open("ab") as log:
            program.process = subprocess.Popen(
                program.command,
                cwd=ROOT,
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=None if self._is_loud else log,
                stderr=None if self._is_loud else subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_stop_with_parent if sys.platform == "linux" else None,
            )

    def _log(self, program: Program) -> Path:
        return self._log_folder / f"{program.name.replace(' ', '-')}.log"

    def _last_words(self, program: Program) -> str:
        if self._is_loud:
            return "it said why above"
        lines = [line.strip() for line in self._log(program).read_text(errors="replace").splitlines() if line.strip()]
        return f"{(lines or ['it said nothing.'])[-1]} (more in {self._log(program)})"


def _process(program: Program) -> subprocess.Popen[bytes]:
    if program.process is None:
        raise ValueError(f"{program.name} was never started")
    return program.process


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"


_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _stop_with_parent() -> None:
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
