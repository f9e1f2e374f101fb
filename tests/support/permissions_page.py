"""
docs/reference/permissions.md, made from the permission table.

    python -m tests.support.permissions_page            prints it
    python -m tests.support.permissions_page --write    writes it
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from slotdesk.domain.tenants.permission_words import MEANINGS, permissions_by_area
from slotdesk.domain.tenants.permissions import DEFAULTS, BuiltIn, Permission

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "permissions.md"

_HEAD = """\
# Permissions

Every member of an account has one role. These are the roles that an account begins with. Administrator and User are the
same everywhere; whoever may edit roles can change Dispatcher and Finance under *Settings → Roles & permissions*, and
add roles of the account's own.

This page is made from `slotdesk/domain/tenants/permissions.py` by `python -m tests.support.permissions_page --write`; a
test fails when it is out of date. Pages and ticket panel ask the same table.
"""
_FOOT = """\
Administrators may do everything, also what a later version adds. What is allowed for all is allowed for one's own.
Whoever may change something may also look at it.

Nobody gives, or takes from somebody else, more than they have themselves: not by a role's permissions, not by giving a
role, not by an invitation. Only administrators change the role that they have, and only they set up signing in through
the firm: whoever names the provider decides whom it signs in. The last administrator cannot be given another role or be
deactivated.

What a person may not see answers 404 *not found*, and so does everything of another account. A page that the role does
not allow answers 403. A change of role or permissions acts with the next click.

Clients have no account and no role. The link in their e-mail opens their own request and nothing else.
"""


def make_page() -> str:
    return "\n".join([_HEAD, *_table(), "", "## What they mean", "", *_meanings(), "", _FOOT])


def _table() -> Iterator[str]:
    yield f"| permission | {' | '.join(role.label for role in BuiltIn)} |"
    yield f"| --- |{' --- |' * len(BuiltIn)}"
    for permission in Permission:
        cells = ("yes" if permission in DEFAULTS[role] else "no" for role in BuiltIn)
        yield f"| `{permission}` | {' | '.join(cells)} |"


def _meanings() -> Iterator[str]:
    yield "| permission | part | allows |"
    yield "| --- | --- | --- |"
    for label, permissions in permissions_by_area():
        for permission in permissions:
            yield f"| `{permission}` | {label} | {MEANINGS[permission]} |"


def main(argv: list[str]) -> int:
    if argv == ["--write"]:
        PAGE.write_text(make_page(), encoding="utf-8")
    elif argv:
        print(__doc__, file=sys.stderr)
        return 2
    else:
        print(make_page(), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
