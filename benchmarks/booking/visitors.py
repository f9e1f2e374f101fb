"""
A hundred visitors look at the page of a team of 50, at the real web server with two processes.

    python -m benchmarks.booking.visitors

The link was in a newsletter: all of them come within ten seconds. Each opens the team's page, the times of one of its
three types, the next month, the form of a time, and the times again, with one to five seconds of reading in between,
and does it twice. The load comes from a process of its own, on the same two cores, by HTTP on loopback. Budget: 95 of
100 answers within 300 ms, and no error.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import subprocess
import sys
import time
from datetime import timedelta
from http import HTTPStatus

import httpx

from benchmarks.database import fresh_database
from benchmarks.figures import Figure, publish
from benchmarks.measure import machine, median, percentile_95

_VISITORS, _ROUNDS, _AGENTS = 100, 2, 50
_ARRIVE_WITHIN, _READ = 10.0, (1.0, 5.0)
_TYPES = ("phone-call", "remote-session", "visit")
_ZONES = ("Europe/London", "America/New_York", "America/Chicago", "Asia/Kolkata")
_START = re.compile(r'name="start" value="(\d+)"')


def main() -> None:
    """Print medians and 95th percentiles of each page, beside the budget."""
    if sys.argv[1:2] == ["load"]:
        print(json.dumps(asyncio.run(_crowd(sys.argv[2]))))
        return
    with fresh_database("bench_visitors"):
        _measure()


def _measure() -> None:
    from tests.support.web_server import web_server

    _make_team()
    with web_server(os.environ["DATABASE_URL"], workers=2) as address:
        for _ in range(6):  # the server's first pages, in both of its processes
            httpx.get(f"{address}/desk/phone-call", follow_redirects=True).raise_for_status()
        command = [sys.executable, "-m", "benchmarks.booking.visitors", "load", address]
        began = time.perf_counter()
        seen = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        lasted = time.perf_counter() - began
    taken = [each for pages in seen["taken"].values() for each in pages]
    print(f"{_VISITORS} visitors, {len(taken)} pages in {lasted:.0f} s, {len(seen['errors'])} errors ({machine()})")
    for page, times in seen["taken"].items():
        print(f"  {page:<12} median {median(times):6.1f} ms   95th {percentile_95(times):6.1f} ms   {len(times)} times")
    for error in seen["errors"][:5]:
        print(f"  {error}")
    publish(
        Figure(f"{_VISITORS} visitors of a team of {_AGENTS}, 95th percentile", percentile_95(taken), "ms", 300),
        Figure(f"{_VISITORS} visitors of a team of {_AGENTS}, errors", len(seen["errors"]), "", 0),
    )


def _make_team() -> None:
    """Fifty people with six entries on each of thirty days, and three types that are booked by shareable link."""
    from django.db import connection
    from django.utils import timezone

    from slotdesk.domain.connections.models import BusyPeriod, Calendar
    from slotdesk.domain.links.models import PublicPage
    from slotdesk.domain.tenants.scope import active
    from tests.support.factories import make_account, make_agent, make_team, make_type

    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    account = make_account()
    with active(account):
        people = [make_agent(account, f"Agent {number}", now=now) for number in range(_AGENTS)]
        Calendar.objects.update(is_blocking=True)
        for agent in people:
            calendar = Calendar.objects.get(agent=agent)
            BusyPeriod.objects.bulk_create(
                BusyPeriod(
                    calendar=calendar,
                    external_id=f"{day}-{number}",
                    starts_at=hour + timedelta(days=day, minutes=75 * number + 13 * (agent.pk % 5)),
                    ends_at=hour + timedelta(days=day, minutes=75 * number + 13 * (agent.pk % 5) + 40),
                    kind="busy",
                    title="Meeting",
                )
                for day in range(30)
                for number in range(6)
            )
        team = make_team(account, people, slug="desk")
        for slug in _TYPES:
            make_type(account, slug=slug, window_amount=60, shareable="activity")
        PublicPage.objects.create(account=account, team=team, is_on=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


async def _crowd(address: str) -> dict[str, object]:
    """Let everybody come and look; return how long each page took (ms), and what went wrong."""
    taken: dict[str, list[float]] = {}
    errors: list[str] = []
    chance = random.Random(1)
    await asyncio.gather(*(_visit(address, random.Random(chance.random()), taken, errors) for _ in range(_VISITORS)))
    return {"taken": taken, "errors": errors}


async def _visit(address: str, chance: random.Random, taken: dict[str, list[float]], errors: list[str]) -> None:
    async def look(page: str, path: str, **query: str) -> str:
        began = time.perf_counter()
        try:
            answer = await client.get(path, params=query)
        except httpx.HTTPError as error:
            errors.append(f"{page}: {error!r}")
            return ""
        taken.setdefault(page, []).append((time.perf_counter() - began) * 1000)
        if answer.status_code != HTTPStatus.OK:
            errors.append(f"{page}: {answer.status_code}")
        await asyncio.sleep(chance.uniform(*_READ))
        return answer.text

    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        await asyncio.sleep(chance.uniform(0, _ARRIVE_WITHIN))
        for _ in range(_ROUNDS):
            kind, zone = f"/desk/{chance.choice(_TYPES)}", chance.choice(_ZONES)
            await look("team page", "/desk/")
            starts = _START.findall(await look("times", f"{kind}/", zone=zone))
            next_month = f"{time.strftime('%Y-%m', time.gmtime(time.time() + 32 * 86400))}-01"
            await look("next month", f"{kind}/times/", zone=zone, **{"from": next_month})
            if starts:
                await look("form", f"{kind}/details/", zone=zone, start=chance.choice(starts))
            await look("times", f"{kind}/", zone=zone)


if __name__ == "__main__":
    main()
