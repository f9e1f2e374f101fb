"""What is asked of the engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from slotdesk.availability.terms import Limits, Terms
from slotdesk.availability.values import Agent
from slotdesk.availability.wall_clock import DAY

# What one question may cost: answered well within a second, and in about as many bytes of memory as it has starts.
MOST_AGENT_DAYS = 200_000
MOST_DAYS = 1_100
EARLIEST, LATEST = -2_208_988_800, 16_725_225_600  # the years 1900 to 2499


class BadQuestion(ValueError):
    """The question contradicts itself; the message names the field."""


class TooMuchWork(BadQuestion):
    """The question asks for more days, or more agents times days, than one question may."""


class Rule(StrEnum):
    """How a team chooses who takes an appointment."""

    MAXIMUM_AVAILABILITY = "maximum_availability"
    ROUND_ROBIN = "round_robin"


@dataclass(frozen=True, slots=True)
class Resource:
    """What a request may name: one agent, or a team of which any free member will do."""

    agents: tuple[Agent, ...]
    is_team: bool = False
    rule: Rule = Rule.MAXIMUM_AVAILABILITY

    def __post_init__(self) -> None:
        if not self.is_team and len(self.agents) != 1:
            raise BadQuestion("resources: a resource that is no team is exactly one agent.")


@dataclass(frozen=True, slots=True)
class Question:
    """
    One question: at which times of a period could all these resources take an appointment?

    now                       epoch seconds; nothing earlier is offered
    window_start, window_end  epoch seconds, half-open: what the page shows; an appointment lies inside it as a whole
    client_zone               IANA name; starts are round times on this zone's clock
    resources                 all needed together, a different person for each; an agent of two of them is one value
    """

    now: int
    window_start: int
    window_end: int
    client_zone: str
    terms: Terms
    resources: tuple[Resource, ...]
    limits: Limits | None = None

    def __post_init__(self) -> None:
        for name in ("now", "window_start", "window_end"):
            if not EARLIEST <= getattr(self, name) <= LATEST:
                raise BadQuestion(f"{name}: must be epoch seconds of a year from 1900 to 2499.")
        if self.window_end < self.window_start:
            raise BadQuestion("window_end: must not be before window_start.")
        days = -(-(self.window_end - self.window_start) // DAY)
        agents = len({agent.id for resource in self.resources for agent in resource.agents})
        if days > MOST_DAYS:
            raise TooMuchWork(f"window: {days:,} days are too many for one question; ask for {MOST_DAYS:,} at most.")
        if days * agents > MOST_AGENT_DAYS:
            raise TooMuchWork(
                f"window: {agents:,} agents over {days:,} days are too much for one question; "
                f"ask for {MOST_AGENT_DAYS:,} agent-days at most."
            )
