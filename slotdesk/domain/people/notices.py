"""Which e-mails a technician wants about their own appointments. All of them, until they switch some off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent


class Notice(StrEnum):
    """The values are those of messages.kinds.Kind."""

    BOOKED = "booked_notice"
    RESCHEDULED = "rescheduled_notice"
    CANCELLED = "cancelled_notice"
    TAKEN_OVER = "reassigned_notice"
    HANDED_OVER = "handed_over_notice"


@transaction.atomic(durable=True)
def choose_notices(*, agent: Agent, wanted: Collection[Notice], actor: str, now: datetime) -> None:
    """Send the agent these notices from now on, and no others."""
    locked = Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
    before, after = locked.muted_notices, [each.value for each in Notice if each not in wanted]
    if before == after:
        return
    locked.muted_notices = after
    locked.save(update_fields=["muted_notices"])
    record(
        account=agent.account,
        kind="agent.changed",
        subject=agent.public_id,
        now=now,
        actor=actor,
        changes={"notices_switched_off": (before, after)},
    )
