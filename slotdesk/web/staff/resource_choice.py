"""Choosing who takes an appointment: one person or team, or several together."""

from __future__ import annotations

from collections.abc import Sequence

from slotdesk.domain.booking.drafts import MOST_RESOURCES
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.queries import list_schedulable_agents, list_schedulable_teams


class ResourceChoice:
    """
    What a form knows of whom it names; drawn by staff/_resource_choice.html.

    chosen   public ids, as entered or to begin with
    """

    def __init__(self, chosen: Sequence[str]) -> None:
        self.agents = list(list_schedulable_agents())
        self.teams = list(list_schedulable_teams())
        self._chosen = chosen

    @property
    def places(self) -> list[str]:
        """Who is chosen at each of the places that an appointment has."""
        return [*self._chosen, *[""] * MOST_RESOURCES][:MOST_RESOURCES]

    def resources(self) -> list[Agent | Team]:
        """The people and teams that were chosen, nobody twice; those who cannot be booked are left out."""
        everybody: list[Agent | Team] = [*self.agents, *self.teams]
        able = {each.public_id: each for each in everybody}
        return [able[key] for key in dict.fromkeys(self._chosen) if key in able]
