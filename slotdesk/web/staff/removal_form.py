"""What becomes of each thing that is open when somebody leaves, as it is entered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext

from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.persons import Person
from slotdesk.domain.people.queries import list_schedulable_agents
from slotdesk.domain.people.team_queries import list_teams
from slotdesk.domain.removals.models import Item
from slotdesk.domain.removals.operations import Decision

LONGEST_MESSAGE = 2000


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a select. value: a choice, or the public id of who takes it."""

    value: str
    label: str


@dataclass(slots=True)
class Entered:
    """
    What was entered: decisions by the requests' public ids, and what is wrong, by the name of the field.

    chosen   as entered, for the page to show again
    """

    decisions: dict[str, Decision] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    for_all: str = ""
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def list_takers(person: Person) -> list[Agent | Team]:
    """Who could take something over: people who can be booked, and teams in use."""
    agents = [each for each in list_schedulable_agents() if each != person.agent]
    return [*agents, *list_teams().filter(is_active=True)]


def options_of(takers: Sequence[Agent | Team]) -> list[tuple[str, list[Option]]]:
    """The select's groups."""
    agents = [Option(each.public_id, each.name) for each in takers if isinstance(each, Agent)]
    teams = [
        Option(each.public_id, gettext("%(name)s (whoever is free)") % {"name": each.internal_name})
        for each in takers
        if isinstance(each, Team)
    ]
    groups = [(gettext("Hand over to"), agents), (gettext("Hand over to a team"), teams)]
    others = [Option(Item.Choice.LEAVE, gettext("Leave as it is")), Option(Item.Choice.CANCEL, gettext("Cancel"))]
    return [(label, options) for label, options in [*groups, (gettext("Or"), others)] if options]


def read(sent: QueryDict, *, open_ids: Mapping[str, bool], takers: Sequence[Agent | Team]) -> Entered:
    """
    Read the form.

    open_ids   what is open, by the requests' public ids: whether it is an appointment, whose client would be written to
    """
    by_id = {taker.public_id: taker for taker in takers}
    entered = Entered(for_all=sent.get("all", ""), message=sent.get("message", "").strip())
    if entered.for_all and _decision(entered.for_all, by_id) is None:
        entered.errors["all"] = gettext("Whoever was chosen is not there any more. Choose somebody else.")
    for public_id in open_ids:
        value = sent.get(f"to-{public_id}", "")
        entered.chosen[public_id] = value
        decision = _decision(value or entered.for_all, by_id)
        if decision is not None:
            entered.decisions[public_id] = decision
        elif value:
            entered.errors[public_id] = gettext("Whoever was chosen is not there any more. Choose somebody else.")
        elif "all" not in entered.errors:
            entered.errors["all"] = gettext("Choose what becomes of everything, or of each thing below.")
    _check_message(entered, open_ids)
    return entered


def read_again(sent: QueryDict, *, open_ids: Collection[str], takers: Sequence[Agent | Team]) -> dict[str, Decision]:
    """Read another try at some of them; what nothing is chosen for stays as it is."""
    by_id = {taker.public_id: taker for taker in takers}
    found = {public_id: _decision(sent.get(f"to-{public_id}", ""), by_id) for public_id in open_ids}
    return {public_id: decision for public_id, decision in found.items() if decision is not None}


def value_of(item: Item) -> str:
    """What the select shows for an item that was decided about."""
    if item.choice != Item.Choice.HAND_OVER:
        return str(item.choice)
    return item.to.public_id if item.to else ""


def _decision(value: str, takers: Mapping[str, Agent | Team]) -> Decision | None:
    if value in (Item.Choice.LEAVE, Item.Choice.CANCEL):
        return Decision(Item.Choice(value))
    return Decision(Item.Choice.HAND_OVER, takers[value]) if value in takers else None


def _check_message(entered: Entered, open_ids: Mapping[str, bool]) -> None:
    is_written = any(
        decision.choice == Item.Choice.CANCEL and open_ids[public_id]
        for public_id, decision in entered.decisions.items()
    )
    if is_written and not entered.message:
        entered.errors["message"] = gettext("Write what the clients read whose appointment is cancelled.")
    if len(entered.message) > LONGEST_MESSAGE:
        entered.errors["message"] = gettext("At most %(most)s characters; these are %(count)s.") % {
            "most": LONGEST_MESSAGE,
            "count": len(entered.message),
        }
