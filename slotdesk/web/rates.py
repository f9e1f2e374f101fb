"""How often somebody may do something, counted over all our processes together."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` times in any one stretch of `period`."""

    name: str
    most: int
    period: timedelta

    def spend(self, whose: str) -> bool:
        """Count one more, and tell whether it is within the rate. Two at the same instant may count as one."""
        seconds = int(self.period.total_seconds())
        key = f"rate:{self.name}:{whose}:{int(time.time()) // seconds}"
        count = int(cache.get(key, 0)) + 1
        cache.set(key, count, timeout=seconds)
        return count <= self.most
