"""What was worked out from an agent's values, kept on the agent for the next question."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

from slotdesk.availability.values import Agent

_MOST_KEPT = 32
T = TypeVar("T")


def remember(agent: Agent, key: Hashable, value: T) -> T:
    """
    Keep the value under the key and return it.

    Only so many are kept: pages move on, and what is forgotten is worked out again. Threads may do so at the same time,
    so what was remembered a moment ago may be gone: read it with `agent.memo.get`.
    """
    if len(agent.memo) >= _MOST_KEPT:
        agent.memo.clear()
    agent.memo[key] = value
    return value
