"""
The sweep's cost grows with what is due, not with what exists.

    python -m benchmarks.workflows.sweep

Claims ten thousand due step runs among ten thousand open requests, then among a million, and prints the plan and both
times; the budget is a factor of 2. Making the million rows takes a few minutes and about a gigabyte.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from benchmarks.database import fresh_database
from benchmarks.figures import Figure, publish
from benchmarks.measure import machine

_DUE = 10_000
_FEW, _MANY = 10_000, 1_000_000

_REQUESTS = """
    INSERT INTO booking_schedulingrequest (
        public_id, token, account_id, appointment_type_id, status, origin, internal_name, external_name, description,
        place, phone_rule, is_silent, terms, workflow, limits_zone, client_name, client_email, client_phone,
        company_name, ticket_kind, ticket_id, ticket_number, ticket_summary, ticket_url, company_id, contact_id,
        campaign, language, created_by, created_at, updated_at)
    SELECT 'sreq_' || n, 'token_' || n, %(account)s, %(type)s, 'sent', 'panel', 'Call', 'Call', '',
           'phone', 'off', false, '{}', '{}', '', 'Client', 'client@client.example', '',
           '', '', '', '', '', '', '', '',
           '{}', '', '', %(now)s, %(now)s
      FROM generate_series(%(first)s::int, %(last)s::int) n
"""
# A reminder waits in every open request.
_TIMERS = """
    INSERT INTO workflows_steprun (
        account_id, request_id, event_id, step_key, trigger, "when", action, settings, is_timer, channel, state,
        due_at, attempts, outcome, result, created_at)
    SELECT %(account)s, id, %(event)s, 'reminder_' || id, 'request.unanswered', '[]', 'send_email', '{}', true,
           'mail', 'waiting', %(now)s + interval '1 day', 0, '', '{}', %(now)s
      FROM booking_schedulingrequest WHERE id > %(after)s
"""
_MAKE_DUE = """
    UPDATE workflows_steprun SET due_at = %(now)s - interval '1 minute', claimed_until = NULL
     WHERE id IN (SELECT id FROM workflows_steprun ORDER BY md5(id::text) LIMIT %(due)s)
"""
_UNDO = "UPDATE workflows_steprun SET due_at = %(now)s + interval '1 day', claimed_until = NULL WHERE due_at < %(now)s"
_PLAN = """
    EXPLAIN (ANALYZE, COSTS OFF, SUMMARY OFF)
    SELECT id FROM workflows_steprun
     WHERE (claimed_until IS NULL OR claimed_until <= %(now)s) AND finished_at IS NULL AND due_at <= %(now)s
     ORDER BY due_at LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED
"""


def main() -> None:
    """Print both times, the plan and the factor."""
    with fresh_database("bench_sweep"):
        _measure()


def _measure() -> None:
    from django.db import connection
    from django.utils import timezone

    from slotdesk.domain.events.models import Event
    from slotdesk.domain.tenants.scope import active
    from slotdesk.domain.workflows.operations import MOST_AT_ONCE, claim_due
    from tests.support.factories import make_account, make_type

    now = timezone.now()
    account = make_account()
    with active(account):
        event = Event.objects.create(account=account, kind="request.created", subject="none", created_at=now)
        values: dict[str, Any] = {
            "account": account.pk,
            "type": make_type(account).pk,
            "event": event.pk,
            "now": now,
            "due": _DUE,
        }
    print(f"sweep, {_DUE:,} due step runs ({machine()})")
    taken = []
    made = 0
    for requests in (_FEW, _MANY):
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM booking_schedulingrequest")
            (after,) = cursor.fetchone()
            cursor.execute(_REQUESTS, values | {"first": made + 1, "last": requests})
            cursor.execute(_TIMERS, values | {"after": after})
            made = requests
            cursor.execute(_UNDO, values)
            cursor.execute(_MAKE_DUE, values)
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
            cursor.execute("VACUUM ANALYZE workflows_steprun")
            cursor.execute(_PLAN, values)
            plan = [line for (line,) in cursor.fetchall()]
        started = time.perf_counter()
        claimed = 0
        while (count := claim_due(now=now + timedelta(seconds=1))) == MOST_AT_ONCE:
            claimed += count
        claimed += count
        seconds = time.perf_counter() - started
        taken.append(seconds)
        print(f"  {requests:>9,} open requests: {claimed:,} claimed in {seconds:.2f} s")
        print("\n".join(f"      {line}" for line in plan))
    publish(Figure(f"sweep among {_MANY:,} open requests / among {_FEW:,}", taken[1] / taken[0], "times", 2))


if __name__ == "__main__":
    main()
