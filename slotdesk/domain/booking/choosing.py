"""
Choosing who takes a time, under the lock: what booking and moving have in common.

    refresh_busy     network, before any transaction: the calendars that are about to be written over
    load_agents      what is not ours to give away, before the lock too
    list_slots       whether the time is offered: the question is the one that the page asked, narrowed to this time;
                     asked before the lock, so that others wait for as short as can be
    choose_agents    who takes it; asked before the lock as well, so that all that is to be written is ready by then
    lock_and_look    inside the transaction, so that bookings of one agent happen one by one; where something else was
                     taken meanwhile, the question is asked again
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction
from psycopg.errors import DeadlockDetected, ExclusionViolation, LockNotAvailable, SerializationFailure

from slotdesk.availability import values
from slotdesk.availability.assignment import choose_agents
from slotdesk.availability.explain import Explanation, Reason, explain_slot
from slotdesk.availability.question import Question
from slotdesk.availability.slots import list_slots
from slotdesk.availability.terms import Terms
from slotdesk.domain.booking.asked import Asked, agents_in
from slotdesk.domain.booking.engagements import ids_of, reservations_sql
from slotdesk.domain.booking.inputs import engage, load_agents
from slotdesk.domain.booking.locking import lock_and_look, prepare_lock
from slotdesk.domain.booking.models import Appointment, Reservation, SchedulingRequest
from slotdesk.domain.booking.overriding import open_always, without_rules
from slotdesk.domain.booking.standings import load_standings
from slotdesk.domain.booking.times import build_question, list_blocking_calendars, reach_of
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.connections.busy_mirror import refresh_busy
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.round_trip import Rows, run_together

# How often the next in line of a team may turn out to be busy before the client is asked to choose again.
_MOST_READINGS = 6
# Entries that begin a little earlier or end a little later may have been moved there just now.
_AROUND = timedelta(hours=1)

_ENGAGED = {Reason.BUSY, Reason.BUFFER, Reason.DAILY_MAXIMUM}

Made = TypeVar("Made")


class SlotTaken(Exception):
    """Somebody else has just taken this time."""


class SlotNotOffered(Exception):
    """This time was never offered, or is not any more; `explanation` says why."""

    def __init__(self, explanation: Explanation) -> None:
        super().__init__("This time is not offered.")
        self.explanation = explanation


class AvailabilityUnknown(Exception):
    """A calendar that must be checked cannot be read, so nobody can say whether the time is free."""


class _NotReadYet(Exception):
    """The agents to whom the appointment would go have calendars that were not read again yet."""

    def __init__(self, agent_ids: set[int]) -> None:
        super().__init__(agent_ids)
        self.agent_ids = agent_ids


@dataclass(frozen=True, slots=True)
class Chosen:
    """One agent of the appointment, and the team for which they were chosen, if it was one that was asked."""

    agent_id: int
    team: Team | None


@dataclass(slots=True)
class Attempt:
    """
    One try for one time (UTC).

    zone      the client's clock, which carries the round times
    without   the appointment that is being moved; its own time counts as free, and who has it keeps it if free
    to_read   agents whose calendars are to be read before the next go: those asked for by name at first, and of a team
              whoever turns out to be next in line, so that a booking never waits for the calendars of a whole team
    read      agents whose calendars were read; unread: calendars that could not be
    overrides_rules   staff have agreed on the time: notice, window, limits, round times, hours, holidays, time off,
              buffers and the daily maximum do not count. What is taken stays taken, and unknown is never free.
    """

    request: SchedulingRequest
    asked: Sequence[Asked]
    starts_at: datetime
    zone: str
    now: datetime
    without: Appointment | None = None
    keep: Collection[int] = ()
    to_read: set[int] = field(default_factory=set)
    read: set[int] = field(default_factory=set)
    unread: set[int] = field(default_factory=set)
    overrides_rules: bool = False
    terms: Terms = field(init=False)

    def __post_init__(self) -> None:
        by_name = {agent.pk for each in self.asked if each.team is None for agent in each.agents}
        self.to_read = by_name | set(self.keep)

        self.terms = FrozenTerms.model_validate(self.request.terms).for_engine()

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.terms.duration

    def agents(self, chosen: Sequence[Chosen]) -> list[Agent]:
        """The chosen people, in the order of the request's resources."""
        by_id = {agent.pk: agent for agent in agents_in(self.asked)}
        return [by_id[each.agent_id] for each in chosen]


