"""What accounts have kept long enough, deleted every night."""

from __future__ import annotations

from django.utils import timezone

from slotdesk.domain.privacy.retention import delete_expired_sessions, keep_retention
from slotdesk.domain.tenants.queries import list_accounts
from slotdesk.domain.tenants.scope import active
from slotdesk.jobs.tasks import every


@every("17 2 * * *", "keep_retention", queue="sweep")
def keep_all() -> None:
    now = timezone.now()
    for account in list_accounts():
        with active(account):
            keep_retention(account=account, now=now)
    delete_expired_sessions(now=now)
