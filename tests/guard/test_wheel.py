"""What a server gets: the wheel holds all that is served and nothing that is only for us."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from steps.catalogs import LANGUAGES
from tests.guard.sources import ROOT, relative, tracked

VENDOR = "slotdesk/web/static/vendor"


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of a wheel that is built here and now."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


class TestWheel:
    def test_holds_the_templates_the_pages_and_the_vendors_files(self, names: set[str]) -> None:
        served = [
            relative(path)
            for path in tracked(
                "slotdesk/*.html", "slotdesk/*.css", "slotdesk/*.js", "slotdesk/*.svg", "slotdesk/*.txt"
            )
            if "tests" not in path.parts
        ]
        vendor = [f"{VENDOR}/{name}" for name in json.loads((ROOT / "frontend.json").read_text())]

        assert set(served) - names == set()
        assert set(vendor) - names == set()

    def test_holds_the_languages_ready_for_use(self, names: set[str]) -> None:
        compiled = {f"slotdesk/locale/{language}/LC_MESSAGES/django.mo" for language in LANGUAGES}

        assert compiled - names == set()

    def test_holds_the_licence_and_the_command(self, names: set[str]) -> None:
        metadata = {Path(name).name for name in names if ".dist-info/" in name}

        assert {"LICENSE", "entry_points.txt"} <= metadata

    def test_leaves_out_tests_and_stand_ins(self, names: set[str]) -> None:
        assert [name for name in names if "/tests/" in name or name.startswith(("sandbox/", "tests/", "bin/"))] == []
