"""Those who wait to be told that a time has opened."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from slotdesk.domain.links.opening_looks import LOOK, claim_due_openings, look_for_opening
from slotdesk.jobs.tasks import every, task


@task(LOOK, queue="openings")
def look(*, about: str, check_at: str) -> None:
    look_for_opening(about=about, check_at=datetime.fromisoformat(check_at), clock=timezone.now)


@every("* * * * * */15", "claim_due_openings", queue="sweep")
def sweep_openings() -> None:
    """Those that are due beyond what one sweep takes are taken by the next."""
    claim_due_openings(now=timezone.now())
