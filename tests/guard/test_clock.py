"""Tasks that run by the clock: a line of cron with its seconds in the wrong place runs sixty times in one minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from procrastinate.contrib.django import app

import slotdesk.jobs  # noqa: F401 (declares them)

FROM = datetime(2027, 5, 3, 13, 0, tzinfo=UTC)
HOUR = FROM + timedelta(hours=1)


class TestTasksByTheClock:
    def test_come_round_evenly_and_not_oftener_than_every_five_seconds(self) -> None:
        uneven = {}
        for task in app.periodic_registry.periodic_tasks.values():
            ticks = [FROM]
            clock = task.croniter
            clock.set_current(FROM)
            while ticks[-1] < HOUR:
                ticks.append(clock.get_next(datetime))
            gaps = [later - earlier for earlier, later in pairwise(ticks[1:])]
            if gaps and (min(gaps) < timedelta(seconds=5) or min(gaps) != max(gaps)):
                uneven[task.task.name] = task.cron

        assert uneven == {}
