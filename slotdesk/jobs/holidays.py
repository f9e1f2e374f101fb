"""Public holidays of years to come."""

from __future__ import annotations

from django.utils import timezone

from slotdesk.domain.people.country_holidays import follow_all_countries, years_of
from slotdesk.domain.tenants.queries import list_accounts
from slotdesk.domain.tenants.scope import active
from slotdesk.jobs.tasks import every


@every("23 3 1 * *", "follow_countries", queue="calendars")
def follow_countries() -> None:
    years = years_of(timezone.now().date())
    for account in list_accounts():
        with active(account):
            follow_all_countries(account=account, years=years)
