"""
The booking transaction beside a bare INSERT into the constrained table, in the same run: the budget is 6 times.

Measured in turns, and each in a loop of its own, where the INSERT finds all that it needs in the processor's cache.

    python -m benchmarks.booking.transaction
"""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.database import fresh_database
from benchmarks.figures import Figure, publish
from benchmarks.measure import in_turns, machine, median, milliseconds, percentile_95

_RUNS = 200


def main() -> None:
    """Print both medians and their ratio."""
    with fresh_database("bench_booking"):
        _measure()


def _measure() -> None:
    from django.db import connection

    from slotdesk.domain.booking import choosing
    from slotdesk.domain.booking.locking import lock_and_look
    from slotdesk.domain.booking.models import Reservation
    from slotdesk.domain.booking.operations import Answers, book_slot
    from slotdesk.domain.tenants.scope import active
    from tests.support.factories import NOW, make_account, make_agent, make_busy, make_request, make_type

    account = make_account()
    with active(account):
        agent = make_agent(account, hours=[{"days": [1, 2, 3, 4, 5, 6, 7], "start": "00:00", "end": "24:00"}])
        for number in range(400):
            begin = NOW + timedelta(hours=3 * number + 2, minutes=30)
            make_busy(agent, begin, begin + timedelta(minutes=20))
        appointment_type = make_type(account, window_amount=0, notice_amount=0)
        requests = iter([make_request(appointment_type, [agent]) for _ in range(2 * _RUNS + 20)])
        starts = (NOW + timedelta(hours=3 * number + 1) for number in itertools.count(1))
        # The calendar's own reading is network, outside of the transaction; here there is no vendor.
        setattr(choosing, "refresh_busy", lambda **_: set())  # noqa: B010

        # The first thing in the transaction.
        begun = [0.0]

        def look_at_the_clock_and_lock(*arguments: Any, **options: Any) -> Any:
            begun[0] = time.perf_counter()
            return lock_and_look(*arguments, **options)

        setattr(choosing, "lock_and_look", look_at_the_clock_and_lock)  # noqa: B010
        inside = []

        def book() -> None:
            answers = Answers(zone="Europe/London", name="Ana Ruiz")
            book_slot(request=next(requests), starts_at=next(starts), answers=answers, key="key", now=NOW)
            inside.append((time.perf_counter() - begun[0]) * 1000)

        book()
        model = Reservation.objects.select_related("appointment").order_by("id")[0]
        free = (datetime(2035, 1, 1, tzinfo=UTC) + timedelta(hours=number) for number in itertools.count())

        def insert() -> None:
            begin = next(free)
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO booking_reservation"
                    " (account_id, appointment_id, agent_id, during, buffer_before, buffer_after)"
                    " VALUES (%s, %s, %s, tstzrange(%s, %s), '0', '0')",
                    [account.pk, model.appointment_id, agent.pk, begin, begin + timedelta(minutes=30)],
                )

        def create() -> None:
            begin = next(free)
            Reservation.objects.create(
                account=account,
                appointment_id=model.appointment_id,
                agent=agent,
                during=(begin, begin + timedelta(minutes=30)),
                buffer_before=timedelta(0),
                buffer_after=timedelta(0),
            )

        # In turns, so that a machine that is busy for a while is so for all three.
        inside.clear()
        booked, inserted, created = in_turns(book, insert, create, times=_RUNS)
        transactions = inside[-_RUNS:]
        milliseconds(book, times=_RUNS)
        alone = median(inside[-_RUNS:]) / median(milliseconds(insert, times=_RUNS))
    print(f"booking transaction, 400 busy entries, {_RUNS} runs ({machine()})")
    print(f"  bare INSERT      median {median(inserted):7.2f} ms   95th {percentile_95(inserted):7.2f} ms")
    print(f"  INSERT by the ORM median {median(created):6.2f} ms   95th {percentile_95(created):7.2f} ms")
    print(f"  transaction      median {median(transactions):7.2f} ms   95th {percentile_95(transactions):7.2f} ms")
    print(f"  whole book_slot  median {median(booked):7.2f} ms   95th {percentile_95(booked):7.2f} ms")
    print(f"  transaction / INSERT by the ORM   {median(transactions) / median(created):5.2f}")
    print(f"  transaction / INSERT, each alone  {alone:5.2f}")
    ratio = median(transactions) / median(inserted)
    publish(Figure("booking transaction / bare INSERT into the constrained table", ratio, "times", 6))


if __name__ == "__main__":
    main()
