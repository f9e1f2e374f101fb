"""What of a request's rules is left when staff, not the client, choose the time."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace

from slotdesk.availability import values
from slotdesk.domain.booking.models import SchedulingRequest

_ALWAYS = (values.WeeklyRange(frozenset(range(1, 8)), 0, 24 * 60),)
_NO_RULES = {
    "increment_minutes": 1,
    "buffer_before_minutes": 0,
    "buffer_after_minutes": 0,
    "daily_maximum": 0,
}


def at_any_notice(request: SchedulingRequest) -> SchedulingRequest:
    """The request as the engine is to see it: without the limits that were for the client's choice."""
    lenient = copy.copy(request)
    lenient.terms = request.terms | {"notice_amount": 0, "window_amount": 0}
    lenient.earliest_date = lenient.latest_date = lenient.earliest_time = lenient.latest_time = None
    return lenient


def without_rules(request: SchedulingRequest) -> SchedulingRequest:
    """The same, and without buffers of its own, round times and the daily maximum."""
    lenient = at_any_notice(request)
    lenient.terms = lenient.terms | _NO_RULES
    return lenient


def open_always(hours: Mapping[int, values.Agent]) -> dict[int, values.Agent]:
    """These agents as if they worked around the clock; what takes their time is not touched."""
    return {
        pk: replace(agent, hours=_ALWAYS, later_hours=(), overrides={}, holidays={}, time_off=(), within=())
        for pk, agent in hours.items()
    }
