"""Lists of holidays that an account keeps: own dates, or a country's. Each change is told in the audit trail."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from slotdesk.domain.events.operations import record
from slotdesk.domain.people.country_holidays import bring_up_to_date, years_of
from slotdesk.domain.people.hours import clock_text
from slotdesk.domain.people.models import Agent, Holiday, HolidayList
from slotdesk.domain.tenants.models import Account


class ListIsMirrored(Exception):
    """The dates come from the PSA or from a country's calendar, which would bring them back."""


class ListInUse(Exception):
    """Somebody's holidays are these; `names` says whose."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class DateTaken(Exception):
    """The list has a whole-day holiday on this date already."""


class BadPart(ValueError):
    """The part of the day ends before it begins."""


@transaction.atomic(durable=True)
def create_list(*, account: Account, name: str, actor: str, now: datetime) -> HolidayList:
    """Make an empty list for dates of one's own."""
    row = HolidayList.objects.create(account=account, name=name)
    record(
        account=row.account,
        kind="holiday_list.created",
        subject=row.public_id,
        now=now,
        actor=actor,
        changes={"name": (None, name)},
    )
    return row


@transaction.atomic(durable=True)
def add_country(*, account: Account, country: str, part: str, actor: str, now: datetime) -> HolidayList:
    """
    Make the list of a country's public holidays, or of a part of it; the one that is there is brought up to date.

    It is kept up to date from then on. Raises country_holidays.UnknownCountry.
    """
    known = set(HolidayList.objects.filter(account=account).values_list("pk", flat=True))
    row = bring_up_to_date(account=account, country=country, part=part, years=years_of(now.date()))
    if row.pk not in known:
        record(
            account=row.account,
            kind="holiday_list.created",
            subject=row.public_id,
            now=now,
            actor=actor,
            changes={"name": (None, row.name)},
        )
    return row


@transaction.atomic(durable=True)
def rename_list(*, holiday_list: HolidayList, name: str, actor: str, now: datetime) -> None:
    """Give a list another name; also one that is mirrored."""
    before, holiday_list.name = HolidayList.objects.get(pk=holiday_list.pk).name, name
    holiday_list.save(update_fields=["name"])
    record(
        account=holiday_list.account,
        kind="holiday_list.changed",
        subject=holiday_list.public_id,
        now=now,
        actor=actor,
        changes={"name": (before, name)},
    )


@transaction.atomic(durable=True)
def add_holiday(
    *,
    holiday_list: HolidayList,
    day: date,
    name: str,
    start: int | None = None,
    end: int | None = None,
    actor: str,
    now: datetime,
) -> Holiday:
    """
    Close a date, or with start and end (minutes since midnight) a part of it, for everybody who uses the list.

    Raises ListIsMirrored, DateTaken, BadPart.
    """
    if holiday_list.source:
        raise ListIsMirrored
    if (start is None) != (end is None) or (start is not None and end is not None and end <= start):
        raise BadPart
    if start is None and Holiday.objects.filter(holiday_list=holiday_list, date=day, start=None).exists():
        raise DateTaken(day)
    row = Holiday.objects.create(holiday_list=holiday_list, date=day, name=name, start=start, end=end)
    record(
        account=holiday_list.account,
        kind="holiday_list.changed",
        subject=holiday_list.public_id,
        now=now,
        actor=actor,
        changes={day.isoformat(): (None, _say(row))},
    )
    return row


@transaction.atomic(durable=True)
def remove_holiday(*, holiday: Holiday, actor: str, now: datetime) -> None:
    """Let people work on the date again. Raises ListIsMirrored."""
    if holiday.holiday_list.source:
        raise ListIsMirrored
    record(
        account=holiday.holiday_list.account,
        kind="holiday_list.changed",
        subject=holiday.holiday_list.public_id,
        now=now,
        actor=actor,
        changes={holiday.date.isoformat(): (_say(holiday), None)},
    )
    holiday.delete()


@transaction.atomic(durable=True)
def remove_list(*, holiday_list: HolidayList, actor: str, now: datetime) -> None:
    """Delete a list that nobody uses. Raises ListInUse."""
    using = Agent.objects.filter(Q(holiday_list=holiday_list) | Q(psa_holiday_list=holiday_list)).order_by("name")
    if names := list(using.values_list("name", flat=True)):
        raise ListInUse(names)
    record(
        account=holiday_list.account,
        kind="holiday_list.removed",
        subject=holiday_list.public_id,
        now=now,
        actor=actor,
        changes={"name": (holiday_list.name, None)},
    )
    holiday_list.delete()


def list_lists() -> QuerySet[HolidayList]:
    """The account's lists by name, each with how many use it (`users`)."""
    using = Count("agent", filter=Q(agent__is_active=True), distinct=True)
    return HolidayList.objects.annotate(users=using).order_by("name", "id")


def get_list(public_id: str) -> HolidayList:
    """Raises HolidayList.DoesNotExist."""
    return HolidayList.objects.select_related("account").get(public_id=public_id)


def _say(holiday: Holiday) -> str:
    if holiday.start is None or holiday.end is None:
        return holiday.name
    return f"{holiday.name}, {clock_text(holiday.start)}-{clock_text(holiday.end)}"
