"""Which requests somebody should look at."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.workflows.models import StepRun


def mark_attention(requests: QuerySet[SchedulingRequest]) -> QuerySet[SchedulingRequest]:
    """Add `has_failed` (a step run has ended in failure) and `is_retrying` (one waits after an attempt) to each row."""
    runs = StepRun.objects.filter(request=OuterRef("pk"))
    return requests.annotate(
        has_failed=Exists(runs.filter(state=StepRun.State.FAILED)),
        is_retrying=Exists(runs.filter(finished_at=None, attempts__gt=0, state=StepRun.State.WAITING)),
    )
