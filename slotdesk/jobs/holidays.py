"""Public holidays of years to come."""

from __future__ import annotations

from django.utils import timezone

from slotdesk.domain.people.country_holidays import follow_all_countries
from slotdesk.domain.tenants.queries import list_accounts
from slotdesk.domain.tenants.scope import active
from slotdesk.jobs.tasks import every

_YEARS_AHEAD = 3


@every("23 3 1 * *", "follow_countries", queue="calendars")
def follow_countries() -> None:
    year = timezone.now().year
    for account in list_accounts():
        with active(account):
            follow_all_countries(account=account, years=range(year, year + _YEARS_AHEAD))
