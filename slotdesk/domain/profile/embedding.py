"""Which websites may show the account's booking pages inside their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import pgettext

from slotdesk.domain.events.changes import changes_between
from slotdesk.domain.events.operations import record
from slotdesk.domain.profile.models import Profile
from slotdesk.domain.profile.queries import get_profile
from slotdesk.domain.tenants.models import Account
from slotdesk.lib.origins import BadOrigin, read_origin

# All of them stand in a header of every page.
MOST_WEBSITES = 40


class BadWebsites(ValueError):
    """Some line names no website that could be let in. problems: each says which line, and what to write instead."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(*problems)
        self.problems = list(problems)


def read_websites(text: str) -> list[str]:
    """
    Return the websites of a text with one on each line, in its order, each once, as browsers compare them.

    Empty lines say nothing. Raises BadWebsites.
    """
    found: dict[str, None] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found[read_origin(line.strip())] = None
        except BadOrigin as error:
            problems.append(pgettext("staff", "Line %(number)s: %(error)s") % {"number": number, "error": error})
    if len(found) > MOST_WEBSITES:
        problems.append(
            pgettext("staff", "These are %(count)s websites; %(most)s are possible.")
            % {"count": len(found), "most": MOST_WEBSITES}
        )
    if problems:
        raise BadWebsites(problems)
    return list(found)


def list_websites(account: Account) -> list[str]:
    """The websites that may embed; none unless somebody has let one in."""
    return list(get_profile(account).websites)


@transaction.atomic(durable=True)
def save_websites(*, account: Account, websites: Sequence[str], actor: str, now: datetime) -> None:
    """Let these websites embed, and no others, from the next page on. websites: as `read_websites` returns them."""
    Account.objects.select_for_update().get(pk=account.pk)
    before = list_websites(account)
    Profile.objects.update_or_create(account=account, defaults={"websites": list(websites)})
    changes = changes_between({"websites": before}, {"websites": list(websites)})
    if changes:
        kind = "account.websites_changed"
        record(account=account, kind=kind, subject=account.public_id, now=now, actor=actor, changes=changes)
