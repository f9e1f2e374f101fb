"""Running steps: each is claimed, done outside of any transaction, and its outcome written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from slotdesk.domain.catalog.workflow import Condition
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.operations import note_failure
from slotdesk.domain.events.operations import record
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.domain.workflows.actions import HERE, Context, Done, Skipped, get_action
from slotdesk.domain.workflows.advance import defer_run, defer_runs
from slotdesk.domain.workflows.conditions import why_not
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.timers import is_overtaken, why_over
from slotdesk.domain.workflows.waits import GIVE_UP_AFTER, MOST_SURPRISES, wait_before
from slotdesk.ports import errors

Clock = Callable[[], datetime]
# Step runs that one transaction offers to the workers.
MOST_AT_ONCE = 500
# How long a due run that the sweep has offered to the workers is left to them.
_OFFER = timedelta(seconds=30)
_log = structlog.get_logger(__name__)


def run_step(*, step_run_id: int, clock: Clock) -> None:
    """
    Do one step run, if it is due and nothing before it is still open.

    1. Claim: one conditional update; whoever changes no row has lost the race and leaves.
    2. Do: the action calls vendors; it may be killed at any point, since what it does it can do again.
    3. Record: the outcome, unless the claim has run out meanwhile and somebody else has taken over.

    A fault that may pass makes the run wait, longer each time; one that will not ends it.
    """
    with all_accounts():  # a job knows a step run by its id alone; what follows looks at its own account only
        run = StepRun.objects.select_related("account").filter(pk=step_run_id).first()
    if run is None or run.finished_at is not None:
        return
    with active(run.account):
        if _is_blocked(run, clock()) or not _claim(run, clock()):
            return
        run = StepRun.objects.select_related("account", "request__connection", "event").get(pk=step_run_id)
        _do(run, clock)


def retry_step_run(*, run: StepRun, actor: str, now: datetime) -> None:
    """
    Try a failed or waiting run again now; its waits begin afresh. A finished or running one is left alone.

    Told in the request's history.
    """
    with transaction.atomic(durable=True):
        changed = StepRun.objects.filter(pk=run.pk, state__in=(StepRun.State.FAILED, StepRun.State.WAITING)).update(
            state=StepRun.State.WAITING,
            due_at=now,
            claimed_until=None,
            started_at=None,
            finished_at=None,
            attempts=0,
        )
        if changed:
            record(
                account=run.account,
                kind="request.step_retried",
                subject=run.request.public_id,
                now=now,
                actor=actor,
                data={"step": run.step_key, "action": run.action, "was": run.outcome},
            )
            defer_run(run.pk)


class NotSkippable(Exception):
    """The step run has ended already, or a worker is on it this moment."""


def skip_step_run(*, run: StepRun, actor: str, now: datetime) -> None:
    """
    Have a run that waits or has failed not be done; what comes after it in its channel goes on.

    Told in the request's history. Of this and a worker that takes the run up at the same moment one wins: if it is the
    worker, NotSkippable is raised.
    """
    with transaction.atomic(durable=True):
        changed = StepRun.objects.filter(pk=run.pk, state__in=(StepRun.State.FAILED, StepRun.State.WAITING)).update(
            state=StepRun.State.SKIPPED, outcome=f"Skipped by {actor}.", claimed_until=None, finished_at=now
        )
        if not changed:
            raise NotSkippable(run.pk)
        record(
            account=run.account,
            kind="request.step_skipped",
            subject=run.request.public_id,
            now=now,
            actor=actor,
            data={"step": run.step_key, "action": run.action, "was": run.outcome},
        )
        _defer_next(run, now)


def claim_due(*, now: datetime, limit: int = MOST_AT_ONCE) -> int:
    """
    Defer a job for each step run that is due, the longest due first, and return how many there were: as many as the
    limit when there may be more.

    What it takes is offered again after a while, so that a job which is lost with its worker is not lost for good. Two
    sweeps at once take different rows.
    """
    with all_accounts(), transaction.atomic(durable=True):  # the sweep looks for what is due, whosever it is
        due = list(
            StepRun.objects.filter(_unclaimed(now), finished_at=None, due_at__lte=now)
            .order_by("due_at")
            .select_for_update(skip_locked=True, no_key=True)
            .values_list("pk", flat=True)[:limit]
        )
        defer_runs(due)
        StepRun.objects.filter(pk__in=due).update(state=StepRun.State.WAITING, claimed_until=now + _OFFER)
    return len(due)


def _unclaimed(now: datetime) -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lte=now)


def _is_blocked(run: StepRun, now: datetime) -> bool:
    """
    Whether an earlier run is still open that goes first: of the same request and channel, or one that is done here, of
    the same event. A timer that waits for its time is not.
    """
    goes_first = Q(channel=run.channel) | Q(channel=HERE, event=run.event_id)
    return (
        StepRun.objects.filter(goes_first, request=run.request_id, pk__lt=run.pk, finished_at=None)
        .exclude(is_timer=True, due_at__gt=now, attempts=0)
        .exists()
    )


def _claim(run: StepRun, now: datetime) -> bool:
    lease = timedelta(seconds=settings.STEP_LEASE_SECONDS)
    free = Q(state=StepRun.State.WAITING) | Q(claimed_until__lte=now)
    claimed = StepRun.objects.filter(free, pk=run.pk, finished_at=None, due_at__lte=now).update(
        state=StepRun.State.RUNNING,
        claimed_until=now + lease,
        attempts=F("attempts") + 1,
        started_at=Coalesce("started_at", Value(now)),
    )
    return claimed == 1


def _do(run: StepRun, clock: Clock) -> None:
    context = Context(run=run, now=clock())
    try:
        outcome = _outcome_of(context)
    except (errors.Rejected, errors.NotFound) as error:
        _finish(run, StepRun.State.FAILED, str(error), {}, clock())
    except errors.RateLimited as error:
        _wait(run, str(error), clock(), least=timedelta(seconds=error.retry_after))
    except errors.NotAuthorized as error:
        _tell_connection(run, error, clock())
        _wait(run, str(error), clock())
    except errors.Unreachable as error:
        _wait(run, str(error), clock())
    except Exception as error:  # noqa: BLE001 (our fault, or the vendor's surprise: loud, tried a few times, then final)
        _log.exception("step run failed", step_run=run.pk, action=run.action)
        reason = str(error) if isinstance(error, errors.PortError) else "An unexpected fault; see the server's log."
        if run.attempts >= MOST_SURPRISES:
            _finish(run, StepRun.State.FAILED, reason, {}, clock())
        else:
            _wait(run, reason, clock())
    else:
        state = StepRun.State.SKIPPED if isinstance(outcome, Skipped) else StepRun.State.DONE
        result = outcome.result if isinstance(outcome, Done) else {}
        _finish(run, state, outcome.text, result, clock())


def _outcome_of(context: Context) -> Done | Skipped:
    action = get_action(context.run.action)
    found = action.find_again(context) if context.run.attempts > 1 else None
    if found is not None:
        return found
    reason = _why_not(context)
    return Skipped(reason) if reason else action.run(context)


def _why_not(context: Context) -> str:
    """What speaks against doing it now: its time is over, or a condition does not hold. Raises ports.errors."""
    over = why_over(context)
    if over:
        return over
    if is_overtaken(context):
        return "A later one is due as well, which says the same."
    return why_not((Condition.model_validate(condition) for condition in context.run.when), context)


def _tell_connection(run: StepRun, error: errors.PortError, now: datetime) -> None:
    connection: Connection | None = run.request.connection
    if connection is not None and run.channel == "psa":
        note_failure(connection=connection, error=error, now=now)


def _wait(run: StepRun, reason: str, now: datetime, least: timedelta = timedelta(0)) -> None:
    if now - (run.started_at or now) > GIVE_UP_AFTER:
        _finish(run, StepRun.State.FAILED, reason, {}, now)
        return
    _mine(run).update(
        state=StepRun.State.WAITING,
        due_at=now + max(wait_before(run.attempts), least),
        claimed_until=None,
        outcome=reason[:500],
    )


def _finish(run: StepRun, state: StepRun.State, text: str, result: dict[str, str], now: datetime) -> None:
    with transaction.atomic(durable=True):
        changed = _mine(run).update(state=state, outcome=text[:500], result=result, claimed_until=None, finished_at=now)
        if changed:
            _defer_next(run, now)


def _defer_next(run: StepRun, now: datetime) -> None:
    """Those that may have waited for this run: the next of its channel, or of every channel."""
    freed = Q(channel=run.channel)
    if run.channel == HERE:
        freed |= Q(event=run.event_id)
    waiting = StepRun.objects.filter(
        freed, Q(is_timer=False) | Q(due_at__lte=now), request=run.request_id, pk__gt=run.pk, finished_at=None
    )
    following = dict(waiting.order_by("-pk").values_list("channel", "pk"))
    defer_runs(sorted(following.values()))


def _mine(run: StepRun) -> QuerySet[StepRun]:
    """The row, as long as this attempt is the one that holds it."""
    return StepRun.objects.filter(pk=run.pk, state=StepRun.State.RUNNING, attempts=run.attempts)
