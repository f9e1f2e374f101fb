"""
docs/reference/template-variables.md, whose table is made from the list of variables.

    python -m tests.support.variables_page --write
"""

from __future__ import annotations

import sys
from pathlib import Path

from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.variables import VARIABLES, Variable

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "template-variables.md"
_BEGIN = "| variable | means | example | has a value in |\n| --- | --- | --- | --- |\n"


def make_page() -> str:
    """The page with its table made anew; what stands around the table is written by hand."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    table = "".join(_row(variable) for variable in VARIABLES)
    return before + _BEGIN + table + rest[rest.index("\n## ") :]


def _row(variable: Variable) -> str:
    left_out = [kind for kind in Kind if kind not in variable.kinds]
    if not left_out:
        where = "all"
    elif len(left_out) < len(variable.kinds):
        where = "all but " + ", ".join(f"`{kind}`" for kind in left_out)
    else:
        where = ", ".join(f"`{kind}`" for kind in Kind if kind in variable.kinds)
    example = "see below" if isinstance(variable.example, list) else variable.example
    return f"| `{variable.name}` | {variable.meaning} | {example} | {where} |\n"


if __name__ == "__main__" and "--write" in sys.argv:
    PAGE.write_text(make_page(), encoding="utf-8")
