"""
Removing somebody from the account: planned, confirmed, then done one thing after the other by a job.

The person is out with the confirmation, before anything is handed over: nobody books them meanwhile. What each thing
came to is a row, so that a worker that dies loses nothing and the page can show how far it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from slotdesk.domain.booking.choosing import AvailabilityUnknown, SlotNotOffered, SlotTaken
from slotdesk.domain.booking.handover import NobodyElse, NotTheirs, reassign_appointment, reassign_request
from slotdesk.domain.booking.invitations import cancel_request
from slotdesk.domain.booking.operations import cancel_appointment
from slotdesk.domain.booking.queries import RequestClosed
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.members import end_place
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.persons import Person, person_of_agent, person_of_member
from slotdesk.domain.removals.models import Item, Removal
from slotdesk.domain.removals.queries import list_open, of_person
from slotdesk.domain.tenants.actor import Actor
from slotdesk.domain.tenants.models import Role
from slotdesk.domain.tenants.scope import active, all_accounts

RUN = "continue_removal"
_FAILURES = (SlotTaken, SlotNotOffered, AvailabilityUnknown, NobodyElse)


class ChangedMeanwhile(Exception):
    """Something is open that nobody has decided about; look again."""


class NotToBeChosen(Exception):
    """Of these things one was done, or goes on, and is not to be decided again."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one thing. to: who takes it when it is handed over."""

    choice: Item.Choice
    to: Agent | Team | None = None


@transaction.atomic(durable=True)
def plan_removal(
    *, person: Person, decisions: Mapping[str, Decision], message: str, actor: str, now: datetime
) -> Removal:
    """
    Write down what is to become of everything that is open, by the requests' public ids; nothing is done yet.

    message   what clients read whose appointment is cancelled. An earlier plan for the person is dropped.
    Raises ChangedMeanwhile when something is open that is not decided about.
    """
    things = list_open(person, now=now)
    if {each.request.public_id for each in things} - decisions.keys():
        raise ChangedMeanwhile
    of_person(person).filter(state=Removal.State.PLANNED).delete()
    removal = Removal.objects.create(
        account=person.account,
        agent=person.agent,
        membership=person.member,
        name=person.name,
        message=message,
        created_at=now,
        moved_at=now,
        **_who(actor),
    )
    items = []
    for position, each in enumerate(things):
        item = Item(removal=removal, request=each.request, position=position, is_booked=each.appointment is not None)
        _decide(item, decisions[each.request.public_id])
        items.append(item)
    Item.objects.bulk_create(items)
    return removal


@transaction.atomic(durable=True)
def start_removal(*, removal: Removal, by: Role, actor: str, now: datetime) -> None:
    """
    End the person's place at once and have a job do what was planned. Starting twice starts once.

    Raises LastAdministrator, NotYoursToGive, and ChangedMeanwhile when something came since that nobody decided about;
    then nothing is done.
    """
    locked = Removal.objects.select_for_update().select_related("account").get(pk=removal.pk)
    if locked.state != Removal.State.PLANNED:
        return
    person = _person(locked)
    decided = set(locked.items.values_list("request__public_id", flat=True))
    if {each.request.public_id for each in list_open(person, now=now)} - decided:
        raise ChangedMeanwhile
    end_place(person=person, by=by, actor=actor, now=now)
    _set_going(locked, actor, now)
    record(
        account=locked.account,
        kind="member.removal_started",
        subject=person.public_id,
        now=now,
        actor=actor,
        data={"name": locked.name, "open": len(decided)},
    )


@transaction.atomic(durable=True)
def decide_again(*, removal: Removal, decisions: Mapping[str, Decision], actor: str, now: datetime) -> None:
    """
    Have another try at what was not done or left, by the requests' public ids. Raises NotToBeChosen; then at none.
    """
    locked = Removal.objects.select_for_update().select_related("account").get(pk=removal.pk)
    open_again = (Item.State.FAILED, Item.State.LEFT)
    items = list(locked.items.filter(request__public_id__in=decisions, state__in=open_again).select_related("request"))
    if len(items) != len(decisions) or locked.state == Removal.State.PLANNED:
        raise NotToBeChosen
    booked = {each.request.pk for each in list_open(_person(locked), now=now) if each.appointment is not None}
    for item in items:
        # What was a request when it was planned may have been booked since.
        item.is_booked = item.request_id in booked
        _decide(item, decisions[item.request.public_id])
        item.save(update_fields=["is_booked", "choice", "agent", "team", "state", "reason"])
    _set_going(locked, actor, now)


