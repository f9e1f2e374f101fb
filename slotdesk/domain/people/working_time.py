"""When a person works: hours, zone, holidays, single dates. Each change is told in the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from slotdesk.availability.values import MinuteRange, WeeklyRange
from slotdesk.domain.events.changes import changes_between, values_of
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.hours import clock_text, read_hours, settle_choices, write_hours
from slotdesk.domain.people.models import Agent, HolidayList, HoursOverride

_FIELDS = (
    "zone",
    "zone_from",
    "hours",
    "hours_from",
    "own_hours",
    "kept_free",
    "holiday_list",
    "holidays_from",
)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """
    What somebody chose.

    zone           IANA; empty leaves it as it is
    own_hours      counted when hours_from says so, and kept for later when it does not
    kept_free      within the working hours, whoever says these
    holiday_list   counted when holidays_from says so; None = no holidays
    """

    hours_from: str
    own_hours: Sequence[WeeklyRange]
    kept_free: Sequence[WeeklyRange]
    holidays_from: str
    holiday_list: HolidayList | None
    zone: str = ""


@transaction.atomic(durable=True)
def save_working_time(*, agent: Agent, wanted: WorkingTime, actor: str, now: datetime) -> None:
    """Store when the agent works, and what counts from now on. Raises BadHours."""
    row, before = _lock(agent)
    if wanted.zone and wanted.zone != row.zone:
        row.zone, row.zone_from = wanted.zone, Agent.ZoneFrom.OWN
    row.hours_from = wanted.hours_from
    row.own_hours = write_hours(wanted.own_hours)
    row.kept_free = write_hours(wanted.kept_free)
    row.holidays_from = wanted.holidays_from
    if wanted.holidays_from == Agent.HolidaysFrom.OWN:
        row.holiday_list = wanted.holiday_list
    _store(row, before, actor, now)


@transaction.atomic(durable=True)
def choose_zone(*, agent: Agent, zone: str, actor: str, now: datetime) -> None:
    """Let the agent's clock be this one (IANA), where the PSA does not say it. Hours keep their wall clock."""
    row, before = _lock(agent)
    if zone != row.zone:
        row.zone, row.zone_from = zone, Agent.ZoneFrom.OWN
    _store(row, before, actor, now)


@transaction.atomic(durable=True)
def choose_hours_from(*, agent: Agent, source: Agent.HoursFrom, actor: str, now: datetime) -> None:
    """Let the PSA's hours count, or those entered here; the others are kept for later."""
    row, before = _lock(agent)
    row.hours_from = source
    _store(row, before, actor, now)


@transaction.atomic(durable=True)
def set_date(
    *, agent: Agent, day: date, ranges: Sequence[MinuteRange], note: str, actor: str, now: datetime
) -> HoursOverride:
    """
    Give one date hours of its own, instead of those of its weekday; none closes it.

    ranges   minutes since midnight; an end that is not after its start runs on into the next date
    The hours of that date are exactly these: holidays do not close it, and nothing of it is kept free. Raises BadHours.
    """
    stored = [{"start": clock_text(start), "end": clock_text(end)} for start, end in ranges]
    read_hours({"days": [1], **each} for each in stored)
    known = HoursOverride.objects.filter(agent=agent, date=day).first()
    before = known.ranges if known else None
    override, _created = HoursOverride.objects.update_or_create(
        agent=agent, date=day, defaults={"ranges": stored, "note": note}
    )
    record(
        account=agent.account,
        kind="agent.date_set",
        subject=agent.public_id,
        now=now,
        actor=actor,
        data={"date": day.isoformat()},
        changes={"ranges": (before, stored)},
    )
    return override


@transaction.atomic(durable=True)
def clear_date(*, override: HoursOverride, actor: str, now: datetime) -> None:
    """Let the date go by its weekday again."""
    agent = override.agent
    record(
        account=agent.account,
        kind="agent.date_cleared",
        subject=agent.public_id,
        now=now,
        actor=actor,
        data={"date": override.date.isoformat()},
        changes={"ranges": (override.ranges, None)},
    )
    override.delete()


def list_dates(agent: Agent, *, since: date) -> list[HoursOverride]:
    """The agent's dates with hours of their own from this date on, earliest first."""
    return list(HoursOverride.objects.filter(agent=agent, date__gte=since).select_related("agent").order_by("date"))


def _lock(agent: Agent) -> tuple[Agent, dict[str, object]]:
    """The row, locked, and what the audit log tells of it before it is changed."""
    row = Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
    return row, _told(row)


def _store(row: Agent, before: dict[str, object], actor: str, now: datetime) -> None:
    settle_choices(row)
    changes = changes_between(before, _told(row))
    if not changes:
        return
    row.save(update_fields=_FIELDS)
    record(account=row.account, kind="agent.changed", subject=row.public_id, now=now, actor=actor, changes=changes)


def _told(agent: Agent) -> dict[str, object]:
    told = values_of(agent)
    return {field: told[field] for field in _FIELDS}
