"""Which requests somebody should look at, and which will look different soon."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import OPEN
from slotdesk.domain.events.models import Event
from slotdesk.domain.workflows.models import StepRun

_ALIVE = (*OPEN, SchedulingRequest.Status.SCHEDULED)


def mark_attention(requests: QuerySet[SchedulingRequest], *, now: datetime) -> QuerySet[SchedulingRequest]:
    """
    Add `has_failed` (a step run has ended in failure) and `is_retrying` (one waits after an attempt) to each row, and
    `lacks_status`: a board has no status for a moment that others have one for. Once the request is over nobody needs
    to look at that any more. `has_changed_clock`: by new rules of its zone, its appointment to come is at another time
    than the client read.
    """
    coming = Appointment.objects.filter(request=OuterRef("pk"), cancellation=None, starts_at__gt=now)
    runs = StepRun.objects.filter(request=OuterRef("pk"))
    return requests.annotate(
        has_failed=Exists(runs.filter(state=StepRun.State.FAILED)),
        lacks_status=Q(status__in=_ALIVE) & Exists(runs.filter(state=StepRun.State.SKIPPED, result__has_key="lacks")),
        has_changed_clock=Exists(coming.filter(clock_changed_at__isnull=False)),
        is_retrying=Exists(runs.filter(finished_at=None, attempts__gt=0, state=StepRun.State.WAITING)),
    )


def is_moving(requests: QuerySet[SchedulingRequest]) -> bool:
    """Whether something of these requests is under way. Timers that wait for their day are not."""
    events = Event.objects.filter(subject__in=requests.values("public_id"), advanced_at=None)
    timers = Q(is_timer=True, attempts=0, state=StepRun.State.WAITING)
    return (
        events.exists()
        or StepRun.objects.filter(request__in=requests.values("pk"), finished_at=None).exclude(timers).exists()
    )