def settle(
    attempt: Attempt,
    *,
    check: Callable[[SchedulingRequest], Made | None],
    prepare: Callable[[Sequence[Chosen]], Callable[[], Made]],
) -> Made:
    """
    Choose who takes the time and have it written down, in one transaction, with request and agents locked.

    check     gets the locked request first; what it returns is the answer, and nothing is chosen. It raises what speaks
              against going on.
    prepare   gets who takes it, and returns what writes it down. It is called before the locks are taken, and once
              more should it be others by then, so it changes nothing itself.
    Whoever loses a race gets SlotTaken, with nothing left behind. Raises SlotNotOffered, AvailabilityUnknown.
    """
    for _ in range(_MOST_READINGS):
        _read_calendars(attempt)
        period = reach_of(attempt.terms, attempt.starts_at, attempt.ends_at)
        agents = load_agents(agents_in(attempt.asked), *period, now=attempt.now, unread=attempt.unread)
        if attempt.overrides_rules:
            agents = open_always(agents)
        reservations = reservations_sql(agents, *period, without=attempt.without)
        lock = prepare_lock(attempt.request, agents, *period, without=attempt.without)
        (seen,) = run_together(reservations)
        answer = _ask(attempt, agents, seen)
        try:
            likely = _choose(attempt, answer) if answer.slot else None
            write = prepare(likely) if likely else None
            with transaction.atomic(durable=True):
                standing = lock_and_look(lock)
                made = check(attempt.request)
                if made is not None:
                    return made
                if standing != ids_of(seen):
                    (rows,) = run_together(reservations)
                    answer = _ask(attempt, agents, rows)
                chosen = _choose(attempt, answer)
                if write is None or chosen != likely:
                    write = prepare(chosen)
                return write()
        except _NotReadYet as error:
            attempt.to_read = error.agent_ids
        except IntegrityError as error:
            if isinstance(error.__cause__, ExclusionViolation):
                raise SlotTaken from error
            raise
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise SlotTaken from error
            if not isinstance(error.__cause__, SerializationFailure | DeadlockDetected):
                raise
            # The database asks for another go; the calendars were read already.
            attempt.to_read = set()
    raise SlotTaken


def reserve(appointment: Appointment, chosen: Sequence[Chosen]) -> None:
    """Take the agents for the appointment's period, with its own type's buffers."""
    terms = FrozenTerms.model_validate(appointment.request.terms).for_engine()
    Reservation.objects.bulk_create(
        Reservation(
            account=appointment.account,
            appointment=appointment,
            agent_id=each.agent_id,
            team=each.team,
            during=(appointment.starts_at, appointment.ends_at),
            buffer_before=terms.buffer_before,
            buffer_after=terms.buffer_after,
        )
        for each in chosen
    )


def _read_calendars(attempt: Attempt) -> None:
    attempt.unread |= refresh_busy(
        calendars=list_blocking_calendars(attempt.to_read),
        starts_at=attempt.starts_at - attempt.terms.buffer_before - _AROUND,
        ends_at=attempt.ends_at + attempt.terms.buffer_after + _AROUND,
        now=attempt.now,
    )
    attempt.read |= attempt.to_read


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the engine says to the question for this one time; slot: None = it is not offered."""

    question: Question
    slot: values.Slot | None


def _ask(attempt: Attempt, agents: Mapping[int, values.Agent], reservations: Rows) -> _Answer:
    question = build_question(
        without_rules(attempt.request) if attempt.overrides_rules else attempt.request,
        asked=attempt.asked,
        starts_at=attempt.starts_at,
        ends_at=attempt.ends_at,
        client_zone=attempt.zone,
        now=attempt.now,
        agents=engage(agents, reservations, appointment_type_id=attempt.request.appointment_type_id),
    )
    slots = list_slots(question)
    return _Answer(question, slots[0] if slots else None)


def _choose(attempt: Attempt, answer: _Answer) -> list[Chosen]:
    if answer.slot is None:
        raise _refusal(answer.question)
    standings = load_standings(attempt.asked, now=attempt.now)
    who = choose_agents(answer.question.resources, answer.slot.agent_ids, standings, keep=attempt.keep)
    ids = [int(each) for each in who]
    if not_read := set(ids) - attempt.read:
        raise _NotReadYet(not_read)
    return [Chosen(agent_id, each.team) for each, agent_id in zip(attempt.asked, ids, strict=True)]


def _refusal(question: Question) -> Exception:
    """What to tell the client: taken when everybody who is missing has nothing but other engagements in the way."""
    explanation = explain_slot(question, question.window_start)
    against = {agent.agent_id: {finding.reason for finding in agent.findings} for agent in explanation.agents}
    if any(Reason.UNKNOWN in reasons for reasons in against.values()):
        return AvailabilityUnknown()
    is_taken = all(any(against[agent.id] <= _ENGAGED for agent in each.agents) for each in question.resources)
    if is_taken and not explanation.findings:
        return SlotTaken()
    return SlotNotOffered(explanation)
