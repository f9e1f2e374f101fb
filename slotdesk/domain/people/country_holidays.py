"""Public holidays of a country or a part of it, as a list of ours, so that one can see what closes a day."""

from __future__ import annotations

from datetime import date

import holidays
from django.db import transaction

from slotdesk.domain.people.models import Holiday, HolidayList
from slotdesk.domain.tenants.models import Account

_SOURCE = "country:"


class UnknownCountry(LookupError):
    """Nobody knows the public holidays of this country or part of it."""


def list_countries() -> dict[str, list[str]]:
    """Return the countries whose holidays are known, as two letters, each with its parts."""
    return {code: list(parts) for code, parts in holidays.list_supported_countries().items() if len(code) == 2}


def years_of(today: date) -> range:
    """The years whose holidays are kept: this one, and as far as anybody can book. The only place that says so."""
    return range(today.year, today.year + 3)


@transaction.atomic(durable=True)
def follow_country(*, account: Account, country: str, part: str = "", years: range) -> HolidayList:
    """
    Make the list of a country's public holidays for these years, or bring the one that is there up to date.

    Dates of other years stay. Names are the country's own. Raises UnknownCountry.
    """
    return bring_up_to_date(account=account, country=country, part=part, years=years)


def bring_up_to_date(*, account: Account, country: str, part: str, years: range) -> HolidayList:
    """The same, within the caller's transaction."""
    if country not in list_countries() or (part and part not in list_countries()[country]):
        raise UnknownCountry(f"{country} {part}".strip())
    try:
        # Said, or the names would be in the language of whichever machine asks.
        own = holidays.country_holidays(country).default_language
        days = holidays.country_holidays(country, subdiv=part or None, years=years, language=own)
    except NotImplementedError as error:
        raise UnknownCountry(f"{country} {part}".strip()) from error
    code = f"{country}-{part}" if part else country
    row, _created = HolidayList.objects.get_or_create(
        account=account, source=f"{_SOURCE}{code}", defaults={"name": f"Public holidays {code}"}
    )
    row.holidays.filter(date__year__in=list(years)).delete()
    Holiday.objects.bulk_create(
        Holiday(holiday_list=row, date=day, name=name[:120]) for day, name in sorted(days.items())
    )
    return row


def follow_all_countries(*, account: Account, years: range) -> None:
    """Bring every country list of the account up to date for these years."""
    for row in HolidayList.objects.filter(account=account, source__startswith=_SOURCE).order_by("id"):
        country, _, part = row.source.removeprefix(_SOURCE).partition("-")
        follow_country(account=account, country=country, part=part, years=years)
