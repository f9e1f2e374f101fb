"""What a member is called, and in which language dates are written for them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from slotdesk.domain.events.changes import changes_between
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent
from slotdesk.domain.sign_in.second_factor import has_places_elsewhere
from slotdesk.domain.tenants.grants import must_cover
from slotdesk.domain.tenants.models import Language, Membership, User


class BadName(ValueError):
    """The name is empty, or ends as the history marks clients."""


class NamedElsewhere(Exception):
    """The person belongs, or once belonged, to another account too; only they themselves say what they are called."""


# How the history tells a client from the account's own people.
_MARK_OF_CLIENTS = "(client)"


def is_misleading(name: str) -> bool:
    """Whether the history would take somebody of this name for a client."""
    return name.strip().lower().endswith(_MARK_OF_CLIENTS)


@transaction.atomic(durable=True)
def save_details(
    *, member: Membership, name: str, language: Language, by: Membership, actor: str, now: datetime
) -> None:
    """
    Name the member, and say in which language dates are written for them. What happened before keeps the name of then.
    Clients read it too where the PSA never named the person.

    by   who does it: the person, or somebody who may do no less than they. Raises BadName, NamedElsewhere,
         NotYoursToGive.
    """
    name = name.strip()
    if not name or is_misleading(name):
        raise BadName(name)
    if by.user_id != member.user_id:
        must_cover(by.role, member.role)
        if has_places_elsewhere(user_id=member.user_id, account=member.account):
            raise NamedElsewhere(member.public_id)
    user = User.objects.select_for_update(no_key=True).get(pk=member.user_id)
    before = {"name": user.name, "language": user.language}
    user.name, user.language = name, language.value
    changes = changes_between(before, {"name": user.name, "language": user.language})
    if not changes:
        return
    user.save(update_fields=["name", "language"])
    Agent.objects.filter(membership=member, psa_hours__isnull=True).update(name=name)
    record(
        account=member.account,
        kind="member.changed",
        subject=member.public_id,
        now=now,
        actor=actor,
        changes=changes,
    )
