"""Every direct dependency has its line, with the reason and the licence, in the decision on dependencies."""

from __future__ import annotations

import json
import re
import tomllib

from tests.guard.sources import ROOT, tracked

PAGE = ROOT / "docs" / "decisions" / "0010-dependencies.md"


def direct_dependencies() -> set[str]:
    """Names as the manifests write them, without versions and extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    for path in tracked("requirements/*.in"):
        listed += path.read_text(encoding="utf-8").split()
    names = {re.split(r"[\[<>=~!; ]", requirement)[0] for requirement in listed}
    return names | set(json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"])


class TestDependenciesPage:
    def test_has_one_line_for_every_direct_dependency_and_for_no_other(self) -> None:
        lines = re.findall(r"^\| `([^`]+)` \| [^|]+ \| [^|]+ \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

        assert sorted(lines) == sorted(direct_dependencies())
