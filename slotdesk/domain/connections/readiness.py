"""Why a person cannot be booked: what is missing before anybody is offered their time."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.people.models import Agent


class Missing(StrEnum):
    """What stands in the way, the most fundamental first."""

    ACTIVE = "active"
    ZONE = "zone"
    PRIMARY_CALENDAR = "primary_calendar"
    HOURS = "hours"
    SWITCHED_ON = "switched_on"


def list_missing(agents: Collection[Agent]) -> dict[int, list[Missing]]:
    """Return what each agent lacks, by row id, in order; nothing for who can be booked. One query."""
    with_calendar = set(
        Calendar.objects.filter(agent__in=[agent.pk for agent in agents], is_primary=True).values_list(
            "agent_id", flat=True
        )
    )
    return {
        agent.pk: [
            missing
            for missing, is_there in (
                (Missing.ACTIVE, agent.is_active),
                (Missing.ZONE, bool(agent.zone)),
                (Missing.PRIMARY_CALENDAR, agent.pk in with_calendar),
                (Missing.HOURS, bool(agent.hours)),
                (Missing.SWITCHED_ON, agent.is_schedulable),
            )
            if not is_there
        ]
        for agent in agents
    }
