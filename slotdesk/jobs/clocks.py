"""Zones whose rules have changed since somebody booked."""

from __future__ import annotations

from django.utils import timezone

from slotdesk.domain.booking.clock_changes import mark_clock_changes
from slotdesk.domain.tenants.queries import list_accounts
from slotdesk.domain.tenants.scope import active
from slotdesk.jobs.tasks import every


@every("41 3 * * *", "mark_clock_changes", queue="sweep")
def mark_all() -> None:
    now = timezone.now()
    for account in list_accounts():
        with active(account):
            mark_clock_changes(account=account, now=now)
