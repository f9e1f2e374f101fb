"""What the commands in bin/ say when they cannot go on."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from steps.ports import Ports, refuse_taken
from steps.say import Failed

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A machine that has a shell, and no Python."""
    for tool in ("sh", "dirname", "head", "env"):
        found = shutil.which(tool)
        assert found
        (tmp_path / tool).symlink_to(found)
    return tmp_path


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """The commands in a folder where nothing has been set up."""
    folder = tmp_path / "a folder with spaces"
    shutil.copytree(ROOT / "bin", folder / "bin")
    return folder


def run(folder: Path, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [folder / "bin" / "run"], env={"PATH": str(path)}, capture_output=True, text=True, check=False, timeout=60
    )


class TestWithPython:
    def test_says_that_there_is_no_python(self, elsewhere: Path, bare_path: Path) -> None:
        done = run(elsewhere, bare_path)

        assert done.returncode == 1
        assert done.stderr.startswith("bin/run: needs Python 3.11 or newer, found none.")

    def test_says_that_the_python_is_too_old(self, elsewhere: Path, bare_path: Path) -> None:
        old = bare_path / "python3"
        old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
        old.chmod(0o755)

        done = run(elsewhere, bare_path)

        assert done.returncode == 1
        assert done.stderr.startswith("bin/run: needs Python 3.11 or newer, found only: Python 3.9.2.")


class TestPorts:
    def test_a_taken_port_is_named_with_a_block_that_is_free(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]

            with pytest.raises(Failed, match=rf"port {port} is taken: stop what listens there, or try: bin/run --port"):
                refuse_taken("127.0.0.1", Ports(port))

    def test_a_port_for_administrators_is_named_as_such(self) -> None:
        if os.geteuid() == 0:
            pytest.skip("root may listen everywhere")

        with pytest.raises(Failed, match="port 80 needs more rights"):
            refuse_taken("127.0.0.1", Ports(80))

    def test_an_address_that_is_not_ours_is_named(self) -> None:
        with pytest.raises(Failed, match=r"--host: cannot listen on 203\.0\.113\.1"):
            refuse_taken("203.0.113.1", Ports(8000))