def continue_removal(*, removal_id: int, clock: Callable[[], datetime]) -> None:
    """
    Do what still waits, one thing after the other, each in its own transaction.

    May be run again at any time: what was done before a crash is found done, and not done twice.
    """
    with all_accounts():  # a job knows the row alone
        removal = Removal.objects.select_related("account").get(pk=removal_id)
    with active(removal.account):
        waiting = Item.objects.filter(removal=removal, state=Item.State.WAITING)
        for item in waiting.select_related("request__account", "agent", "team").order_by("position"):
            now = clock()
            state, reason = _do(item, removal, now)
            # A second worker that was faster has said already what became of it.
            waiting.filter(pk=item.pk).update(state=state, reason=reason)
            Removal.objects.filter(pk=removal.pk).update(moved_at=now)
        _end(removal, clock())


def reason_of(error: Exception) -> Item.Reason:
    """Why something could not be handed over, in a word that staff read."""
    match error:
        case AvailabilityUnknown():
            return Item.Reason.UNKNOWN
        case SlotTaken():
            return Item.Reason.TAKEN
        case SlotNotOffered():
            return Item.Reason.NOT_OFFERED
        case NobodyElse():
            return Item.Reason.NOBODY
    return Item.Reason.CHANGED


def _do(item: Item, removal: Removal, now: datetime) -> tuple[str, str]:
    """What became of it, and why it was not done."""
    actor = Actor(removal.actor, address=removal.actor_address or "", member_id=removal.actor_id)
    try:
        match item.choice:
            case Item.Choice.LEAVE:
                return Item.State.LEFT, ""
            case Item.Choice.CANCEL if item.is_booked:
                cancel_appointment(request=item.request, actor=actor, reason=removal.message, now=now)
            case Item.Choice.CANCEL:
                cancel_request(request=item.request, actor=actor, now=now)
            case _:
                return _hand_over(item, removal, actor, now)
    except RequestClosed:
        return _changed(item, removal, now)
    return Item.State.DONE, ""


def _hand_over(item: Item, removal: Removal, actor: Actor, now: datetime) -> tuple[str, str]:
    if item.to is None or removal.agent is None:
        return Item.State.FAILED, Item.Reason.NO_TARGET
    operation = reassign_appointment if item.is_booked else reassign_request
    try:
        operation(request=item.request, leaving=removal.agent, to=item.to, actor=actor, now=now)
    except (RequestClosed, NotTheirs):
        return _changed(item, removal, now)
    except _FAILURES as error:
        # What takes the time may be this very appointment, handed over by another worker that was faster.
        state, _reason = _changed(item, removal, now)
        return (Item.State.FAILED, reason_of(error)) if state == Item.State.FAILED else (state, "")
    return Item.State.DONE, ""


def _changed(item: Item, removal: Removal, now: datetime) -> tuple[str, str]:
    """
    It is another thing than it was when it was decided about.

    A request that was booked meanwhile is still the person's, and is to be decided about again. What is not theirs any
    more, because somebody moved or cancelled it, or because this run did before its worker died, is settled.
    """
    still = {each.request.pk for each in list_open(_person(removal), now=now)}
    if item.request_id in still:
        return Item.State.FAILED, Item.Reason.CHANGED
    return Item.State.GONE, ""


@transaction.atomic(durable=True)
def _end(removal: Removal, now: datetime) -> None:
    locked = Removal.objects.select_for_update().get(pk=removal.pk)
    states = list(Item.objects.filter(removal=locked).values_list("state", flat=True))
    if locked.state != Removal.State.RUNNING or Item.State.WAITING in states:
        return
    locked.state, locked.ended_at = Removal.State.ENDED, now
    locked.save(update_fields=["state", "ended_at"])
    record(
        account=removal.account,
        kind="member.removal_ended",
        subject=_person(removal).public_id,
        now=now,
        actor=removal.actor,
        data={"name": removal.name} | {state.value: states.count(state) for state in Item.State if state in states},
    )


def _set_going(removal: Removal, actor: str, now: datetime) -> None:
    for field, value in _who(actor).items():
        setattr(removal, field, value)
    removal.state, removal.moved_at, removal.ended_at = Removal.State.RUNNING, now, None
    removal.save()
    # Two jobs for one removal wait for each other.
    app.configure_task(RUN, queue="steps", lock=f"{RUN}:{removal.pk}").defer(removal_id=removal.pk)


def _decide(item: Item, decision: Decision) -> None:
    to = decision.to if decision.choice == Item.Choice.HAND_OVER else None
    item.choice, item.state, item.reason = decision.choice, Item.State.WAITING, ""
    item.agent = to if isinstance(to, Agent) else None
    item.team = to if isinstance(to, Team) else None


def _who(actor: str) -> dict[str, str | None]:
    return {
        "actor": str(actor)[:160],
        "actor_id": getattr(actor, "member_id", ""),
        "actor_address": getattr(actor, "address", "") or None,
    }


def _person(removal: Removal) -> Person:
    if removal.agent is not None:
        return person_of_agent(removal.agent)
    assert removal.membership is not None  # noqa: S101 (the database holds that one of the two is there)
    return person_of_member(removal.membership)
