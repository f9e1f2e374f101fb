"""
From the database to the free times, mirror read included.

    python -m benchmarks.booking.listing

Budgets: a team of 50 over 30 days under 60 ms at the 95th percentile; the booking page of one agent over 60 days with
400 busy entries under 60 ms of server time at the 95th percentile.
"""

from __future__ import annotations

from datetime import timedelta

from benchmarks.database import fresh_database
from benchmarks.figures import Figure, publish
from benchmarks.measure import machine, median, milliseconds, percentile_95

_RUNS = 100


def main() -> None:
    """Print medians and 95th percentiles beside their budgets."""
    with fresh_database("bench_listing"):
        _measure()


def _measure() -> None:
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from slotdesk.domain.booking.times import list_times
    from slotdesk.domain.connections.models import BusyPeriod, Calendar
    from slotdesk.domain.people.models import Agent
    from slotdesk.domain.tenants.scope import active
    from tests.support.factories import make_account, make_agent, make_request, make_team, make_type

    now = timezone.now()

    hour = now.replace(minute=0, second=0, microsecond=0)

    def fill(agent: Agent, *, entries: int, a_day: int) -> None:
        calendar = Calendar.objects.get(agent=agent)
        Calendar.objects.filter(pk=calendar.pk).update(is_blocking=True)
        starts = (
            hour + timedelta(days=number // a_day, minutes=75 * (number % a_day) + 13 * (agent.pk % 5))
            for number in range(entries)
        )
        BusyPeriod.objects.bulk_create(
            BusyPeriod(
                calendar=calendar,
                external_id=str(number),
                starts_at=start,
                ends_at=start + timedelta(minutes=40),
                kind="busy",
                title="Meeting",
            )
            for number, start in enumerate(starts)
        )

    account = make_account()
    with active(account):
        team = [make_agent(account, f"Agent {number}", now=now) for number in range(50)]
        for agent in team:
            fill(agent, entries=6 * 30, a_day=6)
        single = make_agent(account, "Single", now=now)
        fill(single, entries=400, a_day=7)
        appointment_type = make_type(account, window_amount=60)
        of_team = make_request(appointment_type, [make_team(account, team)], now=now)
        of_one = make_request(appointment_type, [single], now=now)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

        def list_team() -> object:
            return list_times(
                of_team, starts_at=now, ends_at=now + timedelta(days=30), client_zone="Europe/London", now=now
            )

        listed = milliseconds(list_team, times=_RUNS)
    client = Client(headers={"host": "localhost"})

    def open_page() -> None:
        if client.get(f"/schedule/{of_one.token}/?zone=Europe/London").status_code != 200:
            raise SystemExit("the booking page shows no times")

    paged = milliseconds(open_page, times=_RUNS)
    print(f"listing, {_RUNS} runs ({machine()})")
    for name, taken in (("team of 50, 30 days, 9,000 entries", listed), ("booking page, 1 agent, 400 entries", paged)):
        print(f"  {name:<36} median {median(taken):6.1f} ms   95th {percentile_95(taken):6.1f} ms")
    publish(
        Figure(
            "times of a team of 50 over 30 days, from the database, 95th percentile", percentile_95(listed), "ms", 60
        ),
        Figure("booking page, 1 agent, 400 busy entries, 95th percentile", percentile_95(paged), "ms", 60),
    )


if __name__ == "__main__":
    main()
