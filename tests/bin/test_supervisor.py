"""The supervisor behind bin/run, with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from steps.say import Failed
from steps.supervisor import Program, Supervisor

# Says that it began, makes a child that would outlive it, and waits.
PATIENT = "import pathlib, subprocess, sys, time; f = pathlib.Path(sys.argv[1]); "
PATIENT += "c = subprocess.Popen(['sleep', '600']); f.open('a').write(f'{c.pid}\\n'); time.sleep(600)"
HASTY = "import sys; sys.exit('I cannot find my hat')"


def program(name: str, code: str, notes: Path, answers: Callable[[], bool] | None = None) -> Program:
    """A program that runs Python code, and answers once it has written to its notes."""
    return Program(name, [sys.executable, "-c", code, str(notes)], answers or notes.exists)


def is_alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return state.strip()[:1] not in ("", "Z")


def children(notes: Path) -> list[int]:
    return [int(line) for line in notes.read_text().split()]


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "this did not come true"
        time.sleep(0.05)


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    return Supervisor(tmp_path, {"PYTHONUTF8": "1"}, is_loud=False)


@pytest.fixture
def listens_to_ctrl_c() -> Iterator[None]:
    """A shell that starts the tests in the background has them ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class TestStart:
    def test_waits_until_the_program_answers(self, supervisor: Supervisor, tmp_path: Path) -> None:
        notes = tmp_path / "notes"

        supervisor.start(program("patient", PATIENT, notes))

        assert notes.exists()
        supervisor.stop()

    def test_says_what_a_program_that_died_said_last(self, supervisor: Supervisor, tmp_path: Path) -> None:
        with pytest.raises(Failed, match="hasty did not start: I cannot find my hat"):
            supervisor.start(program("hasty", HASTY, tmp_path / "notes"))

        supervisor.stop()


class TestStop:
    def test_leaves_no_process_behind(self, supervisor: Supervisor, tmp_path: Path) -> None:
        first, second = tmp_path / "first", tmp_path / "second"
        supervisor.start(program("first", PATIENT, first))
        supervisor.start(program("second", PATIENT, second))
        (one,), (other,) = children(first), children(second)
        assert is_alive(one)
        assert is_alive(other)

        supervisor.stop()

        assert not is_alive(one)
        assert not is_alive(other)


class TestWatch:
    @pytest.mark.usefixtures("listens_to_ctrl_c")
    def test_starts_again_what_was_killed(
        self, supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        notes = tmp_path / "notes"
        patient = program("patient", PATIENT, notes)
        supervisor.start(patient)
        assert patient.process is not None
        os.kill(patient.process.pid, signal.SIGKILL)

        interrupt_when(lambda: len(children(notes)) == 2)
        with pytest.raises(KeyboardInterrupt):
            supervisor.watch()

        assert "patient stopped (killed by SIGKILL) and is started again" in capsys.readouterr().out
        supervisor.stop()

    def test_gives_up_on_what_keeps_dying(self, supervisor: Supervisor, tmp_path: Path) -> None:
        supervisor.start(program("hasty", HASTY, tmp_path / "notes", answers=lambda: True))

        with pytest.raises(Failed, match="hasty keeps stopping: I cannot find my hat"):
            supervisor.watch()

        supervisor.stop()

    def test_ends_with_what_it_is_told_cannot_be_started_again(self, supervisor: Supervisor, tmp_path: Path) -> None:
        notes = tmp_path / "notes"
        supervisor.start(program("patient", PATIENT, notes))

        with pytest.raises(Failed, match="the ground is gone"):
            supervisor.watch(lambda: "the ground is gone")

        supervisor.stop()
        assert not any(is_alive(pid) for pid in children(notes))


def interrupt_when(condition: Callable[[], bool]) -> None:
    """Press Ctrl-C, so to speak, once the condition holds."""

    def wait() -> None:
        eventually(condition)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=wait, daemon=True).start()
