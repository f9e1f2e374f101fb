"""Changing agents, told in the audit trail."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from slotdesk.domain.events.changes import changes_between, values_of
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.hours import read_hours
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.slugs import SlugTaken, is_taken
from slotdesk.domain.people.turns import follow_presence_of


def save_agent(*, agent: Agent, actor: str, now: datetime) -> None:
    """Store a changed agent. Raises BadHours when the hours cannot be read, SlugTaken."""
    read_hours(agent.hours)
    if is_taken(agent.slug, account=agent.account, besides=agent):
        raise SlugTaken(agent.slug)
    try:
        with transaction.atomic(durable=True):
            before = values_of(Agent.objects.select_for_update().get(pk=agent.pk))
            agent.save()
            record(
                account=agent.account,
                kind="agent.changed",
                subject=agent.public_id,
                now=now,
                actor=actor,
                changes=changes_between(before, values_of(agent)),
            )
    except IntegrityError as error:
        if "agent_slug_once" in str(error):
            raise SlugTaken(agent.slug) from error
        raise


@transaction.atomic(durable=True)
def set_schedulable(*, agent: Agent, is_schedulable: bool, actor: str, now: datetime) -> None:
    """Let clients book the agent, or no longer. Appointments that stand are not touched."""
    changed = Agent.objects.filter(pk=agent.pk, is_schedulable=not is_schedulable).update(is_schedulable=is_schedulable)
    if changed:
        follow_presence_of([Agent.objects.get(pk=agent.pk)], now=now)
        record(
            account=agent.account,
            kind="agent.schedulable" if is_schedulable else "agent.not_schedulable",
            subject=agent.public_id,
            now=now,
            actor=actor,
            changes={"is_schedulable": (not is_schedulable, is_schedulable)},
        )
