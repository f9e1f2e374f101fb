"""Leave of single people. Each change is told in the audit trail, a private name never."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import pgettext

from slotdesk.domain.events.changes import changes_between, values_of
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent, TimeOff


class BadTimeOff(ValueError):
    """The stretch ends before it begins. `field` names what is wrong: ends_on or end."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class TimeOffIsMirrored(Exception):
    """It was read from somewhere else, which would bring it back; change it there."""


@transaction.atomic(durable=True)
def save_time_off(*, time_off: TimeOff, actor: str, now: datetime) -> None:
    """Store new or changed leave. Raises BadTimeOff, TimeOffIsMirrored."""
    if time_off.source:
        raise TimeOffIsMirrored
    if time_off.ends_on < time_off.starts_on:
        raise BadTimeOff("ends_on", pgettext("staff", "The last day must not be before the first."))
    is_one_day = time_off.starts_on == time_off.ends_on
    start, end = time_off.start or 0, 24 * 60 if time_off.end is None else time_off.end
    if is_one_day and end <= start:
        raise BadTimeOff("end", pgettext("staff", "Must be after the start."))
    before = _told(TimeOff.objects.get(pk=time_off.pk)) if time_off.pk else None
    time_off.save()
    record(
        account=time_off.agent.account,
        kind="agent.time_off_set",
        subject=time_off.agent.public_id,
        now=now,
        actor=actor,
        changes=changes_between(before, _told(time_off)),
    )


@transaction.atomic(durable=True)
def remove_time_off(*, time_off: TimeOff, actor: str, now: datetime) -> None:
    """Call the leave off. Raises TimeOffIsMirrored."""
    if time_off.source:
        raise TimeOffIsMirrored
    record(
        account=time_off.agent.account,
        kind="agent.time_off_removed",
        subject=time_off.agent.public_id,
        now=now,
        actor=actor,
        changes={field: (value, None) for field, value in _told(time_off).items() if value not in (None, "")},
    )
    time_off.delete()


def list_time_off(agent: Agent, *, since: date) -> list[TimeOff]:
    """Leave that is not over on this date, earliest first."""
    return list(TimeOff.objects.filter(agent=agent, ends_on__gte=since).order_by("starts_on", "id"))


def _told(time_off: TimeOff) -> dict[str, object]:
    told = values_of(time_off, without=("agent", "source"))
    if time_off.is_private:
        told["name"] = "private"
    return told
