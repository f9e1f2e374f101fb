"""One change for many people: what it would do to each, and doing it, person by person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.utils.translation import pgettext

from slotdesk.domain.people.editing import set_schedulable
from slotdesk.domain.people.members import HasLeft, LastAdministrator, change_role, is_last_administrator
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.persons import Person
from slotdesk.domain.people.teams import MembersAreMirrored, add_to_teams, remove_from_team
from slotdesk.domain.people.working_time import choose_hours_from, choose_zone
from slotdesk.domain.tenants.grants import NotYoursToGive, covers
from slotdesk.domain.tenants.models import Role


class Problem(Enum):
    """Why somebody cannot be changed."""

    NO_SIGN_IN = "no_sign_in"
    NO_CALENDAR = "no_calendar"
    LEFT = "left"
    LAST_ADMINISTRATOR = "last_administrator"
    NOT_YOURS = "not_yours"
    MIRRORED = "mirrored"
    ZONE_OF_PSA = "zone_of_psa"
    NO_PSA_HOURS = "no_psa_hours"
    NO_OWN_HOURS = "no_own_hours"


class CannotChange(Exception):
    """This person cannot be changed; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class GiveRole:
    """by: the role of whoever gives it."""

    role: Role
    by: Role


@dataclass(frozen=True, slots=True)
class LetBook:
    is_schedulable: bool


@dataclass(frozen=True, slots=True)
class IntoTeam:
    team: Team


@dataclass(frozen=True, slots=True)
class OutOfTeam:
    team: Team


@dataclass(frozen=True, slots=True)
class MoveZone:
    """zone: IANA."""

    zone: str


@dataclass(frozen=True, slots=True)
class TakeHoursFrom:
    source: Agent.HoursFrom


Change = GiveRole | LetBook | IntoTeam | OutOfTeam | MoveZone | TakeHoursFrom


@dataclass(frozen=True, slots=True)
class Effect:
    """What the change does to one person, in words; before and after are equal when it is so already."""

    before: str
    after: str

    @property
    def is_change(self) -> bool:
        return self.before != self.after


def foresee(change: Change, person: Person) -> Effect:
    """Say what the change would do, as things stand. Raises CannotChange."""
    if person.left_at is not None:
        raise CannotChange(Problem.LEFT)
    match change:
        case GiveRole(role, by):
            return _foresee_role(person, role, by)
        case LetBook(is_schedulable):
            words = {True: pgettext("staff", "Can be booked"), False: pgettext("staff", "Cannot be booked")}
            return Effect(words[_agent(person).is_schedulable], words[is_schedulable])
        case IntoTeam(team):
            return Effect(_place(team, _agent(person)), pgettext("staff", "In %(team)s") % {"team": team})
        case OutOfTeam(team):
            return Effect(_place(team, _agent(person)), pgettext("staff", "Not in %(team)s") % {"team": team})
        case MoveZone(zone):
            agent = _agent(person)
            if agent.zone and agent.zone_from == Agent.ZoneFrom.PSA:
                raise CannotChange(Problem.ZONE_OF_PSA)
            return Effect(agent.zone or pgettext("staff", "Not known"), zone)
        case TakeHoursFrom(source):
            agent = _agent(person)
            if source == Agent.HoursFrom.PSA and agent.psa_hours is None:
                raise CannotChange(Problem.NO_PSA_HOURS)
            if source == Agent.HoursFrom.OWN and agent.own_hours is None:
                raise CannotChange(Problem.NO_OWN_HOURS)
            return Effect(str(Agent.HoursFrom(agent.hours_from).label), str(source.label))


def change_person(change: Change, person: Person, *, actor: str, now: datetime) -> bool:
    """
    Do it for one person, told as one event; return whether anything changed. Raises CannotChange.

    Of two who change the same person at the same moment, both are done, one after the other.
    """
    if not foresee(change, person).is_change:
        return False
    try:
        _do(change, person, actor, now)
    except LastAdministrator:
        raise CannotChange(Problem.LAST_ADMINISTRATOR) from None
    except NotYoursToGive:
        raise CannotChange(Problem.NOT_YOURS) from None
    except HasLeft:
        raise CannotChange(Problem.LEFT) from None
    except MembersAreMirrored:
        raise CannotChange(Problem.MIRRORED) from None
    return True


def _do(change: Change, person: Person, actor: str, now: datetime) -> None:
    match change:
        case GiveRole(role, by):
            if person.member is not None:
                change_role(member=person.member, role=role, by=by, actor=actor, now=now)
        case LetBook(is_schedulable):
            set_schedulable(agent=_agent(person), is_schedulable=is_schedulable, actor=actor, now=now)
        case IntoTeam(team):
            add_to_teams(agent=_agent(person), teams=[team], actor=actor, now=now)
        case OutOfTeam(team):
            remove_from_team(agent=_agent(person), team=team, actor=actor, now=now)
        case MoveZone(zone):
            choose_zone(agent=_agent(person), zone=zone, actor=actor, now=now)
        case TakeHoursFrom(source):
            choose_hours_from(agent=_agent(person), source=source, actor=actor, now=now)


def _foresee_role(person: Person, role: Role, by: Role) -> Effect:
    if person.member is None:
        raise CannotChange(Problem.NO_SIGN_IN)
    if not (covers(by, person.member.role) and covers(by, role)):
        raise CannotChange(Problem.NOT_YOURS)
    if person.member.role != role and is_last_administrator(person.member):
        raise CannotChange(Problem.LAST_ADMINISTRATOR)
    return Effect(person.member.role.name, role.name)


def _agent(person: Person) -> Agent:
    if person.agent is None:
        raise CannotChange(Problem.NO_CALENDAR)
    return person.agent


def _place(team: Team, agent: Agent) -> str:
    if team.is_mirrored:
        raise CannotChange(Problem.MIRRORED)
    return (
        pgettext("staff", "In %(team)s") % {"team": team}
        if team.members.filter(agent=agent).exists()
        else pgettext("staff", "Not in %(team)s") % {"team": team}
    )
